"""What the numbers of a protocol are called on a page, and where each of them stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.rules import MEASURES, Pack, RuleData
from assessments.rules.pack import Band, Limit

#: Thresholds that have a name of their own; those named after a measure are called by its label.
NAMES = {
    "side_difference": "Less than the other side by",
    "above": "Above",
    "critical": "Critical criterion, above",
    "below": "Moderate below",
    "mild_below": "Mild below",
    "from": "From",
    "highly_from": "Marked from",
    "to": "Up to",
    "highly_to": "Marked up to",
    "navicular_drop_above": "Navicular drop above",
    "hours": "Hours a day, from",
    "active_male": "Men, active, above",
    "active_female": "Women, active, above",
    "passive_male": "Men, passive, above",
    "passive_female": "Women, passive, above",
    "straight_at_most": "Knee straight, at most",
    "gain": "More with the knee bent, by",
    "bent_from": "Knee bent, from",
}
#: Which side of a threshold named after a measure raises the finding.
PASSED = {
    "hypermobility_screen": "above",
    "ankle_dorsiflexion_limited": "below",
    "rectus_femoris_short": "below",
    "itb_tfl_short": "above",
    "hamstring_short": "below",
}
UNITS = {"0/1": "", "0-5": "of 5", "score": "points"}
OTHER_UNITS = {"hours": "h", "navicular_drop_above": "mm", "neural_tension_sign": "deg", "hamstring_short": "deg"}
#: What decides a finding that has no number of its own.
DECIDED_BY = {
    "hip_motion_asymmetric": "the measurement error of each motion",
    "calf_short": "the threshold of ankle dorsiflexion",
    "soleus_short": "the threshold of ankle dorsiflexion",
    "leg_length": "the limits of the leg-length table",
}
LEG_LIMITS = {
    "tape": "Tape: a difference from",
    "apparent": "Apparent lengths: a difference from",
    "block": "Standing blocks: a difference from",
    "lying": "Lying check: a difference from",
    "long_sitting": "Long-sitting check: a difference from",
    "refer": "Orthopaedic opinion from",
}
ERRORS = {
    "same_examiner": "same examiner",
    "different_examiners": "different examiners",
    "passive": "passive",
}


@dataclass(frozen=True)
class Number:
    """One threshold as it is shipped and as the practice has it; None on a side where it doesn't exist."""

    name: str
    label: str
    unit: str
    shipped: float | None
    own: float | None

    @property
    def changed(self) -> bool:
        return self.shipped != self.own

    @property
    def shipped_words(self) -> str:
        return "–" if self.shipped is None else f"{self.shipped:g}"

    @property
    def own_words(self) -> str:
        return "none" if self.own is None else f"{self.own:g}"

    @property
    def brief(self) -> str:
        """In one line, as it holds in the practice."""
        return f"{self.label} {self.own_words}{with_unit(self.unit)}"


def with_unit(unit: str) -> str:
    """What stands behind a number in running text."""
    return "°" if unit == "deg" else f" {unit}" if unit else ""


def decided_by(rule: RuleData) -> str:
    """What raises a finding that has no number of its own."""
    if rule.key.startswith("leg_length"):
        return DECIDED_BY["leg_length"]
    if rule.key in DECIDED_BY:
        return DECIDED_BY[rule.key]
    if rule.asks:
        return "the client’s answer in the intake"
    return "the therapist’s grade" if rule.graded_by else "whether the test was positive"


def unit_words(unit: str) -> str:
    return UNITS.get(unit, unit)


def threshold_label(rule: RuleData, name: str) -> str:
    """Such as `Knee bend in the Thomas test, below`."""
    if name in MEASURES:
        way = PASSED.get(rule.key)
        return f"{MEASURES[name].label}, {way}" if way else MEASURES[name].label
    return NAMES.get(name) or name.replace("_", " ").capitalize()


def threshold_unit(rule: RuleData, name: str) -> str:
    """As it stands behind the number; empty where the number has none."""
    if name in MEASURES:
        return unit_words(MEASURES[name].unit)
    if name in OTHER_UNITS or rule.key in OTHER_UNITS:
        return OTHER_UNITS.get(name) or OTHER_UNITS[rule.key]
    return unit_words(MEASURES[rule.looks_at[0]].unit) if rule.looks_at else ""


def age_words(band: Band) -> str:
    return f"{band.from_age} to {band.to_age} years" if band.to_age is not None else f"{band.from_age} years and older"


def limit_words(band: Band, limit: Limit) -> str:
    """Such as `18 to 69 years: moderate below`."""
    return f"{age_words(band)}: {limit.grade} {'below' if limit.below is not None else 'at most'}"


def sure_words(band: Band, limit: Limit) -> str:
    """Between this and the limit itself the finding is a step less sure: many healthy people lie there."""
    return f"{age_words(band)}: {limit.grade}, surer below"


def numbers_of(rule: RuleData, shipped: RuleData) -> list[Number]:
    """Every threshold of a finding, shipped beside own; limits by age first."""
    own, theirs = dict(band_numbers(rule)), dict(band_numbers(shipped))
    unit = unit_words(MEASURES[shipped.looks_at[0]].unit) if shipped.looks_at else ""
    by_age = [Number("bands", label, unit, theirs.get(label), own.get(label)) for label in {**theirs, **own}]
    names = shipped.thresholds
    return by_age + [
        Number(name, threshold_label(shipped, name), threshold_unit(shipped, name), names[name], rule.thresholds[name])
        for name in names
    ]


def band_numbers(rule: RuleData) -> Iterator[tuple[str, float]]:
    for band in rule.bands:
        for limit in band.limits:
            yield limit_words(band, limit), limit.threshold
            if limit.sure_below is not None:
                yield sure_words(band, limit), limit.sure_below


def leg_limits(pack: Pack, shipped: Pack) -> list[Number]:
    return [Number(name, label, "mm", shipped.leg[name], pack.leg[name]) for name, label in LEG_LIMITS.items()]


def errors_of(key: str, pack: Pack, shipped: Pack) -> list[Number]:
    """The measurement errors of one measure: same examiner, different ones, passive."""
    own, theirs, unit = pack.changes[key], shipped.changes[key], unit_words(MEASURES[key].unit)
    found = [Number(name, label, unit, getattr(theirs, name), getattr(own, name)) for name, label in ERRORS.items()]
    return [number for number in found if number.shipped is not None or number.own is not None]
