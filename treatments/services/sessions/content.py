"""What stands in a session note, apart from who wrote it and whether it is signed."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

from assessments.models import Assessment
from assessments.models import State as AssessmentState
from assessments.rules import PACK
from clinic.figure import chart as body_chart
from clinic.models import Client
from clinic.problems import InvalidInput, Problem
from treatments.models import SessionNote, SessionTechnique
from treatments.planning.vocabulary import STRUCTURES, TECHNIQUES, known

TEXTS = ("subjective", "objective", "analysis", "plan")
LONGEST_TEXT, LONGEST_WORD, LONGEST_REMARK = 20_000, 60, 200
MOST_ROWS, MOST_MINUTES, MOST_PAIN = 40, 240, 10
SIDES = ("", "left", "right", "both")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what the hands did. `technique` and `structure` are keys of the vocabulary, or in a draft the word
    as far as it was typed; `side` is left, right, both or empty."""

    technique: str = ""
    structure: str = ""
    side: str = ""
    minutes: int | None = None
    for_finding: str = ""
    for_side: str = ""
    remark: str = ""

    @property
    def is_blank(self) -> bool:
        return self == Row()

    @property
    def what(self) -> tuple[str, str, str]:
        return self.technique, self.structure, self.side


@dataclass(frozen=True, slots=True)
class Content:
    """`chart`: strokes as `clinic.figure.chart` says. `assessment`: what was measured in this session."""

    held_on: datetime.date | None = None
    subjective: str = ""
    objective: str = ""
    analysis: str = ""
    plan: str = ""
    pain_before: int | None = None
    pain_after: int | None = None
    chart: list[dict[str, Any]] = field(default_factory=list)
    assessment: uuid.UUID | None = None
    techniques: tuple[Row, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Nothing that anybody would miss."""
        return replace(self, held_on=None, assessment=None) == Content()


def content_of(note: SessionNote) -> Content:
    return Content(
        **{name.name: getattr(note, name.name) for name in fields(Content)[:-2]},
        assessment=note.assessment_id,
        techniques=tuple(row_of(row) for row in note.techniques.all()),
    )


def row_of(row: SessionTechnique) -> Row:
    return Row(**{name.name: getattr(row, name.name) for name in fields(Row)})


def cleaned(content: Content, client: Client) -> Content:
    """With line ends as they are stored, words of the vocabulary as their keys and without blank rows. Raises
    InvalidInput with every problem."""
    rows = tuple(tidy(row) for row in content.techniques)
    tidied = replace(
        content,
        **{name: getattr(content, name).replace("\r\n", "\n").strip() for name in TEXTS},
        held_on=content.held_on or client.today,
        techniques=tuple(row for row in rows if not row.is_blank),
    )
    problems = list(faults(tidied, client))
    if problems:
        raise InvalidInput(problems)
    return tidied


def tidy(row: Row) -> Row:
    structure = known(row.structure, STRUCTURES)
    unsided = structure in STRUCTURES and not STRUCTURES[structure].sided
    return replace(
        row,
        technique=known(row.technique, TECHNIQUES),
        structure=structure,
        side="" if unsided else row.side,
        remark=row.remark.strip(),
    )


def faults(content: Content, client: Client) -> Iterator[Problem]:
    for name in TEXTS:
        text = getattr(content, name)
        if len(text) > LONGEST_TEXT:
            yield Problem(name, f"is longer than {LONGEST_TEXT} characters")
        if "\x00" in text:
            yield Problem(name, "has a character that no text has")
    for name in ("pain_before", "pain_after"):
        pain = getattr(content, name)
        if pain is not None and not 0 <= pain <= MOST_PAIN:
            yield Problem(name, f"{pain} is not between 0 and {MOST_PAIN}")
    if content.held_on and content.held_on > client.today:
        yield Problem("held_on", f"{content.held_on:%Y-%m-%d} is in the future")
    if content.held_on and client.date_of_birth and content.held_on < client.date_of_birth:
        yield Problem("held_on", f"{content.held_on:%Y-%m-%d} is before the client was born")
    yield from (Problem("chart", line) for line in body_chart.faults(content.chart))
    if len(content.techniques) > MOST_ROWS:
        yield Problem("techniques", f"has more than {MOST_ROWS} rows")
    for number, row in enumerate(content.techniques):
        yield from (Problem(f"techniques[{number}].{name}", said) for name, said in row_faults(row))
    if content.assessment and not assessments_of(client).filter(pk=content.assessment).exists():
        yield Problem("assessment", "is not an assessment of this client")


def row_faults(row: Row) -> Iterator[tuple[str, str]]:
    for name in ("technique", "structure"):
        if len(getattr(row, name)) > LONGEST_WORD:
            yield name, f"is longer than {LONGEST_WORD} characters"
    if len(row.remark) > LONGEST_REMARK:
        yield "remark", f"is longer than {LONGEST_REMARK} characters"
    if any("\x00" in text for text in (row.technique, row.structure, row.remark)):
        yield "remark", "has a character that no text has"
    for name in ("side", "for_side"):
        if getattr(row, name) not in SIDES:
            yield name, f"{getattr(row, name)!r} is not one of left, right, both"
    if row.minutes is not None and not 1 <= row.minutes <= MOST_MINUTES:
        yield "minutes", f"{row.minutes} is not between 1 and {MOST_MINUTES}"
    if row.for_finding and row.for_finding not in PACK.rules:
        yield "for_finding", f"{row.for_finding!r} is no finding"


def assessments_of(client: Client) -> Any:
    rows = Assessment.objects.filter(practice_id=client.practice_id, client=client)
    return rows.exclude(state=AssessmentState.ENTERED_IN_ERROR)


def repeated(content: Content, last: Content) -> Content:
    """With the techniques of the last session that aren't there yet, and its plan where none is written. What the
    client said and how it hurt is of the day and never copied."""
    there = {row.what for row in content.techniques}
    rows = tuple(replace(row, remark="") for row in last.techniques if row.what not in there)
    return replace(content, techniques=(*content.techniques, *rows), plan=content.plan or last.plan)
