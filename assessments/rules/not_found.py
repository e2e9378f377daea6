"""Why a finding is not there: looked at and inside its threshold, not judged at this age, or never measured."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assessments.rules.case import Case
from assessments.rules.pack import RuleData
from assessments.rules.protocol import MEASURES
from assessments.rules.records import NotFound
from assessments.rules.signs import Clear, Sign

SIDES = ("left", "right")
INSIDE = "looked at, and not past its threshold"
YOUNG = "numbers have no threshold under 18; only grades are judged"
UNFIT = "measured, but not in the way this rule needs"
ONE_SIDE = "both sides are needed, measured in the same way"


def not_found(case: Case, signs: Sequence[Sign], clears: Sequence[Clear]) -> Iterator[NotFound]:
    """One entry for each finding and side that isn't there; one without a side where neither is."""
    for rule in case.pack.rules.values():
        found = {sign.side for sign in signs if sign.rule.key == rule.key}
        looked = [clear for clear in clears if clear.rule.key == rule.key]
        if rule.asks and not found:
            untold = NotFound(rule.key, None, (), f"not told: {rule.asks.replace('_', ' ')}")
            yield inside(rule, None, looked) if looked else untold
        elif rule.looks_at:
            yield from by_side(case, rule, found, looked)


def by_side(case: Case, rule: RuleData, found: set[str | None], looked: Sequence[Clear]) -> Iterator[NotFound]:
    wholes = [clear for clear in looked if clear.side is None]
    if None in found or (found and rule.compares_sides):
        return
    if wholes:
        yield inside(rule, None, wholes)
    elif rule.compares_sides:
        yield NotFound(rule.key, None, (), why_not(case, rule, None))
    else:
        yield from together([one_side(case, rule, side, looked) for side in SIDES if side not in found])


def one_side(case: Case, rule: RuleData, side: str, looked: Sequence[Clear]) -> NotFound:
    here = [clear for clear in looked if clear.side == side]
    return inside(rule, side, here) if here else NotFound(rule.key, side, (), why_not(case, rule, side))


def together(entries: Sequence[NotFound]) -> Sequence[NotFound]:
    """Left and right as one where nothing tells them apart."""
    whole = [replace(entry, side=None) for entry in entries]
    same = len(whole) == len(SIDES) and whole[0] == whole[1] and not whole[0].because
    return whole[:1] if same else entries


def inside(rule: RuleData, side: str | None, looked: Sequence[Clear]) -> NotFound:
    because = tuple(dict.fromkeys(reason for clear in looked for reason in clear.because))
    other = dict.fromkeys(clear.why for clear in looked if clear.why)
    return NotFound(rule.key, side, because, "; ".join(other) or INSIDE)


def why_not(case: Case, rule: RuleData, side: str | None) -> str:
    read = any(side is None or mean.side in (side, None) for measure in rule.looks_at for mean in case.of(measure))
    if not read:
        return f"not measured: {', '.join(MEASURES[measure].label for measure in rule.looks_at)}"
    if rule.compares_sides:
        return ONE_SIDE
    return UNFIT if case.adult else YOUNG
