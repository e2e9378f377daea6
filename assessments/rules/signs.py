"""One rule sees one sign, or looks and sees none; signs for the same finding and side settle into one finding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assessments.rules.case import GRADES, Case, Mean
from assessments.rules.pack import RuleData
from assessments.rules.records import Because, Finding, Rule

AGE_UNKNOWN = "age not recorded: judged as an adult under 70"
CONFIDENCE = ("low", "moderate", "high")


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason for a finding. `words` fill the placeholders of the finding's texts."""

    rule: RuleData
    side: str | None
    grade: str | None
    confidence: str
    because: tuple[Because, ...]
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def weight(self) -> tuple[int, int]:
        return CONFIDENCE.index(self.confidence), GRADES.index(self.grade or "none")


@dataclass(frozen=True, slots=True)
class Clear:
    """A reading that was held against a rule and did not pass its threshold, or counts for nothing here: `why`."""

    rule: RuleData
    side: str | None
    because: tuple[Because, ...]
    why: str = ""


Judgement = Sign | Clear


def sign_of(
    case: Case,
    code: str,
    mean: Mean,
    threshold: float | None,
    *,
    grade: str | None = None,
    confidence: str | None = None,
    note: str = "",
    also: tuple[Because, ...] = (),
) -> Sign:
    """A sign from one mean, at the rule's own confidence unless another is given."""
    rule = case.rule(code)
    reason = mean.because(threshold, rule.source, note)
    return Sign(rule, mean.side, grade, confidence or rule.confidence, (reason, *also))


def clear_of(case: Case, code: str, mean: Mean, threshold: float | None = None, note: str = "", why: str = "") -> Clear:
    """`why` where it is not that the threshold wasn't passed."""
    rule = case.rule(code)
    return Clear(rule, mean.side, (mean.because(threshold, rule.source, note),), why)


def lower(confidence: str, steps: int = 1) -> str:
    return CONFIDENCE[max(0, CONFIDENCE.index(confidence) - steps)]


def settle(signs: Iterable[Sign]) -> list[Finding]:
    """One finding for each code and side. The weightiest sign gives grade and confidence; all signs give reasons."""
    groups: dict[tuple[str, str | None], list[Sign]] = {}
    for sign in signs:
        groups.setdefault((sign.rule.key, sign.side), []).append(sign)
    return [settle_group(group) for group in groups.values()]


def settle_group(group: list[Sign]) -> Finding:
    chief = max(group, key=lambda sign: sign.weight)
    reasons = tuple(dict.fromkeys(reason for sign in group for reason in sign.because))
    words = {"side": chief.side or "", **chief.words}
    rule = chief.rule
    return Finding(
        code=rule.key,
        side=chief.side,
        grade=chief.grade,
        confidence=chief.confidence,
        because=reasons,
        rule=Rule(rule.key, rule.version),
        evidence=rule.evidence,
        text=rule.text.format(**words),
        client_text=rule.client_text.format(**words),
    )
