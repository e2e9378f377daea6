"""The findings one by one."""

import re
from collections.abc import Iterator

from assessments.rules import PACK, RuleData
from assessments.rules.pack import Band, Limit
from treatments.guide.markdown import amount, cited, link, listed, point, years
from treatments.guide.phrases import ALSO, BLANKS, EVIDENCE, THRESHOLDS
from treatments.planning import LIBRARY, NO_EXERCISE
from treatments.planning.library import FINDING_PRECAUTIONS

LEG = "leg_length_"


def findings() -> Iterator[str]:
    yield "## Findings"
    yield ""
    yield (
        "Thresholds of angles and lengths are for adults; under 18 only grades, strength and what was seen or provoked "
        "is judged. Numbers are averaged over their trials; active and passive are judged separately. Where there "
        "are several reasons for a finding on one side, the weightiest gives its grade and confidence."
    )
    yield ""
    for rule in PACK.rules.values():
        if not rule.key.startswith(LEG):
            yield from one_finding(rule)


def one_finding(rule: RuleData) -> Iterator[str]:
    yield f"### {rule.name}"
    yield ""
    yield f"`{rule.key}`, version {rule.version}"
    yield ""
    yield from point("Looks at", listed((PACK.measures[key].label for key in rule.looks_at), ""))
    yield from point("Asks", rule.asks.replace("_", " "))
    yield from raised_by(rule)
    yield from point("Positions", positions(rule))
    yield from point("A grade raises it too, at low confidence", grades(rule))
    yield from verdict(rule)
    yield from answers(rule)
    yield ""


def raised_by(rule: RuleData) -> Iterator[str]:
    sentences = [
        *(in_words(band, rule) for band in rule.bands),
        *(THRESHOLDS[rule.key][name].format(n=f"{value:g}") for name, value in rule.thresholds.items()),
        *([ALSO[rule.key]] if rule.key in ALSO else []),
    ]
    if sentences:
        yield "- **Raised by:**"
        yield from (f"  - {sentence}" for sentence in sentences)
    yield from (f"  - note: {note}" for note in rule.notes.values())


def in_words(band: Band, rule: RuleData) -> str:
    unit = PACK.measures[rule.looks_at[0]].unit
    return f"{years(band.from_age, band.to_age)}: {'; '.join(limit_words(limit, unit) for limit in band.limits)}"


def limit_words(limit: Limit, unit: str) -> str:
    said = f"{'below' if limit.below is not None else 'at most'} {amount(limit.threshold, unit)}, {limit.grade}"
    doubt = f" (from {amount(limit.sure_below, unit)} on one step less sure)" if limit.sure_below is not None else ""
    return said + doubt


def positions(rule: RuleData) -> str:
    where = listed((position.replace("_", " ") for position in rule.positions), "")
    return f"the threshold is for {where}; measured otherwise it is one step less sure" if where else ""


def grades(rule: RuleData) -> str:
    return listed((PACK.measures[key].label for key in rule.graded_by), "")


def verdict(rule: RuleData) -> Iterator[str]:
    """How sure, how well supported, and the two texts."""
    yield f"- **Confidence:** {rule.confidence}. **Evidence:** {rule.evidence} ({EVIDENCE[rule.evidence]})"
    yield f"- **Source:** {cited(rule.source, rule.tag)}"
    yield f"- **The clinician reads:** “{filled(rule.text)}”"
    yield from (f"  - “{filled(pattern)}”" for pattern in rule.patterns.values())
    yield f"- **The client reads:** “{filled(rule.client_text)}”"


def filled(text: str) -> str:
    """A text with words in the place of its blanks; unknown blanks stay, so that somebody sees them."""
    return re.sub(r"\{(\w+)\}", lambda blank: BLANKS.get(blank[1], blank[0]), text)


def answers(rule: RuleData) -> Iterator[str]:
    """The exercises for a finding, or why there are none; and what it forbids."""
    names = [link(exercise.name) for exercise in LIBRARY.values() if rule.key in exercise.for_findings]
    yield f"- **Exercises:** {listed(names, f'none by itself: {NO_EXERCISE.get(rule.key, str())}')}"
    if rule.key in FINDING_PRECAUTIONS:
        yield f"- **Leaves out exercises:** {FINDING_PRECAUTIONS[rule.key].reason}"
