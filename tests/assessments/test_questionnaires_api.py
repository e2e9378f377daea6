import json

import pytest
from rest_framework.test import APIClient

from assessments.models import QuestionnaireResponse
from tests.assessments.conftest import day
from tests.assessments.test_questionnaires import odi

LIST = "/api/v1/questionnaires/"


@pytest.fixture
def api():
    def log_in(membership):
        browser = APIClient()
        browser.force_login(membership.user)
        return browser

    return log_in


def body(whose, **more):
    known = {"client": str(whose.pk), "questionnaire": "nprs", "answered_on": "2026-03-02"}
    return {**known, "answers": {"average": 5}, **more}


def test_recording_gives_the_score_and_what_it_says(api, therapist, client_person):
    browser = api(therapist)
    first = browser.post(LIST, body(client_person, answers={"average": 8, "worst": None}), format="json")
    assert (first.status_code, first.json()["comparison"]) == (201, None)
    data = browser.post(LIST, body(client_person, answered_on="2026-03-09"), format="json").json()
    assert (data["score"], data["version"], data["answers"]) == (5, "1", {"average": 5})
    said = data["comparison"]
    assert (said["verdict"], said["before"], said["difference"], said["needed"]) == ("improved", 8, -3, 2.4)
    assert browser.get(f"{LIST}{data['id']}/").json() == data


@pytest.mark.parametrize(
    ("more", "paths"),
    [
        ({"answers": {"average": 11}}, ["answers.average"]),
        ({"answers": {}}, ["answers.average"]),
        ({"answers": [5]}, ["answers"]),
        ({"questionnaire": "odi"}, ["questionnaire"]),
        ({"answered_on": "2126-01-01"}, ["answered_on"]),
        ({"questionnaire": "score_only", "answers": {"total": 4}}, ["name", "licence_held"]),
        ({"client": "00000000-0000-0000-0000-000000000000"}, ["client"]),
    ],
)
def test_a_refused_body_names_the_place_and_writes_nothing(api, therapist, client_person, more, paths):
    answer = api(therapist).post(LIST, body(client_person, **more), format="json")
    assert answer.status_code == 400
    assert [problem["path"] for problem in answer.json()["problems"]] == paths
    assert not QuestionnaireResponse.objects.exists()


def test_half_a_character_is_refused_and_not_said_back(api, therapist, client_person):
    rows = [{"activity": "half \ud800", "score": 1}] * 3
    sent = json.dumps(body(client_person, questionnaire="psfs", answers={"activities": rows, "\ud801": 1}))
    answer = api(therapist).post(LIST, sent, content_type="application/json")
    assert answer.status_code == 400
    paths = [problem["path"] for problem in answer.json()["problems"]]
    assert paths == ["answers.'\\ud801'", *(f"answers.activities[{place}].activity" for place in range(3))]


def test_another_practice_s_client_is_unknown(api, therapist, other_client):
    assert api(therapist).post(LIST, body(other_client), format="json").status_code == 400


def test_a_receptionist_may_not_write(api, receptionist, client_person):
    assert api(receptionist).post(LIST, body(client_person), format="json").status_code == 403


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_can_be_narrowed_and_costs_the_same_for_many(
    api,
    therapist,
    client_person,
    fill,
    django_assert_num_queries,
    count,
):
    for number in range(count):
        fill(answers={"average": number}, on=day(2 + number))
    odi(fill)
    browser = api(therapist)
    browser.get(LIST)
    with django_assert_num_queries(6):
        found = browser.get(LIST, {"client": client_person.pk, "questionnaire": "nprs"}).json()
    assert len(found["results"]) == count
    assert "comparison" not in found["results"][0]


def test_entered_in_error_once(api, therapist, fill):
    url, browser = f"{LIST}{fill().pk}/entered-in-error/", api(therapist)
    data = browser.post(url).json()
    assert (data["entered_in_error"], data["comparison"]) == (True, None)
    assert browser.post(url).status_code == 400
