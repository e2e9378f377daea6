import datetime

import pytest

from intake.screening import CONDITIONS, RED_FLAGS, ConditionAnswer, Pain, read_intake

POSTERIOR = {"answer": "yes", "side": "left", "approach": "posterior"}


def problems(raw):
    return [str(problem) for problem in read_intake(raw)[1]]


def test_a_whole_intake_is_read():
    answers, found = read_intake(
        {
            "pain": [{"site": "low_back", "side": "right", "severity": 5, "weeks": 26, "radiates_below_knee": False}],
            "sitting_hours_per_day": 9,
            "standing_hours_per_day": 15,
            "standing_surface": "hard",
            "footwear": "worn",
            "red_flags": {"diabetes": "no", "new_lump": None},
            "conditions": {
                "osteoporosis": "no",
                "polio": None,
                "hip_replacement": [
                    {
                        "answer": "yes",
                        "side": "left",
                        "approach": "posterior",
                        "date": "2026-03-01",
                        "restrictions": [],
                    },
                    {"answer": "no", "side": "right"},
                ],
                "knee_replacement": {"answer": "unsure"},
            },
            "tried": ["massage", "massage", "taping"],
        }
    )
    assert found == []
    assert answers.pain == (Pain("low_back", "right", 5, 26, False),)
    assert answers.tried == ("massage", "taping")
    assert answers.red_flags == {"diabetes": "no"}
    assert answers.condition_words == {"osteoporosis": "no", "hip_replacement": "yes", "knee_replacement": "unsure"}
    hip = answers.conditions["hip_replacement"][0]
    assert hip == ConditionAnswer("yes", "left", "posterior", datetime.date(2026, 3, 1), ())
    assert "polio" in answers.unanswered_conditions


def test_a_painful_place_as_plain_words_and_numbers():
    assert Pain("hip", "left", 4, 2.5, True).as_dict() == {
        "site": "hip", "side": "left", "severity": 4, "weeks": 2.5, "radiates_below_knee": True,
    }  # fmt: skip
    assert Pain("neck").as_dict() == {
        "site": "neck", "side": None, "severity": None, "weeks": None, "radiates_below_knee": None,
    }  # fmt: skip


def on(side, answer="yes"):
    return {"answer": answer, "side": side}


@pytest.mark.parametrize(
    ("said", "sides"),
    [
        (on("left"), ("left",)),
        (on("right"), ("right",)),
        (on("both"), ("left", "right")),
        ("yes", ("left", "right")),  # no side said: it may be either
        (on(None), ("left", "right")),
        ([on("right"), on("left")], ("left", "right")),
        ([on("left"), on("left")], ("left",)),
        ([on("left"), on("right", "no")], ("left",)),
        ([on("left"), on("right", "unsure")], ("left",)),
        ([on("left"), "yes"], ("left", "right")),
        ([on("left", "no"), on("left")], ("left",)),
        ("no", None),
        ("unsure", None),
        (on("left", "unsure"), None),
        (None, None),
    ],
)
def test_the_sides_of_a_condition_that_was_answered_yes(said, sides):
    answers, found = read_intake({"conditions": {"hip_replacement": said, "osteoporosis": "no"}})
    assert found == []
    assert answers.condition_sides == ({} if sides is None else {"hip_replacement": sides})


def test_a_condition_of_no_side_has_both():
    assert read_intake({"conditions": {"osteoporosis": "yes"}})[0].condition_sides == {
        "osteoporosis": ("left", "right")
    }


@pytest.mark.parametrize("raw", [None, {}])
def test_no_intake_leaves_everything_unanswered(raw):
    answers, found = read_intake(raw)
    assert found == []
    assert (len(answers.unanswered_red_flags), len(answers.unanswered_conditions)) == (len(RED_FLAGS), len(CONDITIONS))


def test_assuming_no_fills_only_what_is_unanswered():
    answers = read_intake({"red_flags": {"diabetes": "yes"}, "conditions": {"polio": "unsure"}})[0].assuming("no")
    assert answers.unanswered_red_flags == answers.unanswered_conditions == ()
    assert answers.red_flags["diabetes"] == "yes"
    assert answers.condition_words["polio"] == "unsure"
    assert answers.condition_words["pregnancy"] == "no"


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ([], "intake: [] is not an object"),
        ({"sit": 1}, "intake.sit: unknown key"),
        ({"footware": "flat"}, "intake.footware: unknown key; did you mean footwear?"),
        ({"pain": {}}, "intake.pain: {} is not a list"),
        ({"pain": [{"side": "left"}]}, "intake.pain[0].site: missing; one of low_back"),
        ({"pain": [{"site": "elbow"}]}, "intake.pain[0].site: 'elbow' is not one of"),
        ({"pain": ["hip"]}, "intake.pain[0]: 'hip' is not an object"),
        ({"pain": [{"site": "hip", "severity": 11}]}, "intake.pain[0].severity: 11 is not a whole number from 0 to 10"),
        ({"pain": [{"site": "hip", "severity": 5.5}]}, "intake.pain[0].severity: 5.5 is not"),
        ({"pain": [{"site": "hip", "severity": True}]}, "intake.pain[0].severity: True is not"),
        ({"pain": [{"site": "hip", "weeks": -1}]}, "intake.pain[0].weeks: -1 is not a number from 0"),
        ({"pain": [{"site": "hip", "radiates_below_knee": "no"}]}, "intake.pain[0].radiates_below_knee: 'no' is not"),
        ({"sitting_hours_per_day": 24.5}, "intake.sitting_hours_per_day: 24.5 is not a number from 0 to 24 (hours)"),
        ({"sitting_hours_per_day": float("nan")}, "intake.sitting_hours_per_day: nan is not"),
        (
            {"sitting_hours_per_day": 20, "standing_hours_per_day": 4.5},
            "intake: sitting and standing together",
        ),
        ({"red_flags": {"cancer": "no"}}, "intake.red_flags.cancer: unknown red flag; did you mean cancer_history?"),
        ({"red_flags": {"diabetes": True}}, "intake.red_flags.diabetes: True is not one of yes, no, unsure"),
        ({"conditions": {"polio": "maybe"}}, "intake.conditions.polio: 'maybe' is not one of yes, no, unsure"),
        ({"conditions": {"polio": []}}, "intake.conditions.polio: the list is empty"),
        ({"conditions": {"polio": {"side": "left"}}}, "intake.conditions.polio.answer: missing"),
        (
            {"conditions": {"hip_replacement": {"answer": "yes", "date": "May"}}},
            "intake.conditions.hip_replacement.date: 'May' is not a date like 2026-03-01",
        ),
        (
            {"conditions": {"osteoporosis": {"answer": "yes", "approach": "posterior"}}},
            "intake.conditions.osteoporosis.approach: unknown detail of osteoporosis",
        ),
        ({"tried": ["yoga"]}, "intake.tried[0]: 'yoga' is not one of massage"),
        ({"tried": ["x" * 90]}, "intake.tried[0]: 'xxxx"),
    ],
)
def test_each_problem_names_its_place(raw, line):
    found = problems(raw)
    assert len(found) == 1
    assert found[0].startswith(line)


def test_all_problems_come_at_once():
    raw = {"footwear": "boots", "pain": [{"severity": 12}], "red_flags": {"x": "no"}, "conditions": {"polio": 3}}
    assert len(problems(raw)) == 5
