"""What only time can tell about leg length: a difference that treatment left unchanged, or one that grows quickly."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from assessments.rules.case import Case
from assessments.rules.leg_evidence import Estimate, Legs, estimate
from assessments.rules.records import Earlier

#: Methods good enough to be followed over time, by the names that `leg_evidence.estimate` takes.
FOLLOWED = {"tape": "true", "block": "block", "imaging": "imaging"}


def with_history(legs: Legs, case: Case) -> Legs:
    """The evidence with what earlier visits add to it. Without a date of this visit they add nothing."""
    today = case.facts.assessed_on
    if today is None:
        return legs
    return replace(legs, unchanged_since=unchanged_since(legs, case, today), grown=grown(legs, case, today))


def unchanged_since(legs: Legs, case: Case, today: date) -> date | None:
    """The latest visit, weeks ago, at which tape and block called the same leg shorter by as much as today."""
    weeks_ago = case.pack.leg["unchanged_after_days"]
    for visit in sorted(case.earlier, key=lambda visit: visit.on, reverse=True):
        old_enough = (today - visit.on).days >= weeks_ago
        then = estimates_of(visit, case)
        if old_enough and all(same_as(then.get(name), now) for name, now in followed(legs) if name != "imaging"):
            return visit.on
    return None


def grown(legs: Legs, case: Case, today: date) -> str:
    """In words, how much a difference grew within months by the same method; empty when none did."""
    table = case.pack.leg
    for visit in case.earlier:
        then = estimates_of(visit, case)
        for name, now in followed(legs):
            more = growth(then.get(name), now)
            if more >= table["rapid_growth_mm"] and 0 <= (today - visit.on).days <= table["rapid_within_days"]:
                return f"{more:g} mm more by {name} since {visit.on:%Y-%m-%d}"
    return ""


def estimates_of(visit: Earlier, case: Case) -> dict[str, Estimate]:
    then = replace(case, readings=visit.readings, earlier=())
    found = ((name, estimate(then, kind, name)) for name, kind in FOLLOWED.items())
    return {name: one for name, one in found if one}


def followed(legs: Legs) -> Iterator[tuple[str, Estimate]]:
    for name in FOLLOWED:
        now = getattr(legs, name)
        if now:
            yield name, now


def same_as(then: Estimate | None, now: Estimate) -> bool:
    """Both pass their error to the same side and differ from each other by less than it."""
    return then is not None and now.side is not None and then.side == now.side and abs(then.size - now.size) < now.limit


def growth(then: Estimate | None, now: Estimate) -> float:
    """How much further to today's side the difference has moved; negative when it shrank.

    Nothing where there is none today, or where it was clearly on the other side: then one of the two is wrong.
    """
    if then is None or now.side is None or then.side not in (None, now.side):
        return 0
    return round((now.signed - then.signed) * (1 if now.signed > 0 else -1), 6)
