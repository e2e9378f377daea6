"""Today, one exercise after the other; or why there is nothing today."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse

from clinic.models import Level
from clinic.portal import PortalView, cards_for
from intake.screening import client_message
from treatments.models import ProgrammeItem
from treatments.queries import PortalDay, Task, local_today, next_day, portal_day, referral_of, running
from treatments.queries.comeback import was_told
from treatments.queries.home import done_ever, has_begun, home_day, week
from treatments.queries.timing import minutes


class DayView(PortalView):
    """A page of the client's day. `?said=` is the exercise that was answered a moment ago."""

    page_key = "today"

    def day(self) -> PortalDay:
        return portal_day(self.client, local_today(self.client))

    def said(self, day: PortalDay) -> Task | None:
        """So that a word can be added, or the answer be changed; None for anything else in the address."""
        try:
            known = uuid.UUID(self.request.GET.get("said", ""))
        except ValueError:
            return None
        return next((task for task in day.tasks if task.item.pk == known and task.answer), None)


class Portal(DayView):
    def get(self, request: HttpRequest) -> HttpResponse:
        day = self.day()
        return self.show(f"treatments/portal/{day.state}.html", day=day, **self.more(day))

    def more(self, day: PortalDay) -> dict[str, Any]:
        if day.state == "locked":
            return self.of_locked(day)
        found: dict[str, Any] = {
            "cards_first": cards_for(self.request, self.client, self.token, first=True),
            "cards_after": cards_for(self.request, self.client, self.token, first=False),
        }
        if day.programme is None:
            return found
        paused = self.client.reminders_paused_until
        found["next_day"] = next_day(day.programme, day.day)
        found["paused_until"] = paused if paused and paused > day.day else None
        if day.state == "ended":
            found["done"] = done_ever(self.client)
        return found | self.of_today(day) if day.state == "today" else found

    def of_locked(self, day: PortalDay) -> dict[str, Any]:
        """What an emergency asks for stays on the page until it is cleared; pain can be told while a programme runs."""
        number, emergency = self.practice.emergency_number, referral_of(self.client).level == Level.EMERGENCY
        message = client_message(Level.EMERGENCY, emergency_number=number, language=self.client.speaks)
        asks_pain = running(self.client, day.day) is not None
        home = home_day(self.client, day.day) if asks_pain else None
        return {
            "message": message if emergency else None, "asks_pain": asks_pain, "home": home,
            "told": home is not None and home.pain_before is not None and was_told(home),
        }  # fmt: skip

    def of_today(self, day: PortalDay) -> dict[str, Any]:
        found: dict[str, Any] = {"home": home_day(self.client, day.day), "said": self.said(day)}
        if day.next is None:
            return found | {"week": week(self.client, day.day)}
        open_items: list[ProgrammeItem] = [day.next.item, *(task.item for task in day.later)]
        return found | {"minutes": minutes(open_items), "begun": day.answered or has_begun(self.client)}
