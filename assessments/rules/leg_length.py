"""The leg-length decision table, row by row. The first row that speaks is the answer; `refer` speaks beside it."""

from collections.abc import Callable, Iterator, Sequence

from assessments.rules.case import Case
from assessments.rules.leg_evidence import ENOUGH_TRIALS, Estimate, Legs, gather, has_leg_reading
from assessments.rules.leg_history import with_history
from assessments.rules.protocol import MEASURES
from assessments.rules.records import Because
from assessments.rules.signs import Sign

Row = Callable[[Legs], Iterator[Sign]]


def legs_of(case: Case, signs: Sequence[Sign]) -> Legs | None:
    """Everything that the table looks at; None without a leg reading."""
    return with_history(gather(case, signs), case) if has_leg_reading(case) else None


def leg_length(legs: Legs) -> list[Sign]:
    """The answer of the table and, where due, the referral."""
    answer = next(found for row in ROWS if (found := list(row(legs))))
    return answer + list(refer(legs, answer))


def conclude(
    legs: Legs,
    name: str,
    side: str | None,
    because: Sequence[Because] = (),
    confidence: str | None = None,
    **words: str,
) -> Sign:
    rule = legs.pack.rules[f"leg_length_{name}"]
    readings = tuple(reason for estimate in legs.estimates for reason in estimate.because)
    return Sign(rule, side, None, confidence or rule.confidence, (*readings, *because), words)


def millimetres(estimate: Estimate | None) -> str:
    return f"{round(estimate.size, 1):g}" if estimate else ""


def rows_with_imaging(legs: Legs) -> Iterator[Sign]:
    """Rows 9, 10 and 11: only here can anything be confirmed."""
    imaging = legs.imaging
    if imaging is None:
        return
    size = millimetres(imaging)
    if imaging.side and legs.tight:
        yield conclude(legs, "mixed", imaging.side, legs.tight, size=size, tight=legs.tight_words)
    elif imaging.side:
        yield conclude(legs, "structural_confirmed", imaging.side, confidence=imaging_trust(imaging), size=size)
    elif legs.tight or elsewhere(legs):
        yield conclude(legs, "functional_supported", clinical_side(legs), legs.tight, size=size)
    else:
        yield conclude(legs, "no_difference", None, proof=f"Imaging on file shows {size} mm.")


def imaging_trust(imaging: Estimate) -> str:
    """High, or moderate where the kind of imaging isn't recorded."""
    return "high" if imaging.typed else "moderate"


def elsewhere(legs: Legs) -> set[str]:
    """The sides that the other methods call short, each beyond its own error."""
    methods = (legs.apparent, *legs.lying, legs.block, legs.tape)
    return {method.side for method in methods if method and method.side}


def clinical_side(legs: Legs) -> str | None:
    """The side that the other methods call short; None when none does or they disagree."""
    sides = elsewhere(legs)
    return sides.pop() if len(sides) == 1 else None


def row_conflicting(legs: Legs) -> Iterator[Sign]:
    """Row 7: methods that each pass their own error and name different sides."""
    methods = (legs.tape, legs.block, legs.apparent, *legs.lying)
    if len({method.side for method in methods if method and method.side}) > 1:
        yield conclude(legs, "conflicting", None)


def row_contracture(legs: Legs) -> Iterator[Sign]:
    """Row 8; without a block the tape is still alone, and both are said."""
    if legs.tape and legs.tape.side and legs.contracture:
        yield conclude(legs, "contracture_possible", legs.tape.side, legs.contracture)
        if legs.block is None:
            yield insufficient(legs, "tape_alone", legs.tape)


def row_structural_suspected(legs: Legs) -> Iterator[Sign]:
    """Row 6: tape and block name one side, and nothing else explains it or weeks did not change it.

    Single readings by tape: low.
    """
    tape, block = legs.tape, legs.block
    if tape and block and tape.side and block.side and (not legs.tight or legs.unchanged_since):
        confidence = "moderate" if tape.trials >= ENOUGH_TRIALS else "low"
        size, unchanged = millimetres(block), unchanged_words(legs)
        yield conclude(legs, "structural_suspected", tape.side, legs.tight, confidence, size=size, unchanged=unchanged)


def unchanged_words(legs: Legs) -> str:
    """Why unequal tissue no longer explains the difference; empty where there is none."""
    if not legs.tight or not legs.unchanged_since:
        return ""
    return (
        f" {legs.tight_words} is unequal too, but tape and block are unchanged since {legs.unchanged_since:%Y-%m-%d}."
    )


def rows_functional(legs: Legs) -> Iterator[Sign]:
    """Rows 3 and 4: the tape is level, something else isn't, and there is something that may explain it."""
    if legs.tape is None or legs.tape.side:
        return
    if legs.unequal and legs.tight:
        confidence = "moderate" if legs.apparent in legs.unequal and len(legs.unequal) > 1 else "low"
        side = legs.unequal[0].side
        yield conclude(legs, "functional_suspected", side, legs.tight, confidence, tight=legs.tight_words)
    if legs.block and legs.block.side and legs.block.side == legs.lower_foot:
        yield conclude(legs, "functional_foot_suspected", legs.block.side, legs.foot)


def row_no_difference(legs: Legs) -> Iterator[Sign]:
    """Row 2: nothing passes its error. Moderate needs two trials by tape and the apparent lengths too."""
    if legs.tape and legs.block and not any(estimate.side for estimate in legs.estimates):
        sure = legs.apparent is not None and legs.tape.trials >= ENOUGH_TRIALS
        yield conclude(
            legs, "no_difference", None, confidence="moderate" if sure else "low", proof=legs.pack.leg["no_proof"]
        )


def row_unloaded(legs: Legs) -> Iterator[Sign]:
    """Row 5: only a lying or sitting check shows a difference."""
    unloaded = [method for method in (*legs.lying, legs.long_sitting) if method and method.side]
    loaded = any(method.side for method in (legs.tape, legs.block, legs.apparent) if method)
    if unloaded and not loaded:
        sides = {method.side for method in unloaded}
        yield conclude(legs, "unloaded_asymmetry", sides.pop() if len(sides) == 1 else None)


def row_insufficient(legs: Legs) -> Iterator[Sign]:
    """Row 1 and whatever the table leaves open: what is there, and what would settle it."""
    yield insufficient(legs, *open_question(legs))


def open_question(legs: Legs) -> tuple[str, Estimate | None]:
    """Which pattern it is and the method that gives the side."""
    tape, block = legs.tape, legs.block
    if tape and not tape.side and not (block and block.side) and legs.unequal:
        return "unexplained", legs.unequal[0]
    if tape and block:
        return two_methods(tape, block)
    if tape:
        return ("tape_alone" if tape.side else "tape_level"), tape
    if block:
        return ("block_alone" if block.side else "block_level"), block
    if legs.apparent:
        return "apparent", legs.apparent
    unloaded = (*legs.lying, legs.long_sitting)
    return next((("lying", method) for method in unloaded if method), ("one_leg", None))


def two_methods(tape: Estimate, block: Estimate) -> tuple[str, Estimate]:
    if tape.side and block.side:
        return "treat_first", block
    return ("tape_not_block", tape) if tape.side else ("block_not_tape", block)


def insufficient(legs: Legs, pattern: str, method: Estimate | None) -> Sign:
    because = legs.tight if pattern == "treat_first" else legs.single
    said = legs.pack.rules["leg_length_insufficient_data"].patterns[pattern]
    unequal = ", ".join(f"{MEASURES[one.measure].label.lower()} ({millimetres(one)} mm)" for one in legs.unequal)
    said = said.format(size=millimetres(method), tape=millimetres(legs.tape), tight=legs.tight_words, unequal=unequal)
    return conclude(legs, "insufficient_data", method.side if method else None, because, pattern=said)


def refer(legs: Legs, answer: Sequence[Sign]) -> Iterator[Sign]:
    """Row 12, beside any answer: large, after certain events, in the young, or quickly changing.

    History and age count beside a difference beyond its error; lying checks are too unreliable for that.
    """
    # Imaging settles the size; a tape is heard only where there is none.
    table = legs.pack.leg
    methods = (legs.imaging,) if legs.imaging else (legs.tape, legs.block)
    large = [method for method in methods if method and method.size >= table["refer"]]
    reasons = [f"{millimetres(large[0])} mm, from {table['refer']} mm on"] if large else []
    reasons += [legs.grown] if legs.grown else []
    if any(method.side for method in (legs.imaging, legs.tape, legs.block, legs.apparent) if method):
        reasons += told_reasons(legs)
    if reasons:
        side = large[0].side if large else answer[0].side
        yield conclude(legs, "refer", side, why="; ".join(reasons))


def told_reasons(legs: Legs) -> list[str]:
    """From history, age and red flags; a missing or unsure answer is no reason."""
    facts, table = legs.facts, legs.pack.leg
    told = [key for key in table["refer_history"] if facts.conditions.get(key) == "yes"]
    told += [key for key in table["refer_flags"] if facts.red_flags.get(key) == "yes"]
    young = facts.age is not None and facts.age < table["refer_under_age"]
    return [key.replace("_", " ") for key in told] + ["under 18"] * young


ROWS: tuple[Row, ...] = (
    rows_with_imaging,
    row_conflicting,
    row_contracture,
    row_structural_suspected,
    rows_functional,
    row_no_difference,
    row_unloaded,
    row_insufficient,
)
