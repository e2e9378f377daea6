"""Values that no form sends: each is a 400 with its place, and nothing is written."""

import json

import pytest

from assessments.models import Assessment
from clinic.models import Client

HUGE = 10**400
ROW = {"measure": "hip_extension", "side": "left", "value": 2}
CLIENT = {"given_name": "Ben", "family_name": "Arndt"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("value", HUGE), ("value", -HUGE), ("value", True), ("value", "\x00"), ("value", []), ("trial", HUGE),
        ("trial", 1.5), ("pain", HUGE), ("side", "\ud800"), ("side", {}), ("side", ["left"]), ("unit", "\x00"),
        ("unit", {"a": 1}), ("measure", "\ud800"), ("measure", ["hip_extension"]), ("mode", "\x00"),
        ("position", ["prone"]), ("instrument", "\ud800"), ("instrument", {}), ("grade", ["mild"]),
        ("examiner", "\ud800"), ("examiner", "a\x00b"), ("examiner", 7), ("examiner", "x" * 5000),
        ("pelvis_controlled", "\ud800"), ("\ud800", 1), ("\x00", 1),
    ],
    ids=ascii,
)  # fmt: skip
def test_a_measurement_is_refused_at_its_place(api, person, key, value):
    body = {
        "client": str(person.pk),
        "assessed_on": "2026-03-02",
        "measurements": [ROW, {**ROW, "side": "right", key: value}],
    }
    answer = api.post("/api/v1/assessments/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 400, answer.content
    for problem in answer.json()["problems"]:
        assert problem["path"].startswith("measurements[1]"), problem
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("nested", ["[" * 50 + "]" * 50, "[" * 100_000 + "]" * 100_000], ids=["deep", "abyss"])
def test_a_deeply_nested_list_is_refused(api, person, nested):
    body = f'{{"client": "{person.pk}", "assessed_on": "2026-03-02", "measurements": {nested}}}'
    answer = api.post("/api/v1/assessments/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["problems"]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"given_name": "a\x00b"}, "given_name"),
        ({"given_name": "\ud800"}, "given_name"),
        ({"given_name": " "}, "given_name"),
        ({"family_name": "x" * 81}, "family_name"),
        ({"family_name": {}}, "family_name"),
        ({"date_of_birth": "2026-02-30"}, "date_of_birth"),
        ({"date_of_birth": "+2026-01-01"}, "date_of_birth"),
        ({"date_of_birth": HUGE}, "date_of_birth"),
        ({"email": "nobody"}, "email"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"timezone": "CET"}, "timezone"),
        ({"reminder_time": "24:00"}, "reminder_time"),
        ({"reminder_time": "18:00+02:00"}, "reminder_time"),
        ({"sex": "other"}, "sex"),
        ({"therapist": "x"}, "therapist"),
        ({"therapist": HUGE}, "therapist"),
        ({"ref": "C\x001"}, "ref"),
    ],
    ids=ascii,
)
def test_a_client_s_detail_is_refused_at_its_place(api, practice, more, place):
    answer = api.post("/api/v1/clients/", json.dumps({**CLIENT, **more}), content_type="application/json")
    assert answer.status_code == 400, answer.content
    assert [problem["path"] for problem in answer.json()["problems"]] == [place]
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "7", '"x"', "NaN", '{"given_name": Infinity}', "\x00", b"\xff"]
)
@pytest.mark.parametrize("address", ["clients", "intakes", "assessments", "programmes", "adherence", "token"])
def test_a_body_that_is_no_object_has_the_one_shape(api, address, body):
    answer = api.post(f"/api/v1/{address}/", body, content_type="application/json")
    assert answer.status_code == 400
    for problem in answer.json()["problems"]:
        assert set(problem) == {"path", "message"}


@pytest.mark.parametrize("word", ["x", "0.5", "a.b", "%00", "null", "1" * 400, "%F0%9F%98%80", "a%0Ab"])
@pytest.mark.parametrize("kind", ["clients", "intakes", "assessments", "findings", "programmes", "adherence"])
def test_an_id_that_is_none_is_an_unknown_row(api, kind, word):
    answer = api.get(f"/api/v1/{kind}/{word}/")
    assert (answer.status_code, set(answer.json())) == (404, {"detail"})


@pytest.mark.parametrize(
    "query",
    ["clients/?ref=%00", "clients/?therapist=x", "intakes/?client=1", "assessments/?assessed_on=soon",
     "assessments/?state=lost", "findings/?assessment=%00", "findings/?code=%00", "programmes/?state=x",
     "adherence/?date_from=0", "adherence/?outcome=maybe", "adherence/?item=x"],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_named(api, query):
    answer = api.get(f"/api/v1/{query}")
    assert answer.status_code == 400
    (problem,) = answer.json()["problems"]
    assert problem["path"] == query.partition("?")[2].partition("=")[0]


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "9" * 30, "%00"])
def test_a_page_that_is_not_there_is_404(api, page):
    assert api.get(f"/api/v1/clients/?page={page}").status_code == 404
