"""What a picture says: caption, norm, description for those who don't see it, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments import rules
from assessments.rules.case import Mean
from assessments.rules.norms import NoNorm, describe
from assessments.views import evidence

NOTHING = "–"


@dataclass(frozen=True)
class Row:
    """One side in words, for those who read numbers rather than places. `against`: where it lies against the norm."""

    measure: str
    side: str
    now: str
    before: str
    error: str
    judged: str
    against: str


def symbol(measure: rules.Measure) -> str:
    return evidence.symbol(measure.unit)


def number(value: float, measure: rules.Measure) -> str:
    return evidence.number_words(value, measure.unit)


def way(mean: Mean) -> list[str]:
    """Position, mode and instrument, as far as they are recorded."""
    return [word.replace("_", " ") for word in (mean.position, mean.mode, mean.instrument) if word]


def caption(
    measure: rules.Measure,
    mean: Mean,
    threshold: float | None,
    errors: Iterable[float | None],
    pack: rules.Pack,
    differs: str,
) -> str:
    """How it was measured, what the dashed line and the whisker stand for, and whether the sides differ."""
    taken = " · ".join(way(mean))
    line = f"Dashed: working threshold {number(threshold, measure)}, not a norm." if threshold is not None else ""
    sizes = " or ".join(f"±{size:g}{symbol(measure)}" for size in sorted({error for error in errors if error}))
    error = f"Whisker: measurement error {sizes}." if sizes else evidence.no_error_words(measure, pack)
    apart = f"Bracket: {differs}, more than the error of one reading against another." if differs else ""
    said = (f"{taken[:1].upper()}{taken[1:]}." if taken else "", line, error, apart)
    return " ".join(part for part in said if part)


def norm_words(norm: rules.Norm | NoNorm, measure: rules.Measure) -> str:
    """The norm in full, behind the name of how it is drawn; or why there's none."""
    if isinstance(norm, NoNorm):
        return f"No norm for this: {norm.reason}."
    said = describe(norm, measure, symbol(measure))
    return f"{'Band' if norm.range else 'Tick'}: {said[:1].lower()}{said[1:]}"


def row(
    mean: Mean,
    change: rules.Change | None,
    error: float | None,
    measure: rules.Measure,
    norm: rules.Norm | None,
    reach: tuple[float, float] | None,
) -> Row:
    value = mean.value or 0
    return Row(
        measure=measure.label,
        side=mean.side or "",
        now=number(value, measure),
        before=number(change.before, measure) if change and change.before is not None else NOTHING,
        error=f"±{error:g}{symbol(measure)}" if error else "not known",
        judged=change.verdict.replace("_", " ") if change else NOTHING,
        against=against(value, error, norm, reach, measure) if norm else NOTHING,
    )


def against(
    value: float, error: float | None, norm: rules.Norm, reach: tuple[float, float] | None, measure: rules.Measure
) -> str:
    """Where a value lies against the norm. Near an edge it says so: the error may have carried it across."""
    if reach is None:
        name = "reference" if norm.kind == "consensus" else "average"
        return f"{away(value - norm.mean, measure)} the {name}" if value != norm.mean else f"at the {name}"
    edge = min(reach, key=lambda limit: abs(value - limit))
    place = "in the range" if reach[0] <= value <= reach[1] else f"{away(value - edge, measure)} the range"
    near = error is not None and abs(value - edge) < error
    return f"{place}; its edge lies within the measurement error" if near else place


def away(difference: float, measure: rules.Measure) -> str:
    return f"{number(abs(difference), measure)} {'below' if difference < 0 else 'above'}"


def description(rows: Sequence[Row], differs: Iterable[str], norms: Iterable[str]) -> str:
    """The picture for those who don't see it."""
    lanes = [row_words(row) for row in rows]
    more = [said for said in (*differs, *norms) if said]
    return ". ".join([*lanes, *dict.fromkeys(one.removesuffix(".") for one in more)])


def row_words(row: Row) -> str:
    said = [f"{row.measure}, {row.side or 'value'} {row.now}"]
    if row.before != NOTHING:
        said.append(f"before {row.before}: {row.judged}")
    if row.against != NOTHING:
        said.append(row.against)
    return ", ".join(said)
