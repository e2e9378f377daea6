"""The chain of reasons for a person: readings, rule and version, source, exercise; and why what is not there isn't."""

from collections.abc import Iterable, Iterator

from assessments.rules import MEASURES, Because, Finding, Ledger, NotFound
from assessments.rules.ledger import Entry
from treatments.evaluation.document import Evaluation
from treatments.planning import LIBRARY, Item, Plan


def explain(evaluation: Evaluation) -> str:
    reasoning, pack = evaluation.reasoning, evaluation.reasoning.case.pack
    lines = [
        f"Protocol {pack.key} {pack.version}",
        f"Referral: {evaluation.referral.level}",
        *indented(evaluation.referral.because),
        *part("Findings", (line for finding in reasoning.findings for line in finding_lines(finding))),
        *part("Leg length", ledger_lines(reasoning.ledger) if reasoning.ledger else ()),
        *programme_lines(evaluation.programme),
        *part("Lift", reasoning.lift.because),
        *part("Not found", map(absence, reasoning.not_found)),
    ]
    return "\n".join(lines)


def part(title: str, lines: Iterable[str]) -> list[str]:
    """A title with its lines; nothing where there are none."""
    found = indented(lines)
    return [f"{title}:", *found] if found else []


def indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def named(key: str, side: str | None) -> str:
    return f"{key} {side}" if side else key


def finding_lines(finding: Finding) -> Iterator[str]:
    grade = f"{finding.grade}, " if finding.grade else ""
    rule = f"rule {finding.rule.key} v{finding.rule.version}"
    standing = f"{grade}{finding.confidence} confidence; {finding.evidence} evidence; {rule}"
    yield f"{named(finding.code, finding.side)} ({standing})"
    yield from indented(map(reason_line, finding.because))


def reason_line(because: Because) -> str:
    label = MEASURES[because.measure].label if because.measure in MEASURES else because.measure.replace("_", " ")
    value = f"{because.value:g} {because.unit}".strip() if because.value is not None else ""
    said = " ".join(word for word in (label, because.side, value, because.grade, because.observed) if word)
    threshold = f"threshold {because.threshold:g}" if because.threshold is not None else ""
    return "; ".join(word for word in (said, threshold, because.note, because.source) if word)


def ledger_lines(ledger: Ledger) -> Iterator[str]:
    for entry in ledger.entries:
        yield f"{entry.label}: {difference(entry)}; trials {entry.trials}; {entry.reliability}"
    if ledger.disagree:
        yield "These methods disagree on the side."
    yield from (f"row {row.row} answered: {row.pattern}" for row in ledger.rows if row.answered)
    yield from (f"next: {step}" for step in ledger.next_steps)


def difference(entry: Entry) -> str:
    if entry.difference is None:
        return "one leg measured"
    side = f"{entry.side} shorter" if entry.side else f"inside its error of {entry.error:g} mm"
    return f"{entry.difference:g} mm, {side}"


def programme_lines(programme: Plan) -> list[str]:
    return [
        "Programme: locked" if programme.locked else "Programme:",
        *indented(line for item in programme.items for line in item_lines(item)),
        *part("Left out", (f"{named(left.exercise, left.side)}: {left.because}" for left in programme.left_out)),
        *part("No exercise by itself", (f"{none.finding}: {none.because}" for none in programme.no_exercise)),
        *(f"Answer first: {sentence}" for sentence in programme.needs_answer_because),
    ]


def item_lines(item: Item) -> Iterator[str]:
    yield named(item.exercise, item.side)
    yield f"  {LIBRARY[item.exercise].name}: {item.because}"
    yield from indented(item.changes)


def absence(entry: NotFound) -> str:
    reasons = "; ".join(map(reason_line, entry.because))
    return f"{named(entry.code, entry.side)}: {entry.why}" + (f" ({reasons})" if reasons else "")
