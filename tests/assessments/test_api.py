import pytest
from rest_framework.test import APIClient

from assessments.models import Assessment, Finding
from assessments.rules import PACK
from clinic.models import AuditEntry
from tests.assessments.conftest import block, day, hip_extension, tape
from treatments.evaluation import evaluate

LIST = "/api/v1/assessments/"


@pytest.fixture
def api():
    def log_in(membership):
        browser = APIClient()
        browser.force_login(membership.user)
        return browser

    return log_in


def body(whose, **more):
    rows = [{"measure": "hip_extension", "side": "left", "value": 2}]
    return {"client": str(whose.pk), "assessed_on": "2026-03-02", "measurements": rows, **more}


def test_recording_gives_readings_and_findings(api, therapist, client_person):
    answer = api(therapist).post(LIST, body(client_person), format="json")
    assert answer.status_code == 201
    data = answer.json()
    assert (data["state"], data["source"], data["revision"]) == ("draft", "api", 1)
    assert data["readings"][0]["value"] == 2
    version = PACK.rules["hip_extension_limited"].version
    assert data["findings"][0]["rule"] == {"key": "hip_extension_limited", "version": version}
    assert AuditEntry.objects.get().verb == "assessment.recorded"


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"measurements": [{"measure": "hip_extension", "side": "left", "value": 220}]}, "measurements[0].value"),
        ({"measurements": []}, "measurements"),
        ({"measurements": "many"}, "measurements"),
        ({"assessed_on": "2126-01-01"}, "assessed_on"),
        ({"assessed_on": "soon"}, "assessed_on"),
        ({"client": "00000000-0000-0000-0000-000000000000"}, "client"),
    ],
)
def test_a_refused_body_names_the_place_and_writes_nothing(api, therapist, client_person, more, path):
    answer = api(therapist).post(LIST, body(client_person, **more), format="json")
    assert answer.status_code == 400
    assert [problem["path"] for problem in answer.json()["problems"]] == [path]
    assert not Assessment.objects.exists()


def test_another_practice_s_client_is_unknown(api, therapist, other_client):
    assert api(therapist).post(LIST, body(other_client), format="json").status_code == 400


def test_a_stale_revision_is_409(api, therapist, record):
    assessment = record()
    url, rows = f"{LIST}{assessment.pk}/", [hip_extension("left", 5)]
    browser = api(therapist)
    assert browser.put(url, {"revision": 1, "measurements": rows}, format="json").json()["revision"] == 2
    stale = browser.put(url, {"revision": 1, "measurements": rows}, format="json")
    assert stale.status_code == 409
    assert stale.json()["problems"][0]["path"] == "revision"


def test_signing_once(api, therapist, record):
    url, browser = f"{LIST}{record().pk}/sign/", api(therapist)
    assert browser.post(url).json()["state"] == "signed"
    assert browser.post(url).status_code == 400


def test_deciding_on_a_finding(api, therapist, record):
    assessment, browser = record(), api(therapist)
    found = browser.get("/api/v1/findings/", {"assessment": assessment.pk, "code": "hip_extension_limited"}).json()
    url = f"/api/v1/findings/{found['results'][0]['id']}/decide/"
    assert browser.post(url, {"decision": "rejected"}, format="json").status_code == 400
    answer = browser.post(url, {"decision": "rejected", "reason": "Guarding."}, format="json")
    assert (answer.status_code, answer.json()["decision"]) == (200, "rejected")


def test_findings_by_client(api, therapist, record, client_person):
    record()
    browser = api(therapist)
    assert browser.get("/api/v1/findings/", {"client": client_person.pk}).json()["count"] == Finding.objects.count()
    nobody = "00000000-0000-0000-0000-000000000000"
    assert browser.get("/api/v1/findings/", {"client": nobody}).json()["count"] == 0


def test_changes_are_the_contract_s_list(api, therapist, other_therapist, signed, client_person):
    signed(hip_extension("left", 2))
    signed(hip_extension("left", 20), on=day(2, 5))
    rows = api(therapist).get(f"{LIST}changes/", {"client": client_person.pk}).json()
    assert [(row["verdict"], row["mdc"], row["before_date"]) for row in rows] == [("improved", 13, "2026-03-02")]
    assert api(other_therapist).get(f"{LIST}changes/", {"client": client_person.pk}).status_code == 404
    assert api(therapist).get(f"{LIST}changes/", {"client": "x"}).status_code == 404


def test_nobody_else_sees_or_writes(api, other_therapist, receptionist, record, client_person):
    assessment = record()
    for somebody in (other_therapist, receptionist):
        browser = api(somebody)
        assert browser.get(LIST).json()["count"] == 0
        assert browser.get(f"{LIST}{assessment.pk}/").status_code == 404
    assert api(receptionist).post(LIST, body(client_person), format="json").status_code == 403
    assert api(other_therapist).post(f"{LIST}{assessment.pk}/sign/").status_code == 404
    assert APIClient().get(LIST).status_code == 401


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(api, therapist, record, count, django_assert_num_queries):
    for number in range(count):
        record(on=day(2 + number))
    browser = api(therapist)
    with django_assert_num_queries(7):
        assert browser.get(LIST).json()["count"] == count


def test_one_assessment_has_its_reasoning_and_the_list_has_not(api, therapist, record):
    rows = [hip_extension("left", 2), hip_extension("right", 14), tape("left", 892), tape("right", 870)]
    assessment, browser = record(*rows, block(12, "left")), api(therapist)
    data = browser.get(f"{LIST}{assessment.pk}/").json()
    assert data["as_then"] is True
    clear = next(row for row in data["not_found"] if row["code"] == "hip_extension_limited")
    assert (clear["side"], clear["because"][0]["value"], clear["because"][0]["threshold"]) == ("right", 14, 10)
    assert [row["key"] for row in data["contradictions"]] == ["large_difference"]
    methods = {row["measure"]: (row["difference"], row["side"]) for row in data["leg_length"]["methods"]}
    assert methods == {"leg_length_true": (22, "right"), "leg_length_difference_block": (12, "left")}
    assert data["leg_length"]["disagree"] is True
    assert [row["row"] for row in data["leg_length"]["rows"] if row["answered"]] == [7, 12]
    assert data["leg_length"]["next"][0] == "Ask for an orthopaedic opinion before anything else."
    assert data["lift"] == {"may_be_considered": False, "because": ["no imaging on file"]}
    listed = browser.get(LIST).json()["results"][0]
    assert not {"as_then", "not_found", "contradictions", "leg_length", "lift"} & set(listed)


def test_the_reasoning_has_the_keys_of_the_result_document(api, therapist, record):
    data = api(therapist).get(f"{LIST}{record(tape('left', 892), tape('right', 870)).pk}/").json()
    document = evaluate({"client": {}, "measurements": [tape("left", 892), tape("right", 870)]}).as_dict()
    for name in ("not_found", "contradictions", "leg_length", "lift"):
        assert shape(data[name]) == shape(document[name])


def shape(value):
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    return [shape(value[0])] if isinstance(value, list | tuple) and value else []


@pytest.mark.parametrize("count", [1, 5])
def test_one_assessment_costs_the_same_however_much_was_measured(
    api, therapist, record, count, django_assert_num_queries
):
    rows = [tape("left", 892), hip_extension("left", 2), hip_extension("right", 3), tape("right", 870), block(22)]
    assessment, browser = record(*rows[:count]), api(therapist)
    with django_assert_num_queries(ONE_QUERIES):
        browser.get(f"{LIST}{assessment.pk}/")


ONE_QUERIES = 7  # session, user, membership, assessment, readings, findings, earlier leg lengths


def test_a_finding_is_edited_with_grade_words_and_reason(api, therapist, record):
    assessment, browser = record(hip_extension("left", 2)), api(therapist)
    found = browser.get("/api/v1/findings/", {"assessment": assessment.pk, "code": "hip_extension_limited"}).json()
    url = f"/api/v1/findings/{found['results'][0]['id']}/decide/"
    edit = {"decision": "edited", "grade": "mild", "text": "Hardly short.", "reason": "Soft end feel."}
    answer = browser.post(url, edit, format="json")
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in edit} == edit
    for wrong, path in (({"grade": "huge"}, "grade"), ({"reason": ""}, "reason"), ({"grade": "", "text": ""}, "grade")):
        refused = browser.post(url, {**edit, **wrong}, format="json")
        assert refused.status_code == 400
        assert [problem["path"] for problem in refused.json()["problems"]] == [path]
