"""The phases of an exercise in words, for the timer on the phone, and how long it takes."""

from __future__ import annotations

import math
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treatments.models import ProgrammeItem
from treatments.planning import timer
from treatments.planning.timer import Phase, Timed


def timed(item: ProgrammeItem) -> Timed:
    sides = ("left", "right") if item.both_sides else (item.side,)
    return Timed(sides, item.hold_seconds, item.repetitions, item.sets, item.minutes)


def minutes(items: Iterable[ProgrammeItem]) -> int:
    """About how many all of them take together, rests included; at least 1."""
    return max(1, math.ceil(sum(timer.seconds(timed(item)) for item in items) / 60))


def phases(item: ProgrammeItem) -> list[dict[str, str | int | None]]:
    """What the timer goes through: `seconds` (null: until a tap), and in the language of the page the `title`
    (“Hold”), the `detail` (“Left side · 1 of 2”), and the `kind` for its looks."""
    return [
        {"kind": phase.kind, "seconds": phase.seconds, "title": title(phase, item), "detail": detail(phase)}
        for phase in timer.phases(timed(item))
    ]


def title(phase: Phase, item: ProgrammeItem) -> str:
    if phase.kind == timer.MOVING:
        return ngettext("%(n)d time", "%(n)d times", phase.of) % {"n": phase.of}
    if phase.kind == timer.HOLDING:
        return _("Keep going") if item.minutes else _("Hold")
    words = {"ready": _("Get ready"), "let_go": _("Let go"), "change": _("Change sides"), "rest": _("Rest")}
    return words[phase.kind]


def detail(phase: Phase) -> str:
    sides = {"left": _("Left side"), "right": _("Right side")}
    said = [sides.get(phase.side, "")]
    if phase.kind == timer.MOVING:
        said.append(_("At your own pace"))
    if phase.kind != timer.MOVING and phase.of > 1:
        said.append(_("%(number)d of %(of)d") % {"number": phase.number or 1, "of": phase.of})
    if phase.rounds > 1:
        said.append(_("Round %(number)d of %(of)d") % {"number": phase.round, "of": phase.rounds})
    return " · ".join(part for part in said if part)
