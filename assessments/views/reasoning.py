"""The reasoning behind an assessment as its page draws it: chains of findings, what was not found, the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.models import Finding, Reading
from assessments.rules import Ledger, NotFound, Pack
from assessments.rules import Reading as RuleReading
from assessments.rules.ledger import Entry, RowNote
from assessments.rules.not_found import INSIDE, ONE_SIDE, UNFIT, YOUNG
from assessments.services.explanation import Explained
from assessments.views.contradictions import contradictions_shown
from assessments.views.tables import trials_words, way_words
from clinic import explanations
from clinic.models import SafetyAlert

NOT_JUDGED = (UNFIT, ONE_SIDE, YOUNG)
ABOUT = {
    "Looked at": "Not past the threshold of the rule. That is no proof that nothing is there.",
    "Not measured": "Any of the measures named would let the rule look.",
    "Not judged": "Something was measured, but it doesn't count for this finding.",
}


@dataclass(frozen=True)
class Step:
    """One reason of a finding, in the contract's shape, and the single readings that it stands on in words."""

    reason: Mapping[str, Any]
    how: str


@dataclass(frozen=True)
class Chain:
    """From the readings to what follows. `tag`: how far the source was verified; empty where that version of the rule
    is no longer at hand."""

    steps: tuple[Step, ...]
    sources: tuple[str, ...]
    tag: str
    leads_to: tuple[str, ...]


@dataclass(frozen=True)
class Absent:
    """One finding that is not there, by the name a therapist knows. `why` is empty where the readings say it."""

    name: str
    side: str | None
    because: Sequence[Any]
    why: str


@dataclass(frozen=True)
class AbsentGroup:
    title: str
    about: str
    entries: tuple[Absent, ...]


@dataclass(frozen=True)
class AnsweredRow:
    """A row of the decision table with the names of what it says."""

    row: RowNote
    names: tuple[str, ...]


@dataclass(frozen=True)
class Method:
    """`inside`: the side that it would call shorter, were it not inside its error; None where it names none."""

    entry: Entry
    inside: str | None


@dataclass(frozen=True)
class LedgerShown:
    ledger: Ledger
    methods: tuple[Method, ...]
    answered: tuple[AnsweredRow, ...]
    others: tuple[AnsweredRow, ...]


def reasoning_shown(explained: Explained, alert: SafetyAlert | None) -> dict[str, Any]:
    """The page's values. `alert`: what the assessment put on the client's record."""
    reasoning = explained.reasoning
    pack, readings = reasoning.case.pack, reasoning.case.readings
    return {
        "explained": explained,
        "contradictions": contradictions_shown(reasoning.contradictions, readings, saved=True, alert=alert),
        "absent": absent_groups(reasoning.not_found, pack),
        "legs": ledger_shown(reasoning.ledger, pack, readings) if reasoning.ledger else None,
        "lift": reasoning.lift,
    }


def chain_of(finding: Finding, readings: Iterable[Reading], explained: Explained) -> Chain:
    rows = list(readings)
    rule = explained.reasoning.case.pack.rules.get(finding.rule_key)
    same = rule is not None and explained.same_protocol and rule.version == finding.rule_version
    sources = (reason.get("source") for reason in finding.because)
    return Chain(
        steps=tuple(Step(reason, how_it_was_read(reason, rows)) for reason in finding.because),
        sources=tuple(dict.fromkeys(source for source in sources if source)),
        tag=rule.tag if rule and same else "",
        leads_to=tuple(explanations.of(finding.code)),
    )


def how_it_was_read(reason: Mapping[str, Any], readings: Sequence[Reading]) -> str:
    """The way, the single trials and who took them; empty for what was worked out from others or told at the intake."""
    for group in groups_behind(reason, readings):
        values = [float(row.value) for row in group if row.value is not None]
        examiners = " and ".join(sorted({row.examiner for row in group if row.examiner}))
        parts = (way_words(group[0]), trials_words(group, values), f"by {examiners}" if examiners else "")
        return "; ".join(part for part in parts if part)
    return ""


def groups_behind(reason: Mapping[str, Any], readings: Sequence[Reading]) -> Iterator[list[Reading]]:
    """Trials of the same thing in the same way whose mean, grade or sight is the reason's."""
    groups: dict[tuple[str, ...], list[Reading]] = {}
    for row in readings:
        if (row.measure, row.side or None) == (reason["measure"], reason["side"]):
            groups.setdefault((row.mode, row.position, row.instrument, row.observed), []).append(row)
    return (group for group in groups.values() if says(group, reason))


def says(group: Sequence[Reading], reason: Mapping[str, Any]) -> bool:
    values = [float(row.value) for row in group if row.value is not None]
    if reason["value"] is None:
        return any((row.grade or row.observed) == (reason["grade"] or reason["observed"]) for row in group)
    return bool(values) and abs(sum(values) / len(values) - reason["value"]) < 1e-5


def absent_groups(entries: Iterable[NotFound], pack: Pack) -> list[AbsentGroup]:
    """Looked at, not measured, not judged; those that have something."""
    groups: dict[str, list[Absent]] = {title: [] for title in ABOUT}
    for entry in entries:
        why = "" if entry.why == INSIDE else entry.why.removeprefix("not measured: ")
        groups[group_of(entry)].append(Absent(name_of(entry.code, pack), entry.side, entry.because, why))
    return [AbsentGroup(title, ABOUT[title], tuple(group)) for title, group in groups.items() if group]


def group_of(entry: NotFound) -> str:
    if entry.why == INSIDE:
        return "Looked at"
    return "Not judged" if entry.because or entry.why in NOT_JUDGED else "Not measured"


def name_of(code: str, pack: Pack) -> str:
    return (pack.rules[code].name if code in pack.rules else "") or code.replace("_", " ").capitalize()


def ledger_shown(ledger: Ledger, pack: Pack, readings: Sequence[RuleReading]) -> LedgerShown:
    rows = [AnsweredRow(row, tuple(name_of(code, pack) for code in row.codes)) for row in ledger.rows]
    return LedgerShown(
        ledger,
        tuple(Method(entry, side_inside(entry, readings)) for entry in ledger.entries),
        tuple(one for one in rows if one.row.answered),
        tuple(one for one in rows if not one.row.answered),
    )


def side_inside(entry: Entry, readings: Sequence[RuleReading]) -> str | None:
    """By the two lengths, else by the differences that were noted, a left one against a right one."""
    if entry.side or not entry.difference:
        return None
    if entry.left is not None and entry.right is not None:
        return "left" if entry.left < entry.right else "right"
    noted = [(row.side, row.value or 0) for row in readings if row.measure == entry.measure]
    more = sum(value if side == "left" else -value for side, value in noted)
    return ("left" if more > 0 else "right") if more else None
