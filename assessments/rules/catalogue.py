"""Every rule, and the one function that asks them all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assessments.rules import exposure, motion, muscle_length, strength_and_foot
from assessments.rules.case import Case
from assessments.rules.contradictions import Contradiction, contradictions
from assessments.rules.ledger import Ledger, ledger
from assessments.rules.leg_evidence import Legs
from assessments.rules.leg_length import leg_length, legs_of
from assessments.rules.lift import lift
from assessments.rules.not_found import not_found
from assessments.rules.pack import Pack
from assessments.rules.protocol import PACK
from assessments.rules.records import Earlier, Facts, Finding, Lift, NotFound, Reading
from assessments.rules.signs import Clear, Judgement, Sign, settle

JudgingRule = Callable[[Case], Iterable[Judgement]]

RULES: tuple[JudgingRule, ...] = (
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
    strength_and_foot.hip_provocation_sign,
    strength_and_foot.foot_pronated,
    strength_and_foot.foot_supinated,
    strength_and_foot.gait_deviation,
    exposure.prolonged_sitting,
    exposure.prolonged_standing_hard_floor,
    exposure.unsupportive_footwear,
)
added: list[JudgingRule] = []


def register_rule(rule: JudgingRule) -> JudgingRule:
    """Adds a host's own rule for the life of the process. The same rule twice raises ValueError."""
    if rule in RULES or rule in added:
        raise ValueError(f"{rule!r} is registered already")
    added.append(rule)
    return rule


@dataclass(frozen=True)
class Reasoning:
    """What one visit leads to, each part worked out when it is asked for."""

    case: Case

    @cached_property
    def judgements(self) -> tuple[Judgement, ...]:
        return tuple(judgement for rule in (*RULES, *added) for judgement in rule(self.case))

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        return tuple(judgement for judgement in self.judgements if isinstance(judgement, Sign))

    @cached_property
    def legs(self) -> Legs | None:
        return legs_of(self.case, self.signs)

    @cached_property
    def leg_signs(self) -> tuple[Sign, ...]:
        return tuple(leg_length(self.legs)) if self.legs else ()

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """One for each code and side."""
        return tuple(settle([*self.signs, *self.leg_signs]))

    @cached_property
    def not_found(self) -> tuple[NotFound, ...]:
        """Every finding of the protocol that is not there, and why; leg length has its ledger instead."""
        clears = [judgement for judgement in self.judgements if isinstance(judgement, Clear)]
        return tuple(not_found(self.case, self.signs, clears))

    @cached_property
    def ledger(self) -> Ledger | None:
        """Every way the legs were measured, side by side; None where they weren't."""
        return ledger(self.case, self.legs, self.leg_signs) if self.legs else None

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Where the readings contradict a picture of something that only wants stretching."""
        return tuple(contradictions(self.case))

    @property
    def lift(self) -> Lift:
        return lift(self.findings, self.case.pack)


def reason(
    readings: Sequence[Reading], facts: Facts, *, pack: Pack = PACK, earlier: Sequence[Earlier] = ()
) -> Reasoning:
    """The reasoning about one visit by one pack. `earlier`: the visits before it, for what only time can tell."""
    return Reasoning(Case(tuple(readings), facts, pack, tuple(earlier)))


def find(readings: Sequence[Reading], facts: Facts, *, pack: Pack = PACK) -> list[Finding]:
    """All findings of one visit."""
    return list(reason(readings, facts, pack=pack).findings)
