"""What was said about safety since the intake."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from clinic.models import CLINICIANS, Client, Membership
from clinic.panels import Event, Line
from intake.models import Rescreen
from intake.queries.document import level_of
from intake.screening import RED_FLAGS

DAY = "%-d %B"
GRAVE = ("urgent", "emergency")


def events(membership: Membership, client: Client, before: datetime.datetime | None, limit: int) -> list[Event]:
    """One line each; reception learns that it was answered, not what."""
    rows = Rescreen.objects.filter(Q(created_at__lt=before) if before else Q(), practice=client.practice_id)
    return [_event(row, membership) for row in rows.filter(client=client).order_by("-created_at")[:limit]]


def of_rescreens(membership: Membership, clients: Sequence[Client]) -> dict[uuid.UUID, list[Line]]:
    """What was new the last time, where anything was. One query for all of them."""
    rows = Rescreen.objects.filter(practice=membership.practice_id, client__in=clients)
    newest = rows.order_by("client_id", "-created_at").distinct("client_id").select_related("client__practice")
    return {row.client_id: [_line(row)] for row in newest if row.referral_because}


def _line(row: Rescreen) -> Line:
    grave = "needs" if row.referral_level in GRAVE else "waiting"
    day = row.created_at.astimezone(row.client.zone).date()
    return Line(f"New on {day:{DAY}}: {in_words(row)}", grave, "warning", address(row))


def _event(row: Rescreen, membership: Membership) -> Event:
    if membership.role not in CLINICIANS:
        return Event(row.created_at, "intake", "Answered the safety questions again", news=True)
    if not row.referral_because:
        return Event(row.created_at, "intake", f"Asked “anything new?”: {in_words(row)}", url=address(row), news=True)
    grave = "needs" if row.referral_level in GRAVE else ""
    because = "; ".join(row.referral_because)
    return Event(row.created_at, "intake", "Something new about safety", because, address(row), status=grave, news=True)


def address(row: Rescreen) -> str:
    return reverse("intake:rescreen_read", args=[row.pk])


@dataclass(frozen=True)
class Asked:
    """A safety question as the client read it. `here`: the same as the practice reads it, where that is another
    language. `answer`: yes, no, unsure, or "" for as before; `level`: see `document.level_of`."""

    question: str
    help: str
    here: str
    answer: str
    level: str


def asked(row: Rescreen) -> list[Asked]:
    """Every question in the order it was asked, in the words of then. Of rows from before these were kept only what was
    answered, in the words of today."""
    answers, version = row.answers.get("red_flags", {}), row.form_version
    items = version.form.fields[0].items if version else tuple(answers)
    return [_asked(key, row, answers.get(key, "")) for key in items]


def _asked(key: str, row: Rescreen, answer: str) -> Asked:
    if row.form_version:
        read = row.form_version.wording("red_flags", key, row.language)
        here = row.form_version.wording("red_flags", key)["question"]
        other = here if here != read["question"] else ""
        return Asked(read["question"], read["help"], other, answer, level_of(key, answer))
    item = RED_FLAGS.get(key)
    question, more = (item.question, item.help) if item else (key.replace("_", " "), "")
    return Asked(question, more, "", answer, level_of(key, answer))


def in_words(row: Rescreen) -> str:
    told = list(_said(row))
    return "; ".join(told) if told else "nothing new."


def _said(row: Rescreen) -> Iterator[str]:
    for key, answer in row.answers["red_flags"].items():
        if answer != "no":
            name = RED_FLAGS[key].name if key in RED_FLAGS else key.replace("_", " ")
            yield f"{name}: {'not sure' if answer == 'unsure' else answer}"
