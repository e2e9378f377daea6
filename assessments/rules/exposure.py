"""What the client told about the day: sitting, standing, shoes. Self-reported, so low confidence."""

from collections.abc import Iterator

from assessments.rules.case import Case
from assessments.rules.protocol import RULE_DATA
from assessments.rules.records import Because
from assessments.rules.signs import Sign

UNSUPPORTIVE = ("flat", "worn", "high_heels")


def prolonged_sitting(case: Case) -> Iterator[Sign]:
    yield from hours("prolonged_sitting", "sitting_hours_per_day", case.facts.sitting_hours_per_day)


def prolonged_standing_hard_floor(case: Case) -> Iterator[Sign]:
    if case.facts.standing_surface == "hard":
        told = case.facts.standing_hours_per_day
        yield from hours("prolonged_standing_hard_floor", "standing_hours_per_day", told)


def hours(code: str, measure: str, told: float | None) -> Iterator[Sign]:
    rule = RULE_DATA[code]
    least = rule.thresholds["hours"]
    if told is not None and told >= least:
        reason = Because(
            measure, value=told, unit="h", threshold=least, source=rule.source, note="as told by the client"
        )
        yield Sign(rule, None, None, rule.confidence, (reason,))


def unsupportive_footwear(case: Case) -> Iterator[Sign]:
    rule = RULE_DATA["unsupportive_footwear"]
    shoes = case.facts.footwear
    if shoes in UNSUPPORTIVE:
        reason = Because("footwear", observed=shoes, source=rule.source, note="as told by the client")
        yield Sign(rule, None, None, rule.confidence, (reason,))
