"""Checks that need more than one reading: repeats, and internal plus external rotation of one hip."""

from collections.abc import Mapping

from assessments.rules.protocol import VOCABULARY
from assessments.rules.records import Reading
from clinic.problems import Problem

Indexed = Mapping[int, Reading]


def find_duplicates(readings: Indexed, path: str) -> list[Problem]:
    """A problem for each reading that repeats an earlier one in measure, side, mode, position, instrument and trial."""
    first: dict[object, int] = {}
    problems = []
    for index, reading in readings.items():
        same = (reading.measure, reading.side, reading.mode, reading.position, reading.instrument, reading.trial)
        if same in first:
            problems.append(Problem(f"{path}[{index}]", f"repeats {path}[{first[same]}]; number the trials"))
        first.setdefault(same, index)
    return problems


def check_rotation_totals(readings: Indexed, path: str) -> tuple[list[Problem], list[Problem]]:
    """Problems and warnings for the arc from internal to external rotation of one hip, measured the same way."""
    internal = {
        (reading.side, reading.mode, reading.position, reading.instrument, reading.trial): reading.value
        for reading in readings.values()
        if reading.measure == "hip_internal_rotation"
    }
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for index, reading in readings.items():
        same = (reading.side, reading.mode, reading.position, reading.instrument, reading.trial)
        other = internal.get(same)
        if reading.measure != "hip_external_rotation" or reading.value is None or other is None:
            continue
        judge_total(other + reading.value, f"{path}[{index}].value", problems, warnings)
    return problems, warnings


def judge_total(total: float, path: str, problems: list[Problem], warnings: list[Problem]) -> None:
    limits = VOCABULARY["hip_rotation_total"]
    words = f"internal plus external rotation of this hip is {total:g}"
    if not limits["hard_min"] <= total <= limits["hard_max"]:
        allowed = f"{limits['hard_min']} to {limits['hard_max']}"
        problems.append(Problem(path, f"{words}, outside the hard limits {allowed}"))
    elif not limits["soft_min"] <= total <= limits["soft_max"]:
        allowed = f"{limits['soft_min']} to {limits['soft_max']}"
        warnings.append(Problem(path, f"{words}, outside the soft limits {allowed}"))
