"""Today's mail once more, at the time that the client chose for it."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic.models import Client, Reminder, State
from clinic.reminders import Letter, ReminderKind
from clinic.services import clock
from treatments.queries import portal_day
from treatments.services.home_stretch import HomeStretch

WAITS = {
    "locked": _("Your exercises wait: something has to be looked at first. “Today” says what you can do."),
    "held": _("You told us that it hurt a lot, so your programme is paused until a therapist has looked at it."),
}


class HomeLater(HomeStretch):
    """Asked for, so it does not count as the client's one mail of the day; all else holds as for the daily one.

    A row that is not for the moment the client last chose is not wanted: choosing anew, or taking it back, needs no
    other row to be found and changed.
    """

    key = "home_later"
    label = "Home programme, put off"
    counts = False

    plan = ReminderKind.plan  # type: ignore[assignment]  # by itself it never comes

    def why_not(self, client: Client, day: datetime.date) -> str:
        return ""

    def sample(self, client: Client, detail: str) -> Letter | None:
        return None

    def unwished(self, row: Reminder) -> str:
        if row.client.reminders_skipped_on == row.local_date:
            return "The client wanted nothing more on that day."
        return "" if row.client.snoozed_until == row.due_at else "The client chose another time for that day."

    def not_now(self, client: Client) -> str:
        return str(WAITS.get(portal_day(client, client.today).state, ""))

    @transaction.atomic
    def once_more(self, client: Client, at: datetime.datetime) -> bool:
        today = at.astimezone(client.zone).date()
        day = portal_day(client, today)
        if day.state != "today" or day.programme is None or day.next is None:
            return False
        occurrence = {
            "practice_id": client.practice_id, "client": client, "kind": self.key, "subject": day.programme.pk,
            "local_date": today,
        }  # fmt: skip
        Client.objects.select_for_update().get(pk=client.pk)  # two taps at once get two slots, and one is wanted
        rows = Reminder.objects.filter(**occurrence)
        if not rows.filter(due_at=at, state=State.PLANNED).exists():
            Reminder.objects.create(**occurrence, slot=rows.count(), due_at=at, not_before=max(at, clock.now()))
        return True
