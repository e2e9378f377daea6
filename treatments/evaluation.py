"""Evaluates a case document (contract §4) from intake to programme, without a database. Pure: no Django."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.rules import PROTOCOL, Facts, Finding, Lift, Protocol, find, lift, read_measurements
from clinic.problems import InvalidInput, Problem
from intake.screening import Answers, Referral, read_intake, screen, unknown
from treatments.planning import Plan, plan

DOCUMENT_KEYS = ("client", "intake", "measurements", "assume_unanswered")
CLIENT_KEYS = ("age", "sex")
SEXES = ("female", "male", "unspecified")
AGE_MAX = 120


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything a visit led to. `warnings` are readings past a soft limit: kept, but worth a second look."""

    protocol: Protocol
    referral: Referral
    findings: tuple[Finding, ...]
    programme: Plan
    lift: Lift
    answers: Answers
    warnings: tuple[Problem, ...]

    def as_dict(self) -> dict[str, object]:
        """The result document of contract §4."""
        return {
            "protocol": {"key": self.protocol.key, "version": self.protocol.version},
            "referral": self.referral.as_dict(),
            "findings": [finding.as_dict() for finding in self.findings],
            "programme": self.programme.as_dict(),
            "lift": {"may_be_considered": self.lift.may_be_considered, "because": list(self.lift.because)},
        }


def evaluate(document: object) -> Evaluation:
    """The evaluation of one case document (parsed JSON). Raises InvalidInput with the problems of all its parts."""
    if not isinstance(document, dict):
        raise InvalidInput([Problem("document", "a case document is a JSON object with at least a client")])
    problems = _unknown_keys(document, DOCUMENT_KEYS, "")
    age, sex = _read_client(document.get("client"), problems)
    answers, intake_problems = read_intake(document.get("intake"))
    raw_measurements = document.get("measurements")
    measurements = [] if raw_measurements is None else raw_measurements
    readings, reading_problems, warnings = read_measurements(measurements)
    answers = _assume(answers, document.get("assume_unanswered"), problems)
    problems += [*intake_problems, *reading_problems]
    if problems:
        raise InvalidInput(problems)
    findings = tuple(find(readings, facts_of(answers, age=age, sex=sex)))
    referral = refer(answers, findings, age=age)
    programme = plan(
        findings,
        conditions=answers.conditions,
        age=age,
        referral=referral,
        unanswered_red_flags=answers.unanswered_red_flags,
    )
    return Evaluation(PROTOCOL, referral, findings, programme, lift(findings), answers, tuple(warnings))


def facts_of(answers: Answers, *, age: int | None, sex: str) -> Facts:
    """What the finding rules may know of an intake."""
    return Facts(
        age=age,
        sex=sex,
        conditions=answers.condition_words,
        red_flags=answers.red_flags,
        sitting_hours_per_day=answers.sitting_hours_per_day,
        standing_hours_per_day=answers.standing_hours_per_day,
        standing_surface=answers.standing_surface,
        footwear=answers.footwear,
    )


def refer(answers: Answers, findings: tuple[Finding, ...], *, age: int | None) -> Referral:
    """The level of the intake, raised to at least ask where a leg length needs an orthopaedic opinion."""
    referral = screen(answers, age=age)
    if any(finding.code == "leg_length_refer" for finding in findings):
        return referral.at_least("ask", "The leg length needs an orthopaedic opinion (see the finding).")
    return referral


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
