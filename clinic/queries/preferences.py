"""How a client's mails stand, and what they can choose for today."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Client
from clinic.reminders import kinds

EVENING = datetime.time(19, 0)
AHEAD = {
    "hour": (gettext_lazy("In 1 hour"), datetime.timedelta(hours=1)),
    "hours": (gettext_lazy("In 3 hours"), datetime.timedelta(hours=3)),
}


@dataclass(frozen=True)
class Later:
    """One way to put off today's mail. `because`: why it can't be, in the client's words; "" where it can."""

    key: str
    label: str | Promise
    at: datetime.datetime
    because: str

    @property
    def clock(self) -> datetime.time:
        """What the client's clock will show."""
        return self.at.time()


def how_reminders_are(client: Client, today: datetime.date) -> str:
    """As the client is told: "no_mail", "stopped", "paused", "none" (they open the page themselves) or "on"."""
    if client.archived_at or client.email_refused_at or not client.email:
        return "no_mail"
    if client.reminders_stopped_at:
        return "stopped"
    if client.reminders_paused_until and client.reminders_paused_until > today:
        return "paused"
    return "none" if client.reminder_days == [] else "on"


def not_now(client: Client) -> str:
    """Why no mail comes for the time being, whatever the client chooses; in their words, "" where it comes."""
    return next((why for why in (kind.not_now(client) for kind in kinds) if why), "")


def how_today_is(client: Client, now: datetime.datetime) -> str:
    """ "skipped", "later" (put off, and not come yet), "was_later" (put off to a time that is over) or ""."""
    today = now.astimezone(client.zone).date()
    if client.reminders_skipped_on == today:
        return "skipped"
    until = client.snoozed_until
    if until is None or until.astimezone(client.zone).date() != today:
        return ""
    return "later" if until > now else "was_later"


def usual_is_over(client: Client, now: datetime.datetime) -> bool:
    """Today's usual time has passed on the client's clock: who goes back to it gets no mail today."""
    at = client.reminder_time or client.practice.reminder_time
    return now.astimezone(client.zone).time() >= at


def ways_to_put_off(client: Client, now: datetime.datetime) -> list[Later]:
    """On the client's clock. Nothing leaves in quiet hours, and tomorrow has a mail of its own."""
    this_minute = now.astimezone(client.zone).replace(second=0, microsecond=0)
    found = []
    for key, (label, ahead) in AHEAD.items():
        at = (this_minute.astimezone(datetime.UTC) + ahead).astimezone(client.zone)  # by the clock that really runs
        found.append(Later(key, label, at, _against(client, this_minute, at)))
    evening = this_minute.replace(hour=EVENING.hour, minute=EVENING.minute)
    over = _("It is that late already.") if evening <= this_minute else ""
    return [*found, Later("evening", gettext_lazy("This evening"), evening, over or _against(client, now, evening))]


def _against(client: Client, now: datetime.datetime, at: datetime.datetime) -> str:
    practice = client.practice
    if client.practice.is_quiet(at.time()):
        hours = {"since": time_format(practice.quiet_from), "until": time_format(practice.quiet_until)}
        return _("No mail leaves between %(since)s and %(until)s.") % hours
    return _("That is tomorrow.") if at.date() != now.astimezone(client.zone).date() else ""
