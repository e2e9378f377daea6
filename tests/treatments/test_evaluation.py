import json
from pathlib import Path

import pytest

from clinic.problems import InvalidInput
from treatments.evaluation import evaluate

CASES = Path(__file__).parent / "cases"


def case(name):
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def problems(document):
    with pytest.raises(InvalidInput) as refused:
        evaluate(document)
    return [str(problem) for problem in refused.value.problems]


def test_a_stiff_hip_and_long_sitting():
    result = evaluate(case("stiff_hip_long_sitting")).as_dict()
    assert set(result) == {
        "protocol", "referral", "findings", "not_found", "contradictions", "leg_length", "programme", "lift",
    }  # fmt: skip
    assert result["protocol"] == {"key": "hip-and-leg", "version": "2026.1"}
    assert result["referral"] == {"level": "none", "because": []}
    items = {item["exercise"]: item["side"] for item in result["programme"]["items"]}
    assert items["half_kneeling_hip_flexor_stretch"] == "right"
    assert items["supine_strap_hamstring_stretch"] == "left"
    assert result["lift"]["may_be_considered"] is False
    json.dumps(result)


def test_an_older_woman_with_a_new_hip_gets_no_hip_exercise():
    evaluation = evaluate(case("older_woman_new_hip"))
    exercises = [item.exercise for item in evaluation.programme.items]
    assert exercises == ["wall_calf_stretch_straight_knee", "seated_trunk_bracing", "walking"]
    assert evaluation.programme.items[0].hold_seconds == 60
    assert evaluation.referral.level == "ask"
    assert evaluation.programme.needs_answer


def test_an_emergency_locks_the_programme_and_still_lists_findings():
    evaluation = evaluate(case("both_legs_numb"))
    assert evaluation.referral.level == "emergency"
    assert evaluation.programme.locked
    assert evaluation.programme.items == ()
    assert "hip_internal_rotation_limited" in [finding.code for finding in evaluation.reasoning.findings]


def test_unanswered_conditions_block_what_assuming_no_would_suggest():
    document = case("stiff_hip_long_sitting")
    del document["assume_unanswered"]
    blocked = evaluate(document)
    assert blocked.programme.items == ()
    assert blocked.programme.needs_answer
    assert blocked.referral.level == "none"
    assert any("knee replacement" in left.because for left in blocked.programme.left_out)


def test_a_client_alone_is_a_case():
    evaluation = evaluate({"client": {}})
    assert evaluation.reasoning.findings == ()
    assert evaluation.referral.level == "none"


def test_a_leg_length_that_needs_an_opinion_raises_the_referral_to_ask():
    block = {
        "measure": "leg_length_difference_imaging",
        "side": "left",
        "value": 24,
        "unit": "mm",
        "instrument": "radiograph",
    }
    evaluation = evaluate({"client": {"age": 40}, "measurements": [block], "assume_unanswered": "no"})
    assert "leg_length_refer" in [finding.code for finding in evaluation.reasoning.findings]
    assert evaluation.referral.level == "ask"
    assert evaluation.programme.needs_answer
    assert not evaluation.programme.locked


def test_a_soft_limit_warns_and_keeps_the_reading():
    flexion = {"measure": "hip_flexion", "side": "left", "value": 50, "unit": "deg"}
    evaluation = evaluate({"client": {}, "measurements": [flexion]})
    assert [warning.path for warning in evaluation.warnings] == ["measurements[0].value"]
    assert "hip_flexion_limited" in [finding.code for finding in evaluation.reasoning.findings]


def test_problems_of_all_parts_come_together():
    found = problems(
        {
            "client": {"age": -1, "sex": "man", "name": "x"},
            "intake": {"footwear": "boots"},
            "measurements": [{"measure": "hip_flexion", "side": "left", "value": 220, "unit": "deg"}],
            "assume_unanswered": "yes",
            "measurement": [],
        }
    )
    places = {line.split(":")[0] for line in found}
    assert places == {
        "client.age",
        "client.sex",
        "client.name",
        "intake.footwear",
        "measurements[0].value",
        "assume_unanswered",
        "measurement",
    }
    assert "measurement: unknown key; did you mean measurements?" in found
    assert "measurements[0].value: 220 is above the hard limit 165 for hip_flexion" in found


@pytest.mark.parametrize("document", [None, [], "x", 3])
def test_a_document_that_is_no_object_is_refused(document):
    assert problems(document) == ["document: a case document is a JSON object with at least a client"]


@pytest.mark.parametrize("document", [{}, {"client": None}, {"client": 3}])
def test_the_client_is_needed(document):
    assert problems(document)[0].startswith("client: missing")


@pytest.mark.parametrize("age", [121, 40.5, True, "40"])
def test_an_age_that_is_none_is_refused(age):
    assert problems({"client": {"age": age}}) == [f"client.age: {age!r} is not a whole number of years from 0 to 120"]


BLOCK = {"measure": "leg_length_difference_block", "side": "right", "value": 12}
LESS = {**BLOCK, "value": 2}


def visit(**more):
    return {"client": {"age": 40}, "date": "2026-06-01", "measurements": [BLOCK], **more}


def test_an_earlier_visit_tells_what_only_time_can():
    found = evaluate(visit(earlier=[{"date": "2026-02-01", "measurements": [LESS]}])).as_dict()
    assert "leg_length_refer" in [finding["code"] for finding in found["findings"]]
    assert found["referral"]["level"] == "ask"


def test_a_reading_that_contradicts_a_stretch_raises_the_referral_and_locks():
    document = visit(client={"age": 12}, intake={"pain": [{"site": "knee"}]})
    found = evaluate(document).as_dict()
    assert (found["referral"]["level"], found["programme"]["locked"]) == ("urgent", True)
    assert found["contradictions"][0]["key"] == "short_leg_of_a_child"


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"date": "1 June"}, "date: '1 June' is not a date like 2026-03-01"),
        ({"date": 5}, "date: 5 is not a date like 2026-03-01"),
        ({"earlier": "before"}, "earlier: must be a list of visits, each with a date and measurements"),
        ({"earlier": ["x"]}, "earlier[0]: must be an object with date and measurements"),
        ({"earlier": [{"measurements": []}]}, "earlier[0].date: is missing"),
        ({"earlier": [{"date": "?"}]}, "earlier[0].date: '?' is not a date like 2026-03-01"),
        (
            {"earlier": [{"date": "2026-06-01"}]},
            "earlier[0].date: 2026-06-01 is not before 2026-06-01, the day of this visit",
        ),
        (
            {"date": None, "earlier": [{"date": "2026-01-01"}]},
            "date: is missing: earlier visits need the day of this one",
        ),
        (
            {"earlier": [{"date": "2026-01-01", "measurements": [{**BLOCK, "value": 900}]}]},
            "earlier[0].measurements[0].value: 900 is above the hard limit 100 for leg_length_difference_block",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_earlier_visit_is_said_at_its_place(more, problem):
    with pytest.raises(InvalidInput) as refused:
        evaluate(visit(**more))
    assert problem in [str(found) for found in refused.value.problems]


def test_no_earlier_visits_need_no_date():
    assert evaluate(visit(date=None, earlier=[])).reasoning.findings
