"""The pages about the practice itself: one topic a page, the list of topics beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinic import panels
from clinic.access import StaffView
from clinic.models import STAFF, Role

OWNER = frozenset({Role.OWNER})
HERE = "practice"  # this part's key in the main navigation


@dataclass(frozen=True)
class Topic:
    key: str
    label: str
    about: str
    view: str
    roles: frozenset[Role] = OWNER


TOPICS = (
    Topic("report", "How the practice does", "Change, adherence, visits, mail", "clinic:practice_report", STAFF),
    Topic("details", "Name and address", "Also time zone, emergency number, paper", "clinic:practice_details"),
    Topic("people", "People", "Who works here, in which role", "clinic:people"),
    Topic("places", "Locations and rooms", "Where clients come to", "clinic:places"),
    Topic("hours", "Hours and absences", "When you are open, who is away", "clinic:hours", STAFF),
    Topic("reminders", "Mail and reminders", "Sender, times, when to measure again", "clinic:practice_reminders"),
    Topic("clinical", "Protocol and measuring", "What findings and the screen go by", "clinic:practice_clinical"),
    Topic("keeping", "Keeping records", "For how long, and who is past it", "clinic:practice_keeping"),
    Topic("me", "My name", "As colleagues and clients read it", "clinic:my_name", STAFF),
)


def within() -> list[Topic]:
    """What other apps have about the practice, as the main navigation has it too."""
    items = sorted(panels.nav, key=lambda item: item.order)
    return [Topic(item.key, item.label, item.about, item.view, item.roles) for item in items if item.within == HERE]


class PracticePage(StaffView):
    topic: ClassVar[str] = ""

    def page(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        topics = [topic for topic in (*TOPICS, *within()) if self.membership.role in topic.roles]
        frame = {"topics": topics, "topic": self.topic, "owns": self.membership.role in OWNER}
        return render(self.request, f"clinic/practice/{template}.html", {**frame, **context}, status=status)


class OwnerPage(PracticePage):
    roles = OWNER


class PracticeStart(PracticePage):
    """The list of topics; what a phone begins with."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("start", {})
