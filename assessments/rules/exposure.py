"""What the client told about the day: sitting, standing, shoes. Self-reported, so low confidence."""

from collections.abc import Iterator

from assessments.rules.case import Case
from assessments.rules.records import Because
from assessments.rules.signs import Clear, Judgement, Sign

UNSUPPORTIVE = ("flat", "worn", "high_heels")
TOLD = "as told by the client"


def prolonged_sitting(case: Case) -> Iterator[Judgement]:
    yield from hours(case, "prolonged_sitting", case.facts.sitting_hours_per_day)


def prolonged_standing_hard_floor(case: Case) -> Iterator[Judgement]:
    if case.facts.standing_surface == "hard":
        yield from hours(case, "prolonged_standing_hard_floor", case.facts.standing_hours_per_day)


def hours(case: Case, code: str, told: float | None) -> Iterator[Judgement]:
    rule = case.rule(code)
    least = rule.thresholds["hours"]
    if told is not None:
        because = (Because(rule.asks, value=told, unit="h", threshold=least, source=rule.source, note=TOLD),)
        yield Sign(rule, None, None, rule.confidence, because) if told >= least else Clear(rule, None, because)


def unsupportive_footwear(case: Case) -> Iterator[Judgement]:
    rule = case.rule("unsupportive_footwear")
    shoes = case.facts.footwear
    if shoes is not None:
        because = (Because("footwear", observed=shoes, source=rule.source, note=TOLD),)
        bad = shoes in UNSUPPORTIVE
        yield Sign(rule, None, None, rule.confidence, because) if bad else Clear(rule, None, because)
