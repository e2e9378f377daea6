"""The shipped protocol is whole, and a broken one says everything that is wrong with it, one line each."""

from copy import deepcopy
from dataclasses import replace

import pytest

from assessments.rules import PACK, Measure, compare, read_measurements, register_measure
from assessments.rules.pack import DetectableChange
from assessments.rules.protocol import DOCUMENTS, FINDING_FILES, MEASURE_FILES, SCHEMAS, load_pack, measure_entries
from clinic import packs
from clinic.packs import PackError

HIP_FLEXION = ("measures/hip_motion", "measures", 0)
RULE = ("findings/motion", "hip_flexion_limited")
CHANGE = {"same_examiner": 1, "better": "lower", "source": "s", "tag": "D"}
NORM = {"measure": "hip_flexion", "mean": 120, "population": "p", "source": "s", "tag": "V"}


@pytest.fixture
def documents():
    return deepcopy(DOCUMENTS)


def part(documents, place):
    for step in place:
        documents = documents[step]
    return documents


def lines(documents):
    with pytest.raises(PackError) as refused:
        load_pack(documents)
    return refused.value.lines


@pytest.mark.parametrize(
    ("place", "change", "line"),
    [
        (HIP_FLEXION, {"soft_min": 150}, "measures: hip_flexion: limits 0, 150, 145, 165 are not in order"),
        (HIP_FLEXION, {"hard_min": None}, "measures: hip_flexion: a number needs hard limits"),
        (HIP_FLEXION, {"hard_max": None}, "measures: hip_flexion: a number needs hard limits"),
        (HIP_FLEXION, {"observed": ["a"]}, "measures: hip_flexion: observed words and kind number don't fit"),
        (HIP_FLEXION, {"key": "hip_extension"}, "measures: hip_extension: listed 2 times"),
        (("mdc",), {"elbow": CHANGE}, "mdc.json: elbow: no such measure"),
        (RULE, {"graded_by": ["elbow"]}, "findings: hip_flexion_limited: looks at an unknown measure elbow"),
        (
            RULE,
            {"graded_by": ["hip_extension"]},
            "findings: hip_flexion_limited: is graded by hip_extension but doesn't look at it",
        ),
        (("norms",), {"norms": [{**NORM, "measure": "elbow"}]}, "norms.json: elbow: no such measure"),
        (
            ("norms",),
            {"norms": [{**NORM, "from_age": 20, "to_age": 40}, {**NORM, "from_age": 40}]},
            "norms.json: hip_flexion: ages 20-40 and 40- overlap (s)",
        ),
    ],
)  # fmt: skip
def test_what_no_schema_can_see_is_one_clear_line(documents, place, change, line):
    part(documents, place).update(change)
    assert line in lines(documents)


@pytest.mark.parametrize(("to_age", "from_age"), [(69, 69), (69, 71), (None, 70)])
def test_age_bands_follow_each_other_without_overlap_or_gap(documents, to_age, from_age):
    first, second = part(documents, RULE)["bands"]
    first["to_age"], second["from_age"] = to_age, from_age
    assert lines(documents) == (
        f"findings: hip_flexion_limited: age bands 18-{to_age or ''} and {from_age}- overlap or leave a gap",
    )


@pytest.mark.parametrize("limit", [{"grade": "mild", "below": 1, "at_most": 1}, {"grade": "mild"}])
def test_a_limit_is_below_or_at_most_and_never_both(documents, limit):
    part(documents, RULE)["bands"][0]["limits"] = [limit]
    assert lines(documents) == ("findings: hip_flexion_limited: a limit is either below or at_most",)


def test_norms_of_two_studies_may_cover_the_same_ages(documents):
    documents["norms"] = {"norms": [NORM, {**NORM, "source": "other"}]}
    assert len(load_pack(documents).norms) == 2


def test_a_measure_says_what_its_file_leaves_open(documents):
    del documents["measures/hip_motion"]["defaults"]["unit"]
    with pytest.raises(PackError) as refused:
        measure_entries(documents)
    assert "measures: hip_flexion: 'unit' is missing" in refused.value.lines
    assert len(refused.value.lines) == len(documents["measures/hip_motion"]["measures"])


@pytest.mark.parametrize(
    ("name", "schema", "place", "change", "line"),
    [
        ("motion", "findings", ("hip_flexion_limited",), {"colour": 1}, "hip_flexion_limited: unknown key 'colour'"),
        ("motion", "findings", ("hip_flexion_limited",), {"tag": "Z"}, "hip_flexion_limited.tag: 'Z' is not one"),
        ("motion", "findings", ("hip_flexion_limited",), {"source": ""}, "hip_flexion_limited.source: is empty"),
        ("hip_motion", "measures", ("measures", 0), {"kind": "word"}, "measures[0].kind: 'word' is not one of number"),
        ("mdc", "mdc", ("hip_flexion",), {"same_examiner": 0}, "hip_flexion.same_examiner: 0 is less than or equal to"),
        ("mdc", "mdc", ("hip_flexion",), {"better": "up"}, "hip_flexion.better: 'up' is not one of higher, lower"),
    ],
)  # fmt: skip
def test_the_schemas_refuse_with_file_place_and_problem(documents, name, schema, place, change, line):
    folder = {"findings": "findings/", "measures": "measures/"}.get(schema, "")
    document = documents[f"{folder}{name}"]
    assert packs.faults(document, SCHEMAS / f"{schema}.schema.json", f"{name}.json") == []
    part(document, place).update(change)
    (found,) = packs.faults(document, SCHEMAS / f"{schema}.schema.json", f"{name}.json")
    assert found.startswith(f"{name}.json: {line}")


@pytest.mark.parametrize("key", ["version", "name", "confidence", "evidence", "tag", "source", "text", "client_text"])
def test_a_finding_without_one_of_its_parts_is_refused(documents, key):
    document = documents["findings/motion"]
    del document["hip_flexion_limited"][key]
    found = packs.faults(document, SCHEMAS / "findings.schema.json", "motion.json")
    assert found == [f"motion.json: hip_flexion_limited: '{key}' is missing"]


@pytest.fixture
def grip():
    """A host's own measure, taken back afterwards."""
    known = {"key": "grip_strength", "label": "Grip strength", "group": "hand", "unit": "score", "kind": "number"}
    ways = {"sides": "left_right", "positions": ("seated",), "modes": (), "instruments": ("other",)}
    yield Measure(**known, **ways, how_to="h", reliability="r", source="s", tag="D", hard_min=0, hard_max=100)
    PACK.measures.pop("grip_strength", None)
    PACK.changes.pop("grip_strength", None)


def test_a_host_adds_its_own_measure_once(grip):
    change = DetectableChange(6, "higher", "s", "D")
    assert register_measure(grip, change) is grip
    readings, problems, _ = read_measurements([{"measure": "grip_strength", "side": "left", "value": 101}])
    assert [problem.path for problem in problems] == ["measurements[0].value"]
    readings, _, _ = read_measurements([{"measure": "grip_strength", "side": "left", "value": 30}])
    better = [replace(readings[0], value=36.0)]
    assert compare(readings, better, before_date=None, after_date=None)[0].verdict == "improved"
    with pytest.raises(ValueError, match="a measure already"):
        register_measure(grip)


def test_a_hosts_measure_is_checked_like_ours(grip):
    with pytest.raises(PackError, match="a number needs hard limits"):
        register_measure(replace(grip, hard_max=None))
    assert register_measure(grip).mdc is None


def test_every_file_of_the_folder_is_read():
    folder = SCHEMAS.parent
    there = {str(path.relative_to(folder)) for path in folder.rglob("*.json") if "schema" not in path.parts}
    read = {f"measures/{name}.json" for name in MEASURE_FILES} | {f"findings/{name}.json" for name in FINDING_FILES}
    assert read <= there
    assert {"protocol.json", "units.json", "mdc.json", "leg_length.json", "norms.json"} <= there


def test_every_measure_and_rule_says_where_it_comes_from():
    assert all(measure.source and measure.how_to and measure.reliability for measure in PACK.measures.values())
    assert all(rule.source and rule.text and rule.client_text for rule in PACK.rules.values())
    assert all(norm.source and norm.population for norm in PACK.norms)


def test_unverified_thresholds_are_called_our_own_working_value():
    unverified = [rule for rule in PACK.rules.values() if rule.tag == "U"]
    assert unverified
    assert all("our own working value" in rule.source for rule in unverified)


def test_client_texts_never_call_a_leg_short_or_anything_structural():
    for rule in PACK.rules.values():
        words = rule.client_text.lower()
        assert "structural" not in words
        assert "your leg is short" not in words
        if rule.key.startswith("leg_length_"):
            assert any(word in words for word in ("measured", "suspected", "confirmed on imaging"))


def test_only_imaging_findings_tell_the_client_confirmed():
    confirmed = {rule.key for rule in PACK.rules.values() if "confirmed" in rule.client_text}
    assert confirmed == {"leg_length_structural_confirmed", "leg_length_mixed"}


def test_every_row_of_the_leg_length_table_answers_with_a_finding_that_exists():
    rows = PACK.leg["rows"]
    assert [row["row"] for row in rows] == list(range(1, 13))
    assert {code for row in rows for code in row["answers"]} == {key for key in PACK.rules if key.startswith("leg_")}
