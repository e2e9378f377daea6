"""Which exercise is open to a client: the conditions and findings of a visit against the precautions.

Three kinds of answer count differently. *Unanswered* blocks every suggestion until somebody asks. *Unsure* leaves out
what the condition would exclude or change. *Yes* does what the precaution says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from intake.screening import CONDITIONS, ConditionAnswer
from treatments.planning.library import CONDITION_PRECAUTIONS, FINDING_PRECAUTIONS
from treatments.planning.records import Contraindication, Exercise, Precaution

Answered = ConditionAnswer | str | Sequence[ConditionAnswer]
#: A finding's code with its side; the code alone means that the side is not known, and counts on both.
Found = str | tuple[str, str | None]
_NOTHING = Contraindication("", "")


def entries_of(answered: Answered) -> tuple[ConditionAnswer, ...]:
    """One condition's answers as entries, whether it came as a word, one entry or several."""
    if isinstance(answered, str):
        return (ConditionAnswer(answered),)
    return (answered,) if isinstance(answered, ConditionAnswer) else tuple(answered)


@dataclass(frozen=True, slots=True)
class Clearance:
    """The precautions in force: `conditions` with the entries answered yes or unsure, `findings` with their sides."""

    unanswered: tuple[str, ...]
    conditions: tuple[tuple[Precaution, ConditionAnswer], ...]
    findings: tuple[tuple[Precaution, str | None], ...]

    def against(self, exercise: Exercise, side: str | None) -> tuple[str, ...]:
        """Why `exercise` on `side` (None: both, or no side) is not open; empty when it is. Plain sentences' parts."""
        return tuple(dict.fromkeys(self._reasons(exercise, side)))

    def changes(self, exercise: Exercise, side: str | None) -> tuple[str, ...]:
        """How an open exercise has to be done differently, in words for the client."""
        found = (_changes(exercise, rule) for rule, entry in self._on(exercise, side) if entry.answer == "yes")
        return tuple(dict.fromkeys(change for changes in found for change in changes))

    @property
    def advice(self) -> tuple[str, ...]:
        """What a condition asks for beyond the exercises."""
        said = (rule.advice for rule, entry in self.conditions if entry.answer == "yes" and rule.advice)
        return tuple(dict.fromkeys(said))

    def _reasons(self, exercise: Exercise, side: str | None) -> Iterator[str]:
        if self.unanswered:
            yield f"not known yet, please ask: {names(self.unanswered)}"
        for rule, entry in self._on(exercise, side):
            if entry.answer == "unsure" and _touches(exercise, rule, entry):
                yield f"not known whether there is: {CONDITIONS[rule.key].name}"
            elif entry.answer == "yes":
                yield from _exclusions(exercise, rule, entry)
        for rule, affected in self.findings:
            if exercise.tags & _forbidden_by_finding(rule, exercise, side, affected):
                yield rule.reason

    def _on(self, exercise: Exercise, side: str | None) -> Iterator[tuple[Precaution, ConditionAnswer]]:
        """Entries that reach this side. No side: it may be either."""
        return ((rule, entry) for rule, entry in self.conditions if not _is_across(rule, exercise, side, entry.side))


def clear(conditions: Mapping[str, Answered], findings: Iterable[Found]) -> Clearance:
    """The precautions that a visit's answers and findings put in force. Conditions without a key are unanswered."""
    in_force = [
        (CONDITION_PRECAUTIONS[key], entry)
        for key in sorted(conditions, key=tuple(CONDITIONS).index)
        for entry in entries_of(conditions[key])
        if entry.answer != "no"
    ]
    sided = [(found, None) if isinstance(found, str) else found for found in findings]
    found = tuple((rule, side) for key, rule in FINDING_PRECAUTIONS.items() for code, side in sided if code == key)
    return Clearance(tuple(key for key in CONDITIONS if key not in conditions), tuple(in_force), found)


def names(conditions: Iterable[str]) -> str:
    return "; ".join(CONDITIONS[key].name for key in conditions)


def _is_across(rule: Precaution, exercise: Exercise, side: str | None, affected: str | None) -> bool:
    """Whether the exercise is for one leg and the precaution for the other."""
    return rule.per_side and exercise.sided and {side, affected} == {"left", "right"}


def _touches(exercise: Exercise, rule: Precaution, entry: ConditionAnswer) -> bool:
    return any(_exclusions(exercise, rule, entry)) or any(_changes(exercise, rule))


def _exclusions(exercise: Exercise, rule: Precaution, entry: ConditionAnswer) -> Iterator[str]:
    own = exercise.contraindications.get(rule.key, _NOTHING)
    if rule.everything or exercise.tags & _forbidden(rule, entry):
        yield rule.reason_until if _lacks_details(rule, entry) else rule.reason
    elif own.effect == "exclude":
        yield f"{CONDITIONS[rule.key].name}: {own.reason}"


def _forbidden(rule: Precaution, entry: ConditionAnswer) -> frozenset[str]:
    """Forbidden tags. Once all details of `until` are known, the approach and the surgeon's restrictions decide."""
    if not rule.until or _lacks_details(rule, entry):
        return rule.excludes
    return rule.excludes_by_approach[entry.approach or "unknown"] | frozenset(entry.restrictions or ())


def _forbidden_by_finding(
    rule: Precaution, exercise: Exercise, side: str | None, affected: str | None
) -> frozenset[str]:
    """Forbidden tags. Where a side is open, the affected leg may be the exercised one or the other one."""
    if _is_across(rule, exercise, side, affected):
        return rule.excludes_across
    return rule.excludes if side and side == affected else rule.excludes | rule.excludes_across


def _lacks_details(rule: Precaution, entry: ConditionAnswer) -> bool:
    return any(getattr(entry, detail) is None for detail in rule.until)


def _changes(exercise: Exercise, rule: Precaution) -> Iterator[str]:
    yield from (words for tag, words in rule.changes.items() if tag in exercise.tags)
    own = exercise.contraindications.get(rule.key, _NOTHING)
    if own.effect == "change":
        yield own.reason
