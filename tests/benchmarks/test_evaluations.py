"""What an evaluation costs beside reading its document, and that the cost grows in proportion.

Times are processor time of this process, the least of several runs, so that a busy machine does not matter much. The
tolerances are wide on purpose: they catch work that grows with the square, not a slow afternoon.
"""

import time
from collections import Counter
from random import Random

import pytest

from assessments.rules import Facts, read_measurements, reason
from intake.screening import CONDITIONS, RED_FLAGS, read_intake
from tests.assessments.healthy_people import DATA, person
from tests.benchmarks.untraced import untraced
from treatments.evaluation import evaluate

pytestmark = pytest.mark.usefixtures("without_coverage")

RUNS = 5
TOLERANCE = 1.5
#: Four times the readings share what a visit costs anyhow: four times the cost would already be more than linear.
LITTLE = 1.1
#: A whole evaluation for each time that its document is read.
MOST_FOR_ONE_READING = 15
NAMES = ("measure", "side", "value", "unit", "mode", "position", "instrument", "trial", "pelvis_controlled")
SIDES = ("left", "right")
GRADED = ("hamstring_length", "piriformis_length", "adductor_length", "calf_length")


@pytest.fixture
def without_coverage():
    with untraced():
        yield


def case_document(seed=1):
    """A full visit: every measure of the healthy people on both sides, four grades, a hip that hurts, an intake."""
    _, readings = person(Random(seed))
    rows = [{name: getattr(reading, name) for name in NAMES} for reading in readings]
    rows += [{"measure": measure, "side": side, "grade": "mild"} for measure in GRADED for side in SIDES]
    return {
        "client": {"age": 48, "sex": "male"},
        "intake": {
            "pain": [{"site": "low_back", "side": "right", "severity": 5, "weeks": 26}],
            "sitting_hours_per_day": 9,
            "red_flags": dict.fromkeys(RED_FLAGS, "no"),
            "conditions": dict.fromkeys(CONDITIONS, "no"),
        },
        "measurements": rows,
    }


def everything(document):
    """Findings, what was not found, ledger, contradictions, programme, lift: all of the result document."""
    return evaluate(document).as_dict()


def reading_only(document):
    return read_intake(document["intake"]), read_measurements(document["measurements"])


def cost(work, *arguments):
    """Seconds of processor time, the least of some runs, so many calls each that the clock can see them."""
    work(*arguments)
    calls = 1
    while (spent := spent_on(work, arguments, calls)) < 0.02:
        calls *= 2
    return min(spent, *(spent_on(work, arguments, calls) for _ in range(RUNS))) / calls


def spent_on(work, arguments, calls):
    start = time.process_time()
    for _ in range(calls):
        work(*arguments)
    return time.process_time() - start


def test_a_full_visit_is_full():
    """Otherwise the figures below would flatter."""
    document = case_document()
    result = everything(document)
    assert len(document["measurements"]) >= 60
    assert all(result[part] for part in ("findings", "not_found", "leg_length", "lift"))
    assert len(result["programme"]["items"]) == 5


def test_evaluating_costs_little_more_than_reading(figures):
    document = case_document()
    full, read = cost(everything, document), cost(reading_only, document)
    figures(f"evaluations a second, {len(document['measurements'])} readings: {1 / full:.0f} ({full * 1e3:.2f} ms)")
    figures(f"one evaluation for one reading of its document: {full / read:.1f} (at most {MOST_FOR_ONE_READING})")
    assert full / read <= MOST_FOR_ONE_READING


def in_parts(readings, facts):
    """Seconds for each part of the reasoning; what a part needs from the one before is there already."""
    parts = {}
    for part in ("findings", "not_found", "ledger", "contradictions"):
        parts[part] = min(fresh(readings, facts, part) for _ in range(20 * RUNS))
    return parts


def fresh(readings, facts, part):
    reasoning = reason(readings, facts)
    if part != "findings":
        _ = reasoning.findings
    start = time.process_time()
    getattr(reasoning, part)
    return time.process_time() - start


def test_no_part_of_the_reasoning_costs_more_than_the_findings(figures):
    readings, _, _ = read_measurements(case_document()["measurements"])
    parts = in_parts(readings, Facts(age=48, sex="male"))
    figures("reasoning, ms: " + ", ".join(f"{part} {spent * 1e3:.2f}" for part, spent in parts.items()))
    assert max(parts, key=parts.__getitem__) == "findings"


def trials(readings, times):
    """The same visit with every reading taken so many times."""
    return [{**row, "trial": (row.get("trial") or 1) * 1000 + turn} for row in readings for turn in range(times)]


def measures(rows, share):
    """The readings of every so-manieth measure: fewer things measured, each as completely."""
    keys = list(dict.fromkeys(row["measure"] for row in rows))[::share]
    return [row for row in rows if row["measure"] in keys]


@pytest.mark.parametrize("grow", ["trials", "measures"])  # trials: so many that a square would show
def test_four_times_the_readings_cost_at_most_four_times(grow, figures):
    rows = case_document()["measurements"]
    few, many = (trials(rows, 4), trials(rows, 16)) if grow == "trials" else (measures(rows, 4), rows)
    times = len(many) / len(few)
    small = cost(everything, {**case_document(), "measurements": few})
    large = cost(everything, {**case_document(), "measurements": many})
    figures(f"{times:.1f} times the readings by {grow} ({len(few)} to {len(many)}): {large / small:.1f} times the cost")
    assert large / small <= times * LITTLE


def test_four_times_the_cases_cost_four_times(figures):
    """Nothing is kept between two cases that would make the next one dearer (or, by mistake, free)."""
    documents = [case_document(seed) for seed in range(16)]
    few, many, again = (cost(all_of, documents[:number]) for number in (4, 16, 4))
    figures(f"4 times the cases: {many / few:.1f} times the cost; the first ones once more: {again / few:.1f} times")
    assert 2 <= many / few <= 4 * TOLERANCE  # free would be 1
    assert again / few <= TOLERANCE


def all_of(documents):
    return [everything(document) for document in documents]


def test_the_healthy_people_are_measured_by_distinct_ways():
    """Readings of one kind would be averaged into one: the benchmark would count less than it says."""
    rows = case_document()["measurements"]
    ways = Counter((row["measure"], row["side"]) for row in rows if row.get("trial") is None)
    assert set(ways.values()) == {1}
    assert len(DATA["measures"]) * 2 <= len(ways)
