"""Red flags with their levels and combinations, readings that raise one, and what conditions exclude."""

from collections.abc import Iterable, Iterator, Sequence

from intake.screening import COMBINATIONS, CONDITIONS, LEVELS, RED_FLAGS, Combination, Item
from treatments.guide.markdown import capital, cited, listed, point, table
from treatments.guide.phrases import CONTRADICTIONS, TAGS
from treatments.planning import LIBRARY, Precaution
from treatments.planning.library import CONDITION_PRECAUTIONS, CONTENTS

ACTS = {
    "emergency": (
        "Each of these alone: emergency care now. The programme is empty and locked until a named clinician lifts the "
        "lock with a note."
    ),
    "urgent": (
        "Each of these alone: a medical review first. The programme is empty and locked until a named clinician lifts "
        "the lock with a note."
    ),
    "ask": "A clinician asks in person before a programme is published; several together may weigh more, see below.",
}


def red_flags() -> Iterator[str]:
    yield "## Red flags"
    yield ""
    yield (
        "Every question is answered yes, no or not sure. Not sure counts as ask, whatever the question, and never "
        "towards a combination. The client is told what to do, never what is suspected."
    )
    yield ""
    for level in reversed(LEVELS):
        items = [item for item in RED_FLAGS.values() if item.level == level]
        if items:
            yield from one_level(level, items)
    yield from combinations()
    yield from contradictions()


def one_level(level: str, items: Iterable[Item]) -> Iterator[str]:
    yield f"### Level {level}"
    yield ""
    yield ACTS[level]
    yield ""
    grouped = level == "ask"
    header = ("flag", "question", "may be", *(["group"] if grouped else []), "source")
    yield from table(header, (flag_row(item, grouped) for item in items))


def flag_row(item: Item, grouped: bool) -> Sequence[str]:
    group = [item.group or ""] if grouped else []
    return (capital(item.name), item.question, item.suspects, *group, cited(item.source, item.tag))


def combinations() -> Iterator[str]:
    yield "### Flags together"
    yield ""
    rows = ((one.level, when(one), cited(one.source, one.tag)) for one in COMBINATIONS)
    yield from table(("level", "when", "source"), rows)


def when(one: Combination) -> str:
    parts = [f"{least} or more {group} flags" for group, least in one.yes.items()]
    parts += [f"pain in {listed(site.replace('_', ' ') for site in sorted(one.pain_in))}"] if one.pain_in else []
    parts += [f"over {one.age_over} years"] if one.age_over is not None else []
    parts += [f"under {one.age_under} years"] if one.age_under is not None else []
    return capital(" and ".join(parts))


def contradictions() -> Iterator[str]:
    yield "### Readings that contradict a stretch"
    yield ""
    yield "What the client told counts as in the intake: a yes makes it urgent, not sure makes it a question."
    yield ""
    every = (row for levels in CONTRADICTIONS.values() for row in levels.items())
    rows = ((level, capital(words), TAGS["D"][0]) for level, words in every)
    yield from table(("level", "when", "source"), rows)


def conditions() -> Iterator[str]:
    yield "## Conditions"
    yield ""
    yield (
        "While a condition is unanswered nothing is suggested; not sure leaves out what a yes would exclude or change. "
        "The clinician has the last word."
    )
    yield ""
    for item in CONDITIONS.values():
        yield from one_condition(item, CONDITION_PRECAUTIONS[item.key])


def one_condition(item: Item, rule: Precaution) -> Iterator[str]:
    yield f"### {capital(item.name)}"
    yield ""
    yield f"“{item.question}”"
    yield ""
    yield from point("Details that matter", listed((detail for detail in item.details), ""))
    yield from point("Effect", rule.reason)
    yield from point("Excludes", excludes(rule))
    yield from until_known(rule)
    yield from point("Left out until then" if rule.until else "Left out", left_out(item, rule))
    yield from (f"- **Changes what {CONTENTS.tags[tag]}:** {how}" for tag, how in rule.changes.items())
    yield from point("Reach", "only the affected side" if rule.per_side else "")
    yield from point("Advice", rule.advice)
    yield f"- **Source:** {cited(rule.source, rule.tag)}"
    yield ""


def excludes(rule: Precaution) -> str:
    return "everything, until a clinician chooses" if rule.everything else movements(rule.excludes)


def movements(tags: Iterable[str]) -> str:
    """What exercises with these tags do."""
    return "; ".join(f"what {CONTENTS.tags[tag]}" for tag in sorted(tags))


def until_known(rule: Precaution) -> Iterator[str]:
    """What holds once the details are known."""
    if rule.until:
        yield f"- **Until known:** {listed(rule.until)}. Afterwards the surgeon's restrictions and, by approach:"
        for approach, tags in rule.excludes_by_approach.items():
            yield f"  - {approach}: {movements(tags) or 'nothing more'}"


def left_out(item: Item, rule: Precaution) -> str:
    """The names of the exercises that a yes leaves out; empty where it leaves out none, or all."""
    own = ((exercise, exercise.contraindications.get(item.key)) for exercise in LIBRARY.values())
    names = [
        exercise.name
        for exercise, mark in own
        if exercise.tags & rule.excludes or (mark is not None and mark.effect == "exclude")
    ]
    return "" if rule.everything else listed(names, "")
