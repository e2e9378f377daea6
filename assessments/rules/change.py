"""Change between two assessments against the minimal detectable change. Nothing inside the error is a change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assessments.rules.case import Mean, average
from assessments.rules.pack import DetectableChange, Pack
from assessments.rules.protocol import MEASURES, PACK
from assessments.rules.records import Change, Reading

BETTER = {"higher": 1, "lower": -1}


@dataclass(frozen=True, slots=True)
class Pair:
    """An earlier and a later mean of the same thing measured the same way."""

    before: Mean
    after: Mean

    @property
    def difference(self) -> float | None:
        if self.before.value is None or self.after.value is None:
            return None
        return round(self.after.value - self.before.value, 6)

    @property
    def two_examiners(self) -> bool:
        """Both times somebody is named, and not by the same names."""
        earlier, later = self.before.examiners, self.after.examiners
        return bool(earlier and later) and earlier != later

    @property
    def opposite_sides(self) -> bool:
        return None not in (self.before.side, self.after.side) and self.before.side != self.after.side


def compare(
    before: Sequence[Reading],
    after: Sequence[Reading],
    *,
    before_date: date | None,
    after_date: date | None,
    pack: Pack = PACK,
) -> list[Change]:
    """One Change for each later reading that has an earlier one of its measure and side; trials are averaged first.

    An earlier one taken in another position, mode or with another instrument gives `not_comparable` and says so.
    """
    earlier = average(before)
    changes = []
    for later in average(after):
        same = next((mean for mean in earlier if same_way(mean, later)), None)
        other = next((mean for mean in earlier if same_thing(mean, later)), None)
        if same:
            changes.append(judge(Pair(same, later), pack.changes.get(later.measure)))
        elif other:
            changes.append(refuse(Pair(other, later), elsewhere(other, later), None))
    return [replace(change, before_date=before_date, after_date=after_date) for change in changes]


def same_thing(one: Mean, other: Mean) -> bool:
    """Same measure and side. The side of a difference is its result, not its place, so it needn't be the same."""
    if one.measure != other.measure:
        return False
    return one.side == other.side or is_difference(one.measure)


def is_difference(measure: str) -> bool:
    return measure in MEASURES and MEASURES[measure].sides == "shorter"


def same_way(one: Mean, other: Mean) -> bool:
    return same_thing(one, other) and not list(unlike(one, other))


def unlike(before: Mean, after: Mean) -> Iterator[str]:
    """What differs in the way of measuring, in words."""
    for name in ("mode", "position", "instrument"):
        earlier, later = getattr(before, name), getattr(after, name)
        if earlier != later:
            yield f"{name} was {earlier or 'not recorded'}, now {later or 'not recorded'}"


def elsewhere(before: Mean, after: Mean) -> str:
    return f"measured in another way: {'; '.join(unlike(before, after))}"


def judge(pair: Pair, known: DetectableChange | None) -> Change:
    reason = obstacle(pair, known)
    if reason or known is None:
        return refuse(pair, reason, known)
    mdc = detectable(known, pair)
    return build(pair, mdc, verdict_of(pair.difference or 0, known, mdc), remark(pair, known))


def label(measure: str) -> str:
    """As people read it; a measure of the host's that the protocol doesn't know keeps its key."""
    return MEASURES[measure].label if measure in MEASURES else measure


def obstacle(pair: Pair, known: DetectableChange | None) -> str:
    """Why the pair can't be judged; empty when it can."""
    if pair.difference is None:
        return "grades and observations are not compared as numbers"
    if known is None:
        return f"no minimal detectable change is known for {label(pair.after.measure)}"
    if pair.opposite_sides:
        return f"the shorter side was {pair.before.side}, now {pair.after.side}"
    if pair.two_examiners and never_between_examiners(known, pair.after.position):
        return f"not comparable between different examiners ({names(pair.before)}; {names(pair.after)})"
    return ""


def never_between_examiners(known: DetectableChange, position: str | None) -> bool:
    """A position that isn't recorded may be the unreliable one."""
    where = known.never_between_examiners_in
    return "any" in where or position in where or (bool(where) and position is None)


def detectable(known: DetectableChange, pair: Pair) -> float:
    """What isn't recorded counts against a change: of the errors that may apply, the largest."""
    errors = [known.same_examiner]
    if pair.two_examiners:
        errors.append(known.different_examiners or 0)
    if pair.after.mode != "active":
        errors.append(known.passive or 0)
    return max(errors)


def verdict_of(difference: float, known: DetectableChange, mdc: float) -> str:
    """A change exactly as large as the minimal detectable change counts as one."""
    if abs(difference) < mdc:
        return "within_error"
    return "improved" if difference * BETTER[known.better] > 0 else "worse"


def remark(pair: Pair, known: DetectableChange) -> str:
    """What to read beside the verdict: who measured, and what isn't recorded."""
    said = []
    if pair.two_examiners:
        said.append(f"different examiners: {names(pair.before)}; {names(pair.after)}")
    elif not (pair.before.examiners and pair.after.examiners):
        said.append("examiner not recorded both times")
    unsaid = {"position": pair.after.position, "instrument": pair.after.instrument}
    said += [f"{name} not recorded" for name, value in unsaid.items() if value is None]
    if known.passive is not None and pair.after.mode is None:
        said.append("active or passive not recorded: the larger error was used")
    return "; ".join(said)


def names(mean: Mean) -> str:
    return ", ".join(sorted(mean.examiners))


def refuse(pair: Pair, reason: str, known: DetectableChange | None) -> Change:
    return build(pair, detectable(known, pair) if known else None, "not_comparable", reason)


def build(pair: Pair, mdc: float | None, verdict: str, note: str) -> Change:
    after = pair.after
    comparable = not list(unlike(pair.before, after)) and not pair.opposite_sides
    return Change(
        measure=after.measure,
        side=after.side or pair.before.side,
        mode=after.mode,
        position=after.position,
        instrument=after.instrument,
        before=pair.before.value,
        after=after.value,
        before_date=None,
        after_date=None,
        difference=pair.difference if comparable else None,
        mdc=mdc,
        verdict=verdict,
        note=note,
    )
