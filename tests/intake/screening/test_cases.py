"""Clinical cases in words, one row each, in red_flag_cases.json."""

import json
from pathlib import Path

import pytest

from clinic.packs import without_remarks
from intake.screening import read_intake, screen
from tests.intake.screening.contract import BACK, EVERY

CASES = without_remarks(json.loads((Path(__file__).parent / "red_flag_cases.json").read_text(encoding="utf-8")))[
    "cases"
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case):
    flags = {**dict.fromkeys(EVERY, case.get("others", "no")), **case["answers"]}
    answers, problems = read_intake({"red_flags": flags, "pain": [{"site": site} for site in case["pain"]]})
    assert problems == []
    assert screen(answers, age=case["age"]).level == case["level"]


def test_each_case_stands_once_and_every_flag_limit_and_back_site_has_one():
    words = [case["case"] for case in CASES]
    assert len(set(words)) == len(words)
    assert {key for case in CASES for key, said in case["answers"].items() if said == "yes"} == set(EVERY)
    assert {case["age"] for case in CASES} >= {None, 17, 18, 70, 71}
    assert {site for case in CASES for site in case["pain"]} >= set(BACK)
