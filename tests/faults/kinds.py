"""The messages of the fault programme."""

import datetime

from clinic.reminders import Letter
from clinic.services.reminders import insert_occurrences
from tests.clinic.reminders.plain_kind import PlainKind

#: One for every full hour of the window and every client who has a reminder time.
EVERY_HOUR = """
SELECT c.practice_id, c.id AS client_id, c.id AS subject, (hour AT TIME ZONE p.timezone)::date AS local_date,
       extract(hour FROM hour AT TIME ZONE p.timezone)::int AS slot, hour AS due_at
FROM clinic_client c JOIN clinic_practice p ON p.id = c.practice_id,
     generate_series(date_trunc('hour', %s::timestamptz), %s::timestamptz, interval '1 hour') AS hour
WHERE c.reminder_time IS NOT NULL AND hour > %s AND hour <= %s
"""

# A server that took the lone dot for the end would take the rest for a second mail.
SMUGGLED = "\r\n".join(
    ["Hello", ".", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA", "Message-ID: <smuggled>", "", ".", ""]
)


class Plain(PlainKind):
    """Clients called Breaks and Dots get a template error, and a text that tries to smuggle a mail."""

    def compose(self, reminders):
        return {row.pk: self.letter(row) for row in reminders}

    def letter(self, row):
        if row.client.family_name == "Breaks":
            raise RuntimeError("a template error")
        if row.client.family_name == "Dots":
            return Letter(subject="Your day", text=SMUGGLED, html="<p>.</p>\r\n.\r\n")
        return super().letter(row)


class Broken(Plain):
    def letter(self, row):
        raise RuntimeError("no template of this kind can be read here")


class Hourly(Plain):
    """Plans up to a fixed moment only, so that a scenario knows how many there will be."""

    def __init__(self, *args, last, **attributes):
        super().__init__(*args, **attributes)
        self.last = datetime.datetime.fromtimestamp(last, datetime.UTC)

    def plan(self, *, now, until):
        until = min(until, self.last)
        return insert_occurrences(self.key, EVERY_HOUR, [now, until, now, until])


def all_kinds(part):
    plain = Broken if part.broken_templates else Plain
    hourly = Hourly("hourly", counts=False, last=part.plan_until)
    return [plain("plain"), plain("asked", requested=True), hourly]
