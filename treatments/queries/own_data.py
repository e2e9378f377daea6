"""What a client gets of treatments when they ask for everything about them: programmes, and what they said at home."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import own_data
from clinic.models import Client
from treatments.models import HomeLog, Outcome, Programme, ProgrammeItem, State

ANSWERS = {
    Outcome.DONE: gettext_lazy("Done"),
    Outcome.SKIPPED: gettext_lazy("Skipped"),
    Outcome.TOO_PAINFUL: gettext_lazy("Too painful"),
}
PLANNING = "the clinician's planning"


def shared_programmes(client: Client) -> Iterable[Programme]:
    """Not the drafts: those are nobody's yet."""
    rows = Programme.objects.filter(practice=client.practice_id, client=client).exclude(published_at=None)
    return rows.exclude(state=State.DRAFT).prefetch_related("items").order_by("published_at", "id")


def exercises(programme: Programme) -> Iterator[tuple[str, Any]]:
    for sentence in programme.told_advice:
        yield _("Advice"), sentence
    for item in programme.items.all():
        said = (_name(item), _side(item), item.dose, *item.told_changes)
        yield _("Exercise"), ", ".join(part for part in said if part)


def answers_at_home(client: Client) -> Iterable[HomeLog]:
    rows = HomeLog.objects.filter(practice=client.practice_id, client=client)
    return rows.select_related("item").order_by("local_date", "id")


def exercise_of(answer: HomeLog) -> Iterator[tuple[str, Any]]:
    yield _("Exercise"), ", ".join(part for part in (_name(answer.item), _side(answer.item)) if part)
    yield _("Answer"), str(ANSWERS[Outcome(answer.outcome)])


def _side(item: ProgrammeItem) -> str:
    return {"left": _("left side"), "right": _("right side")}.get(item.side, "")


def _name(item: ProgrammeItem) -> str:
    """What the library no longer knows keeps its key."""
    try:
        return str(item.told.name)
    except KeyError:
        return item.exercise


PARTS = (
    own_data.Part(
        "treatments.Programme",
        gettext_lazy("Programmes for home"),
        40,
        {
            "starts_on": gettext_lazy("From"), "until": gettext_lazy("Until"),
            "published_at": gettext_lazy("Given to you"),
            "note": gettext_lazy("From your therapist"), "ended_at": gettext_lazy("Ended"),
            "held_at": gettext_lazy("Paused because it hurt"),
            "smaller_taken_at": gettext_lazy("Made smaller, as you chose"),
        },
        {
            "assessment": PLANNING, "state": "said by its days", "advice": "given in words", "left_out": PLANNING,
            "no_exercise": PLANNING, "published_by": "the practice's people", "ended_because": PLANNING,
            "remind_at": "when the mail is planned", "held_because": PLANNING, "smaller_offered_at": PLANNING,
            "smaller_refused_at": PLANNING, "created_at": PLANNING,
        },
        rows=shared_programmes,
        more=exercises,
    ),
    own_data.Part(
        "treatments.HomeLog",
        gettext_lazy("Your answers to exercises"),
        41,
        {
            "local_date": gettext_lazy("Day"), "word": gettext_lazy("Your words"),
            "answered_at": gettext_lazy("Tapped"),
        },
        {
            "item": "given by name",
            "outcome": "given in words", "changed_at": "when it reached us", "created_at": "the same",
            "seen_at": "when the practice dealt with it",
        },
        rows=answers_at_home,
        more=exercise_of,
    ),
    own_data.Part(
        "treatments.HomeDay",
        gettext_lazy("Your days at home"),
        42,
        {
            "local_date": gettext_lazy("Day"), "pain_before": gettext_lazy("Pain before, out of 10"),
            "pain_after": gettext_lazy("Pain after, out of 10"),
        },
        {"changed_at": "when it reached us", "created_at": "the same"},
    ),
    own_data.Part("treatments.SessionNote", because="the therapist's own notes"),
)  # fmt: skip
