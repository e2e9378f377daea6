"""How each thing is measured, how far a reading can be trusted, and what studies found in healthy people."""

import re
from collections.abc import Iterator
from itertools import groupby

from assessments.rules import PACK, Measure, Norm
from assessments.rules.pack import DetectableChange
from treatments.guide.markdown import amount, capital, cited, listed, point, table, years


def measures() -> Iterator[str]:
    yield "## Measures"
    yield ""
    yield (
        "A reading beyond the hard limits is refused; beyond the soft limits you are asked whether you are sure. All "
        "limits are our own working values. The detectable change is the smallest change between two visits that is "
        "more than measurement error."
    )
    yield ""
    by_group = sorted(PACK.measures.values(), key=lambda measure: list(groups()).index(measure.group))
    for group, same in groupby(by_group, key=lambda measure: measure.group):
        yield f"### {capital(group)}"
        yield ""
        for measure in same:
            yield from one_measure(measure)


def groups() -> dict[str, None]:
    """The groups of measures in the order of the protocol."""
    return dict.fromkeys(measure.group for measure in PACK.measures.values())


def one_measure(measure: Measure) -> Iterator[str]:
    yield f"#### {measure.label}"
    yield ""
    yield f"`{measure.key}`"
    yield ""
    yield from point("How", measure.how_to)
    yield from point("Entered as", entered(measure))
    yield from point("Positions", listed(position.replace("_", " ") for position in measure.positions))
    yield from point("Instruments", listed(measure.instruments))
    yield from point("Limits", limits(measure))
    yield from point("Reliability", measure.reliability)
    yield from point("Detectable change", change(measure, PACK.changes.get(measure.key)))
    yield f"- **Source:** {cited(measure.source, measure.tag)}"
    yield ""


def entered(measure: Measure) -> str:
    kinds = {
        "number": f"a number{f' ({measure.unit})' if measure.unit else ''}",
        "yes_no": "0 or 1",
        "observation": listed(word.replace("_", " ") for word in measure.observed),
        "grade": "a grade: none, mild, moderate, marked",
    }
    also = " or a grade" if measure.grade and measure.kind != "grade" else ""
    sides = {"left_right": "for each side", "shorter": "with the shorter side", "none": "without a side"}
    return f"{kinds[measure.kind]}{also}, {sides[measure.sides]}"


def limits(measure: Measure) -> str:
    if measure.kind != "number":
        return ""
    said = f"hard {amount(measure.hard_min)} to {amount(measure.hard_max, measure.unit)}"
    soft = [
        f"{word} {amount(value, measure.unit)}"
        for word, value in (("below", measure.soft_min), ("above", measure.soft_max))
        if value is not None
    ]
    return f"{said}; asks again {' or '.join(soft)}" if soft else said


def change(measure: Measure, known: DetectableChange | None) -> str:
    if known is None:
        return "none is known, so a change is never called one" if measure.kind == "number" else ""
    said = [amount(known.same_examiner, measure.unit)]
    if known.different_examiners is not None:
        said.append(f"between two examiners {amount(known.different_examiners, measure.unit)}")
    if known.passive is not None:
        said.append(f"passive {amount(known.passive, measure.unit)}")
    if known.never_between_examiners_in:
        said.append(f"never between two examiners ({listed(known.never_between_examiners_in)} position)")
    return f"{'; '.join(said)}. {cited(known.source, known.tag)}"


def norms() -> Iterator[str]:
    yield "## Norms"
    yield ""
    yield (
        "What studies found. A range (mean ± 1.96 SD, our computation) is given only where a study printed its spread: "
        "95 of 100 of its people would lie inside, if they spread evenly around the mean. A mean alone makes no range, "
        "and being outside a range is no disease. What has no line here has no norm on file."
    )
    yield ""
    by_measure = sorted(PACK.norms, key=lambda norm: list(PACK.measures).index(norm.measure))
    for key, same in groupby(by_measure, key=lambda norm: norm.measure):
        measure = PACK.measures[key]
        yield f"### Norms of {measure.label}"
        yield ""
        header = ("people", "how", "mean", "spread (SD)", "range", "source")
        yield from table(header, (norm_row(norm, measure.unit) for norm in same))


def norm_row(norm: Norm, unit: str) -> tuple[str, ...]:
    consensus = "not measured: an agreed reference angle. " if norm.kind == "consensus" else ""
    low_high = norm.range
    return (
        people(norm),
        listed((word.replace("_", " ") for word in (norm.mode, norm.position, norm.instrument) if word), "not said"),
        amount(norm.mean, unit),
        amount(norm.sd, unit) or "not published",
        f"{low_high[0]:.3g} to {amount(round(low_high[1], 1), unit)}" if low_high else "none",
        f"{consensus}{cited(norm.source, norm.tag)}{f'. {capital(norm.caveat)}' if norm.caveat else ''}",
    )


def people(norm: Norm) -> str:
    """Who was measured, with the ages where the study's own words have none."""
    ages = "" if re.search(r"\d", norm.population) else years(norm.from_age, norm.to_age)
    return listed(word for word in (norm.population, ages, f"{norm.n} people" if norm.n else "") if word)
