"""What goes into the rules and what comes out. All frozen, all comparable, no behaviour beyond their shape."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

NO_ANSWERS: Mapping[str, str] = MappingProxyType({})
NO_SIDES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reading:
    """One accepted reading. `value` is in the measure's own unit; `typed_value` and `typed_unit` are what was entered.

    Exactly one of value, grade, observed is set. `side`: the measured one; of a leg-length difference the SHORTER.
    """

    measure: str
    side: str | None = None
    value: float | None = None
    grade: str | None = None
    observed: str | None = None
    unit: str = ""
    mode: str | None = None
    position: str | None = None
    instrument: str | None = None
    trial: int | None = None
    examiner: str = ""
    pelvis_controlled: bool | None = None
    pain: int | None = None
    typed_value: float | None = None
    typed_unit: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The person, for the rules. Conditions and red flags: key -> yes|no|unsure; missing is unknown.

    pain: one mapping per place (site, side, severity, weeks, radiates_below_knee). condition_sides: the sides of each
    condition answered yes.
    """

    age: int | None = None
    sex: str = "unspecified"
    conditions: Mapping[str, str] = field(default_factory=lambda: NO_ANSWERS)
    red_flags: Mapping[str, str] = field(default_factory=lambda: NO_ANSWERS)
    sitting_hours_per_day: float | None = None
    standing_hours_per_day: float | None = None
    standing_surface: str | None = None
    footwear: str | None = None
    assessed_on: date | None = None
    pain: tuple[Mapping[str, Any], ...] = ()
    condition_sides: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_SIDES)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The readings of one earlier visit."""

    on: date
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rule spoke, in which version."""

    key: str
    version: int


@dataclass(frozen=True, slots=True)
class Because:
    """One reason: the reading (mean over its trials), the threshold it was held against, and where that comes from."""

    measure: str
    side: str | None = None
    value: float | None = None
    grade: str | None = None
    observed: str | None = None
    unit: str = ""
    threshold: float | None = None
    source: str = ""
    note: str = ""


def listed(document: dict[str, Any]) -> dict[str, Any]:
    """JSON has lists where we have tuples."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in document.items()}


@dataclass(frozen=True, slots=True)
class Finding:
    """A conclusion with its reasons.

    confidence: low|moderate|high. evidence: supported|partly|weak|traditional|contradicted.
    """

    code: str
    side: str | None
    grade: str | None
    confidence: str
    because: tuple[Because, ...]
    rule: Rule
    evidence: str
    text: str
    client_text: str

    def as_dict(self) -> dict[str, Any]:
        """The finding as the result document has it, `client_text` beside `text`."""
        return listed(asdict(self))


@dataclass(frozen=True, slots=True)
class NotFound:
    """A finding that was looked for, or could not be, and why not. Side None: neither side, or it has none."""

    code: str
    side: str | None
    because: tuple[Because, ...]
    why: str

    def as_dict(self) -> dict[str, Any]:
        return listed(asdict(self))


@dataclass(frozen=True, slots=True)
class Lift:
    """Whether a clinician may consider a lift, and why. Never a prescription."""

    may_be_considered: bool
    because: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"may_be_considered": self.may_be_considered, "because": list(self.because)}


@dataclass(frozen=True, slots=True)
class Change:
    """A reading against its earlier one; difference: after - before.

    verdict: improved|worse|within_error|not_comparable.
    """

    measure: str
    side: str | None
    mode: str | None
    position: str | None
    instrument: str | None
    before: float | None
    after: float | None
    before_date: date | None
    after_date: date | None
    difference: float | None
    mdc: float | None
    verdict: str
    note: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: dates as ISO text."""
        return {
            **asdict(self),
            "before_date": self.before_date and self.before_date.isoformat(),
            "after_date": self.after_date and self.after_date.isoformat(),
        }
