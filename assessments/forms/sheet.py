"""The measuring sheet: which measures stand on the screen, in which order. One that no section names comes last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assessments.rules import MEASURES, Measure, Reading
from assessments.rules.protocol import UNITS

SIDES = ("left", "right")


@dataclass(frozen=True)
class Section:
    """A part of the sheet, with as many trials as the protocol asks for. `folded`: opened by whoever needs it, with
    the key `letter`."""

    title: str
    measures: tuple[str, ...]
    pelvis: bool = False
    folded: bool = True
    letter: str = ""

    def lines(self) -> Iterator[Line]:
        for measure in self.measures:
            for trial in range(1, MEASURES[measure].trials + 1):
                yield Line(measure, trial, pelvis=self.pelvis)


@dataclass(frozen=True)
class Line:
    """One line of the sheet: a measure, a trial, and a copy number where one measure was taken in several ways."""

    measure_key: str
    trial: int = 1
    copy: int = 1
    pelvis: bool = False

    @property
    def key(self) -> str:
        return f"{self.measure_key}-{self.trial}" + (f"-{self.copy}" if self.copy > 1 else "")

    @property
    def measure(self) -> Measure:
        return MEASURES[self.measure_key]

    @property
    def sides(self) -> tuple[str, ...]:
        """The cells of the line; a difference or an unsided observation has one."""
        return SIDES if self.measure.sides == "left_right" else ("one",)

    @property
    def columns(self) -> tuple[str, ...]:
        """The same as somebody in front of the client sees them: the client's right is on the left."""
        return self.sides[::-1]

    @property
    def units(self) -> tuple[str, ...]:
        """The units that make a difference; the measure's own first."""
        own = self.measure.unit
        return (own, *(unit for unit, factor in UNITS[own].items() if factor != 1))

    def name(self, what: str) -> str:
        """The name of a form field of this line."""
        return f"{self.key}-{what}"


SHEET: tuple[Section, ...] = (
    Section(
        "Hip motion",
        (
            *("hip_flexion", "hip_extension", "hip_abduction", "hip_adduction"),
            *("hip_internal_rotation", "hip_external_rotation"),
        ),
        folded=False,
    ),
    Section(
        "Modified Thomas", ("thomas_hip_angle", "thomas_knee_flexion", "thomas_hip_abduction"), pelvis=True, letter="t"
    ),
    Section(
        "Muscle length",
        (
            *("knee_extension_deficit", "straight_leg_raise", "ely_knee_flexion", "ober_angle"),
            *("iliopsoas_length", "quadriceps_length", "hamstring_length", "piriformis_length", "adductor_length"),
            *("calf_length", "plantar_fascia_length"),
        ),
        letter="m",
    ),
    Section("Leg length", ("leg_length_true", "leg_length_difference_block"), letter="l"),
    Section(
        "Leg length in other ways",
        (
            *("leg_length_apparent", "leg_length_difference_supine", "leg_length_difference_prone"),
            *("leg_length_difference_long_sitting", "leg_length_difference_true", "leg_length_difference_apparent"),
            *("leg_length_imaging", "leg_length_difference_imaging"),
        ),
        letter="o",
    ),
    Section("Foot posture", ("foot_posture_index", "foot_posture"), letter="f"),
    Section(
        "Knee, ankle and foot",
        (
            *("knee_extension", "ankle_dorsiflexion", "ankle_dorsiflexion_knee_bent"),
            *("weight_bearing_lunge", "weight_bearing_lunge_angle", "navicular_drop"),
        ),
        letter="k",
    ),
    Section("Strength and control", ("hip_abductor_strength", "hip_extensor_strength", "trendelenburg"), letter="c"),
    Section("Provocation", ("fadir", "faber", "fair", "straight_leg_raise_leg_pain"), letter="p"),
    Section(
        "Standing and walking",
        (
            "iliac_crest",
            *("gait_dynamic_pronation", "gait_dynamic_supination", "gait_trunk_lean", "gait_antalgic"),
        ),
        letter="w",
    ),
)


def sections() -> tuple[Section, ...]:
    """The sheet, and last what none of its sections names: the measures that a host registered."""
    named = {measure for section in SHEET for measure in section.measures}
    more = tuple(measure for measure in MEASURES if measure not in named)
    return (*SHEET, Section("Other measures", more, letter="x")) if more else SHEET


def arrange(readings: Iterable[Reading]) -> tuple[dict[Line, list[Reading]], list[Line]]:
    """Each reading on a line; and the lines that the sheet doesn't have by itself.

    Readings of one measure and trial that were taken in different ways need a line each, so that none gets lost.
    """
    own = {line.key: line for section in sections() for line in section.lines()}
    placed: dict[Line, list[Reading]] = {}
    for reading in readings:
        line = find_line(own, placed, reading)
        placed.setdefault(line, []).append(reading)
    return placed, [line for line in placed if line.key not in own]


def find_line(own: dict[str, Line], placed: dict[Line, list[Reading]], reading: Reading) -> Line:
    copy = 1
    while True:
        wanted = Line(reading.measure, reading.trial or 1, copy, reading.pelvis_controlled is not None)
        line = own.get(wanted.key, next((line for line in placed if line.key == wanted.key), wanted))
        if fits(placed.get(line, []), line, reading):
            return line
        copy += 1


def fits(there: list[Reading], line: Line, reading: Reading) -> bool:
    """The cell is free, and what stands in the other cell was taken in the same way."""
    taken = any(other.side == reading.side or len(line.sides) == 1 for other in there)
    return not taken and all(same_way(other, reading) for other in there)


def same_way(one: Reading, other: Reading) -> bool:
    """An estimate by eye may stand beside a measured number."""
    names = ["mode", "position", "pelvis_controlled"]
    if one.value is not None and other.value is not None:
        names += ["instrument", "typed_unit"]
    return all(getattr(one, name) == getattr(other, name) for name in names)
