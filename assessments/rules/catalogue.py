"""Every rule, and the one function that asks them all."""

from collections.abc import Callable, Iterable, Sequence

from assessments.rules import exposure, motion, muscle_length, strength_and_foot
from assessments.rules.case import Case
from assessments.rules.leg_length import leg_length
from assessments.rules.records import Facts, Finding, Reading
from assessments.rules.signs import Sign, settle

SignRule = Callable[[Case], Iterable[Sign]]

RULES: tuple[SignRule, ...] = (
    motion.hip_motion_limited,
    motion.hip_motion_limited_to_one_side,
    motion.hip_motion_asymmetric,
    motion.hypermobility_screen,
    motion.ankle_dorsiflexion_limited,
    muscle_length.iliopsoas_short,
    muscle_length.rectus_femoris_short,
    muscle_length.itb_tfl_short,
    muscle_length.hamstring_short,
    muscle_length.neural_tension_sign,
    muscle_length.calf_short,
    muscle_length.graded,
    strength_and_foot.weakness,
    strength_and_foot.trendelenburg,
    strength_and_foot.foot_pronated,
    strength_and_foot.foot_supinated,
    strength_and_foot.gait_deviation,
    exposure.prolonged_sitting,
    exposure.prolonged_standing_hard_floor,
    exposure.unsupportive_footwear,
)
added: list[SignRule] = []


def register_rule(rule: SignRule) -> SignRule:
    """Adds a host's own rule for the life of the process. The same rule twice raises ValueError."""
    if rule in RULES or rule in added:
        raise ValueError(f"{rule!r} is registered already")
    added.append(rule)
    return rule


def find(readings: Sequence[Reading], facts: Facts) -> list[Finding]:
    """All findings of one visit, one for each code and side."""
    case = Case(tuple(readings), facts)
    signs = [sign for rule in (*RULES, *added) for sign in rule(case)]
    return settle([*signs, *leg_length(case, signs)])
