"""The leg-length table row by row, its limits, what it asks for next, and what is said of a lift."""

from collections.abc import Iterable, Iterator
from typing import Any

from assessments.rules import PACK
from intake.screening import CONDITIONS, RED_FLAGS
from treatments.guide.concluding import answers, verdict
from treatments.guide.markdown import amount, capital, link, listed, point, table
from treatments.guide.phrases import ANY_STEPS, LEG_LIMITS, LEG_STEPS, TAGS


def leg_length() -> Iterator[str]:
    yield "## Leg length, row by row"
    yield ""
    yield (
        "No single reading settles leg length. Every method is held against its own error, and the first row that fits "
        "answers, in the order 9 to 11, 7, 8, 6, 3, 4, 2, 5, 1; row 12 speaks beside any answer. Nothing is confirmed "
        "without imaging, and no lift may be considered without it."
    )
    yield ""
    yield from leg_limits()
    for row in PACK.leg["rows"]:
        yield from one_row(row)
    yield from next_steps()
    yield from lift()


def leg_limits() -> Iterator[str]:
    yield "### Limits"
    yield ""
    rows = ((words, amount(PACK.leg[name], unit)) for name, (words, unit) in LEG_LIMITS.items())
    yield from table(("what", f"limit ({TAGS['D'][0]})"), rows)
    yield from point("Short or stiff, on one side only", names(PACK.leg["tight_findings"]))
    yield from point("A history that changes bones", listed(CONDITIONS[key].name for key in PACK.leg["refer_history"]))
    yield from point("A flag that asks for an opinion", listed(RED_FLAGS[key].name for key in PACK.leg["refer_flags"]))
    yield ""


def names(codes: Iterable[str]) -> str:
    return listed(link(PACK.rules[code].name) for code in codes)


def one_row(row: dict[str, Any]) -> Iterator[str]:
    yield f"### Row {row['row']}"
    yield ""
    yield f"*Pattern: {row['pattern']}.*"
    yield ""
    yield from point("Needs", listed(row.get("needs", ()), ""))
    for code in row["answers"]:
        rule = PACK.rules[code]
        yield f"- **Answer:** {rule.name} (`{code}`, version {rule.version})"
        yield from verdict(rule)
        yield from point("Next", PACK.leg["next"].get(LEG_STEPS.get(code, ""), ""))
        yield from answers(rule)
    yield ""


def next_steps() -> Iterator[str]:
    yield "### What any row may ask for next"
    yield ""
    yield from table(("when", "step"), ((capital(when), PACK.leg["next"][step]) for step, when in ANY_STEPS.items()))


def lift() -> Iterator[str]:
    """What the software says of a lift, which is never that there should be one."""
    table_of = PACK.leg
    yield "### A lift"
    yield ""
    yield (
        "The software never prescribes one. It says that a clinician may consider one only where a difference is "
        "confirmed on imaging; where a part is functional that part is treated first, and where an opinion is due it "
        "comes first."
    )
    yield ""
    yield f"- **Height to consider:** {table_of['lift_share']:.0%} of the difference ({table_of['lift_share_source']})"
    yield (
        f"- **Start and step:** {table_of['lift_start_mm']} mm, then {table_of['lift_step_mm']} mm every 1-2 weeks by "
        f"symptoms ({TAGS[table_of['lift_step_tag']][0]})"
    )
    yield f"- **Above {table_of['lift_in_shoe_mm']} mm:** {table_of['lift_in_shoe_note']}"
    yield f"- **Review:** after {table_of['lift_review_weeks']} weeks"
    yield ""
