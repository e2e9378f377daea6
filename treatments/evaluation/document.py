"""Evaluates a case document (contract §4) from intake to programme, without a database. Pure: no Django."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from assessments.rules import PACK, Earlier, Facts, Pack, Reading, Reasoning, read_measurements, reason
from clinic.problems import InvalidInput, Problem
from intake.screening import Answers, Referral, read_intake, screen, unknown
from treatments.planning import Plan, plan

DOCUMENT_KEYS = ("client", "intake", "measurements", "date", "earlier", "assume_unanswered")
CLIENT_KEYS = ("age", "sex")
VISIT_KEYS = ("date", "measurements")
SEXES = ("female", "male", "unspecified")
AGE_MAX = 120


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything a visit led to. `warnings` are readings past a soft limit: kept, but worth a second look."""

    reasoning: Reasoning
    referral: Referral
    programme: Plan
    answers: Answers
    warnings: tuple[Problem, ...]

    def as_dict(self) -> dict[str, object]:
        """The result document of contract §4, with what was not found, the leg-length ledger and the contradictions."""
        reasoning, pack = self.reasoning, self.reasoning.case.pack
        return {
            "protocol": {"key": pack.key, "version": pack.version},
            "referral": self.referral.as_dict(),
            "findings": [finding.as_dict() for finding in reasoning.findings],
            "not_found": [entry.as_dict() for entry in reasoning.not_found],
            "contradictions": [one.as_dict() for one in reasoning.contradictions],
            "leg_length": reasoning.ledger.as_dict() if reasoning.ledger else None,
            "programme": self.programme.as_dict(),
            "lift": reasoning.lift.as_dict(),
        }


def evaluate(document: object, *, pack: Pack = PACK) -> Evaluation:
    """The evaluation of one case document (parsed JSON). Raises InvalidInput with the problems of all its parts."""
    if not isinstance(document, dict):
        raise InvalidInput([Problem("document", "a case document is a JSON object with at least a client")])
    problems = _unknown_keys(document, DOCUMENT_KEYS, "")
    age, sex = _read_client(document.get("client"), problems)
    answers, intake_problems = read_intake(document.get("intake"))
    readings, warnings = _read_measurements(document.get("measurements"), "measurements", problems)
    on = _date(document.get("date"), "date", problems)
    earlier = _read_earlier(document.get("earlier"), on, problems)
    answers = _assume(answers, document.get("assume_unanswered"), problems)
    problems += intake_problems
    if problems:
        raise InvalidInput(problems)
    facts = facts_of(answers, age=age, sex=sex, on=on)
    reasoning = reason(readings, facts, pack=pack, earlier=earlier)
    referral = refer(answers, reasoning, age=age)
    programme = plan(
        reasoning.findings,
        conditions=answers.conditions,
        age=age,
        referral=referral,
        unanswered_red_flags=answers.unanswered_red_flags,
    )
    return Evaluation(reasoning, referral, programme, answers, tuple(warnings))


def facts_of(answers: Answers, *, age: int | None, sex: str, on: datetime.date | None = None) -> Facts:
    """What the finding rules may know of an intake."""
    return Facts(
        age=age,
        sex=sex,
        conditions=answers.condition_words,
        condition_sides=answers.condition_sides,
        red_flags=answers.red_flags,
        pain=tuple(place.as_dict() for place in answers.pain),
        sitting_hours_per_day=answers.sitting_hours_per_day,
        standing_hours_per_day=answers.standing_hours_per_day,
        standing_surface=answers.standing_surface,
        footwear=answers.footwear,
        assessed_on=on,
    )


def refer(answers: Answers, reasoning: Reasoning, *, age: int | None) -> Referral:
    """The level of the intake, raised by readings that contradict a stretch and by a leg that needs an opinion."""
    referral = screen(answers, age=age)
    for contradiction in reasoning.contradictions:
        referral = referral.at_least(contradiction.level, contradiction.sentence)
    if any(finding.code == "leg_length_refer" for finding in reasoning.findings):
        referral = referral.at_least("ask", "The leg length needs an orthopaedic opinion (see the finding).")
    return referral


def _read_measurements(raw: object, path: str, problems: list[Problem]) -> tuple[list[Reading], list[Problem]]:
    readings, refused, warnings = read_measurements([] if raw is None else raw, path=path)
    problems += refused
    return readings, warnings


def _read_earlier(raw: object, on: datetime.date | None, problems: list[Problem]) -> list[Earlier]:
    """The visits before this one. Without a date of this one nobody could say how long ago they were."""
    if raw is None:
        return []
    if not isinstance(raw, list):
        problems.append(Problem("earlier", "must be a list of visits, each with a date and measurements"))
        return []
    if on is None and raw:
        problems.append(Problem("date", "is missing: earlier visits need the day of this one"))
    visits = (_read_visit(entry, f"earlier[{index}]", on, problems) for index, entry in enumerate(raw))
    return [visit for visit in visits if visit]


def _read_visit(raw: object, path: str, on: datetime.date | None, problems: list[Problem]) -> Earlier | None:
    if not isinstance(raw, dict):
        problems.append(Problem(path, "must be an object with date and measurements"))
        return None
    problems += _unknown_keys(raw, VISIT_KEYS, f"{path}.")
    day = _date(raw.get("date"), f"{path}.date", problems)
    readings, _ = _read_measurements(raw.get("measurements"), f"{path}.measurements", problems)
    if day is None:
        if raw.get("date") is None:
            problems.append(Problem(f"{path}.date", "is missing"))
        return None
    if on and day >= on:
        problems.append(Problem(f"{path}.date", f"{day} is not before {on}, the day of this visit"))
    return Earlier(day, tuple(readings))


def _date(value: object, path: str, problems: list[Problem]) -> datetime.date | None:
    if value is None:
        return None
    try:
        return datetime.date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        problems.append(Problem(path, f"{value!r} is not a date like 2026-03-01"))
        return None


def _read_client(raw: object, problems: list[Problem]) -> tuple[int | None, str]:
    if not isinstance(raw, dict):
        problems.append(Problem("client", "missing or not an object; at least {} is needed"))
        return None, "unspecified"
    problems += _unknown_keys(raw, CLIENT_KEYS, "client.")
    return _age(raw.get("age"), problems), _sex(raw.get("sex"), problems)


def _age(value: object, problems: list[Problem]) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= AGE_MAX:
        return value
    problems.append(Problem("client.age", f"{value!r} is not a whole number of years from 0 to {AGE_MAX}"))
    return None


def _sex(value: object, problems: list[Problem]) -> str:
    if value is None:
        return "unspecified"
    if isinstance(value, str) and value in SEXES:
        return value
    problems.append(Problem("client.sex", f"{value!r} is not one of {', '.join(SEXES)}"))
    return "unspecified"


def _assume(answers: Answers, value: object, problems: list[Problem]) -> Answers:
    if value is None:
        return answers
    if value != "no":
        problems.append(Problem("assume_unanswered", f'{value!r} is not "no", the only word it takes'))
        return answers
    return answers.assuming("no")


def _unknown_keys(raw: Mapping[str, object], known: tuple[str, ...], prefix: str) -> list[Problem]:
    return [Problem(f"{prefix}{key}", unknown(key, known, "key")) for key in raw if key not in known]
