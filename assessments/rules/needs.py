"""What the rules read of each finding by name, and what in the files no rule reads: a slip there would pass in silence.

A finding that is only graded needs no entry: `graded` reads nothing by name.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from assessments.rules.pack import Pack, RuleData

TABLE = "leg_length.json"
#: Every text may name the side.
ALWAYS = frozenset({"side"})


@dataclass(frozen=True, slots=True)
class Needs:
    """The names that the rule of a finding reads, each of which must be there.

    may: those it can do without, with their part. words: what the texts may name in braces beside the side;
    pattern_words: what the patterns may. bands: it has limits by age, which hold for the positions it names. asks: the
    fact about the person that raises it.
    """

    thresholds: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    pattern_words: tuple[str, ...] = ()
    asks: str = ""
    bands: bool = False
    may: tuple[str, ...] = ()


MOTION = Needs(bands=True, may=("thresholds.side_difference", "notes.common"))
STRENGTH = Needs(thresholds=("below", "mild_below"))

NEEDS: Mapping[str, Needs] = {
    "hip_flexion_limited": MOTION,
    "hip_extension_limited": MOTION,
    "hip_abduction_limited": MOTION,
    "hip_adduction_limited": MOTION,
    "hip_internal_rotation_limited": MOTION,
    "hip_external_rotation_limited": MOTION,
    "hip_motion_asymmetric": Needs(),
    "hypermobility_screen": Needs(
        thresholds=("hip_flexion", "hip_extension", "hip_internal_rotation", "hip_external_rotation")
    ),
    "ankle_dorsiflexion_limited": Needs(
        thresholds=("ankle_dorsiflexion", "weight_bearing_lunge_angle", "weight_bearing_lunge")
    ),
    "iliopsoas_short": Needs(thresholds=("above", "critical"), notes=("critical", "pelvis")),
    "rectus_femoris_short": Needs(thresholds=("thomas_knee_flexion", "ely_knee_flexion"), notes=("alone",)),
    "itb_tfl_short": Needs(thresholds=("thomas_hip_abduction", "ober_angle")),
    "hamstring_short": Needs(
        thresholds=("active_male", "active_female", "passive_male", "passive_female", "straight_leg_raise"),
        notes=("sex", "mode", "split", "nerve"),
    ),
    "calf_short": Needs(),
    "gastrocnemius_short": Needs(thresholds=("straight_at_most", "gain", "bent_from")),
    "soleus_short": Needs(),
    "neural_tension_sign": Needs(thresholds=("from", "to")),
    "hip_abductors_weak": Needs(thresholds=STRENGTH.thresholds, notes=("trendelenburg",)),
    "hip_extensors_weak": STRENGTH,
    "hip_provocation_sign": Needs(notes=("fadir", "faber", "fair")),
    "foot_pronated": Needs(thresholds=("from", "highly_from", "navicular_drop_above"), notes=("navicular",)),
    "foot_supinated": Needs(thresholds=("to", "highly_to")),
    "gait_deviation": Needs(),
    "prolonged_sitting": Needs(thresholds=("hours",), asks="sitting_hours_per_day"),
    "prolonged_standing_hard_floor": Needs(thresholds=("hours",), asks="standing_hours_per_day"),
    "unsupportive_footwear": Needs(asks="footwear"),
    "leg_length_insufficient_data": Needs(
        patterns=(
            *("one_leg", "tape_alone", "tape_level", "unexplained", "block_alone", "block_level", "apparent", "lying"),
            *("tape_not_block", "block_not_tape", "treat_first"),
        ),
        words=("pattern",),
        pattern_words=("size", "tape", "tight", "unequal"),
    ),
    "leg_length_no_difference": Needs(words=("proof",)),
    "leg_length_functional_suspected": Needs(words=("tight",)),
    "leg_length_functional_foot_suspected": Needs(),
    "leg_length_functional_supported": Needs(words=("size",)),
    "leg_length_unloaded_asymmetry": Needs(),
    "leg_length_structural_suspected": Needs(words=("size", "unchanged")),
    "leg_length_structural_confirmed": Needs(words=("size",)),
    "leg_length_mixed": Needs(words=("size", "tight")),
    "leg_length_contracture_possible": Needs(),
    "leg_length_conflicting": Needs(),
    "leg_length_refer": Needs(words=("why",)),
}


def name_faults(pack: Pack) -> Iterator[str]:
    """Names that a rule reads and no file has, and names in the files that no rule reads."""
    yield from (f"findings: {key}: is missing; a rule makes it" for key in NEEDS if key not in pack.rules)
    for key, rule in pack.rules.items():
        if key in NEEDS or rule.graded_by:
            yield from (f"findings: {key}: {line}" for line in of_one(rule, NEEDS.get(key, Needs())))
        else:
            yield f"findings: {key}: no rule makes it"
    yield from (f"{TABLE}: {line}" for line in of_table(pack))


def of_one(rule: RuleData, needs: Needs) -> Iterator[str]:
    """What is wrong with the names in one finding."""
    yield from unlike("thresholds", rule.thresholds, needs.thresholds, needs.may)
    yield from unlike("notes", rule.notes, needs.notes, needs.may)
    yield from unlike("patterns", rule.patterns, needs.patterns)
    yield from unfilled("text", rule.text, needs.words)
    yield from unfilled("client_text", rule.client_text, needs.words)
    for name, text in rule.patterns.items():
        yield from unfilled(f"patterns: {name}", text, needs.pattern_words, frozenset())
    if rule.asks != needs.asks:
        yield f"asks: is {rule.asks or 'missing'}; the rule reads {needs.asks or 'none'}"
    for part in ("bands", "positions"):
        if bool(getattr(rule, part)) != needs.bands:
            yield f"{part}: {'are missing' if needs.bands else 'no rule reads them here'}"
    if "common" not in rule.notes and any(limit.sure_below is not None for band in rule.bands for limit in band.limits):
        yield "a limit with sure_below needs the note 'common', which says why"


def unlike(part: str, there: Iterable[str], needed: Iterable[str], may: Iterable[str] = ()) -> Iterator[str]:
    """The names that are missing, and those that are too much."""
    there, needed = list(there), list(needed)
    yield from (f"{part}: {name} is missing" for name in needed if name not in there)
    yield from (f"{part}: no rule reads {name}" for name in there if name not in needed and f"{part}.{name}" not in may)


def unfilled(place: str, text: str, words: Iterable[str], always: frozenset[str] = ALWAYS) -> Iterator[str]:
    wrong = placeholders(text) - always - set(words)
    if wrong:
        yield f"{place}: unknown placeholder {', '.join(sorted(wrong))}"


def placeholders(text: str) -> set[str]:
    """The names in braces, with any format, which no text of ours has; open braces are a name that nobody knows."""
    try:
        found = [(name, spec, turn) for _, name, spec, turn in Formatter().parse(text) if name is not None]
        return {"".join([name, f":{spec}" * bool(spec), f"!{turn}" * bool(turn)]) for name, spec, turn in found}
    except ValueError:
        return {"with an open brace"}


def of_table(pack: Pack) -> Iterator[str]:
    """Names of findings in the leg-length table; each finding about leg length answers one row."""
    table: Mapping[str, Any] = pack.leg
    yield from (f"tight_findings: no such finding: {key}" for key in table["tight_findings"] if key not in pack.rules)
    answers = [(row["row"], code) for row in table["rows"] for code in row["answers"]]
    own = [key for key in NEEDS if key.startswith("leg_length_")]
    yield from (f"rows: row {row}: no rule answers {code}" for row, code in answers if code not in own)
    told = {code for _, code in answers}
    yield from (f"rows: {code} answers no row" for code in own if code not in told)
    numbers = [row["row"] for row in table["rows"]]
    yield from (f"rows: row {n} stands there twice" for n in sorted(set(numbers)) if numbers.count(n) > 1)
