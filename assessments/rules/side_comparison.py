"""Left beside right on the same day. Below the minimal detectable change nobody can tell the two apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.rules.case import Case, SideDifference, side_differences
from assessments.rules.pack import Pack
from assessments.rules.protocol import MEASURES, PACK
from assessments.rules.records import Facts, Reading


@dataclass(frozen=True, slots=True)
class SideComparison:
    """Both sides of one measure taken the same way; `difference` is never negative, `mdc` in the measure's unit."""

    measure: str
    mode: str | None
    position: str | None
    instrument: str | None
    left: float
    right: float
    difference: float
    mdc: float
    within_error: bool


def compare_sides(readings: Sequence[Reading], pack: Pack = PACK) -> list[SideComparison]:
    """One comparison for each measure with a known detectable change and both sides measured the same way."""
    case = Case(tuple(readings), Facts())
    per_leg = [key for key in pack.changes if MEASURES[key].sides == "left_right"]
    return [build(found, pack.changes[key].same_examiner) for key in per_leg for found in side_differences(case, key)]


def build(found: SideDifference, mdc: float) -> SideComparison:
    less = found.less
    values = dict(sided(found))
    way = (less.measure, less.mode, less.position, less.instrument)
    return SideComparison(*way, values["left"], values["right"], found.size, mdc, found.size < mdc)


def sided(found: SideDifference) -> Iterator[tuple[str, float]]:
    for mean in (found.less, found.more):
        yield mean.side or "", mean.value or 0
