"""The whole loop by token alone: the services behind the pages, with the same refusals."""

import datetime

import pytest
from django.utils import timezone

from clinic.models import AuditEntry, Client
from intake.models import IntakeRequest
from tests.intake.conftest import fill, sign

MONDAY = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.UTC)
ROWS = [
    {"measure": "hip_extension", "side": "right", "value": 2, "mode": "passive", "position": "prone",
     "instrument": "goniometer"},
    {"measure": "thomas_hip_angle", "side": "right", "value": 6, "unit": "deg", "pelvis_controlled": True},
]  # fmt: skip


@pytest.fixture
def ask(api):
    """`ask(method, address, body, expect=status)` as the therapist; the answer's JSON."""

    def send(method, address, body=None, *, expect=200, caller=api):
        answer = getattr(caller, method)(f"/api/v1/{address}", body, format="json")
        assert answer.status_code == expect, answer.content
        return answer.json() if answer.content else None

    return send


def record(ask, person):
    body = {"client": str(person.pk), "assessed_on": str(person.today), "measurements": ROWS}
    return ask("post", "assessments/", body, expect=201)


def accept_everything(ask, assessment):
    for finding in ask("get", f"findings/?assessment={assessment['id']}")["results"]:
        ask("post", f"findings/{finding['id']}/decide/", {"decision": "accepted"})


def draft(ask, person):
    assessment = record(ask, person)
    accept_everything(ask, assessment)
    ask("post", f"assessments/{assessment['id']}/sign/")
    return ask("post", "programmes/", {"assessment": assessment["id"]}, expect=201)


def answer_intake(ask, person):
    """Over the API a client is invited; the answers themselves come by the signed link."""
    sent = ask("post", "intakes/", {"client": str(person.pk)}, expect=201)
    invitation = IntakeRequest.objects.get(pk=sent["id"])
    fill(invitation)
    return sign(invitation)


def test_a_client_is_added_read_changed_and_found(ask, therapist):
    body = {"given_name": "Ben", "family_name": "Arndt", "therapist": str(therapist.pk), "reminder_time": "18:30"}
    made = ask("post", "clients/", body, expect=201)
    assert (made["ref"], made["practice"]) == ("C0001", str(therapist.practice_id))
    assert ask("get", f"clients/{made['id']}/") == made
    changed = ask("patch", f"clients/{made['id']}/", {"email": "ben@clients.example", "ref": "X"})
    assert (changed["email"], changed["ref"], changed["reminder_time"]) == ("ben@clients.example", "C0001", "18:30:00")
    assert [row["id"] for row in ask("get", "clients/?ref=C0001")["results"]] == [made["id"]]
    assert [entry.verb for entry in AuditEntry.objects.order_by("created_at")] == ["client.added", "client.changed"]
    assert {entry.actor_user_id for entry in AuditEntry.objects.all()} == {therapist.user_id}


def test_the_same_person_is_not_added_twice(ask, practice):
    body = {"given_name": "Ben", "family_name": "Arndt", "date_of_birth": "1970-01-01"}
    ask("post", "clients/", body, expect=201)
    refused = ask("post", "clients/", body, expect=400)
    assert "already has a client" in refused["problems"][0]["message"]
    assert Client.objects.count() == 1


def test_an_intake_is_asked_for_and_read_by_both(ask, own, person):
    assert ask("get", "intakes/")["count"] == 0
    signed = answer_intake(ask, person)
    (row,) = ask("get", f"intakes/?client={person.pk}")["results"]
    assert row["id"] == str(signed.pk)
    assert ask("get", f"intakes/{signed.pk}/", caller=own) == ask("get", f"intakes/{signed.pk}/")


def test_an_assessment_is_recorded_revised_and_signed(ask, person):
    made = record(ask, person)
    assert {finding["code"] for finding in made["findings"]} >= {"hip_extension_limited", "iliopsoas_short"}
    change = {"revision": 1, "measurements": [{**ROWS[0], "value": 14}]}
    revised = ask("put", f"assessments/{made['id']}/", change)
    assert (revised["revision"], len(revised["readings"])) == (2, 1)
    assert ask("put", f"assessments/{made['id']}/", change, expect=409)["problems"][0]["path"] == "revision"
    ask("post", f"assessments/{made['id']}/sign/")
    signed = ask("get", f"assessments/{made['id']}/")
    assert (signed["state"], signed["readings"][0]["value"]) == ("signed", 14)
    ask("put", f"assessments/{made['id']}/", {**change, "revision": 2}, expect=400)
    assert ask("post", f"assessments/{made['id']}/entered-in-error/")["state"] == "entered_in_error"


def test_a_finding_is_read_and_decided(ask, person):
    record(ask, person)
    first, *_ = ask("get", "findings/?code=hip_extension_limited")["results"]
    assert ask("get", f"findings/{first['id']}/") == first
    refused = ask("post", f"findings/{first['id']}/decide/", {"decision": "rejected"}, expect=400)
    assert refused["problems"][0]["path"] == "reason"
    said = ask("post", f"findings/{first['id']}/decide/", {"decision": "accepted"})
    assert (said["code"], said["decision"]) == ("hip_extension_limited", "accepted")


def test_a_programme_is_published_only_after_the_safety_questions(ask, own, person):
    waiting = draft(ask, person)
    refused = ask("post", f"programmes/{waiting['id']}/publish/", expect=400)
    assert any("safety questions" in problem["message"] for problem in refused["problems"])
    assert ask("get", f"programmes/{waiting['id']}/")["state"] == "draft"
    ask("get", f"programmes/{waiting['id']}/", caller=own, expect=404)
    answer_intake(ask, person)
    ready = draft(ask, person)
    assert ready["items"]
    assert ask("post", f"programmes/{ready['id']}/publish/")["state"] == "published"
    given = ask("get", f"programmes/{ready['id']}/", caller=own)["items"]
    assert [row["exercise"] for row in given] == [row["exercise"] for row in ready["items"]]
    ended = ask("post", f"programmes/{ready['id']}/end/", {"because": "moved away"})
    assert (ended["state"], ended["ended_because"]) == ("ended", "moved away")


def test_a_draft_is_changed_exercise_by_exercise(ask, person):
    answer_intake(ask, person)
    programme = draft(ask, person)
    first = programme["items"][0]
    assert first["because"]
    changed = ask("patch", f"programme-items/{first['id']}/", {"weekdays": [5, 1], "sets": 3})
    assert (changed["weekdays"], changed["sets"], changed["suggested"]["sets"]) == ([1, 5], 3, first["sets"])
    assert ask("get", f"programme-items/{first['id']}/") == changed
    refused = ask("patch", f"programme-items/{first['id']}/", {"sets": 99}, expect=400)
    assert refused["problems"] == [{"path": "sets", "message": "99 is outside 1 to 10 rounds."}]
    added = ask(
        "post", "programme-items/", {"programme": programme["id"], "exercise": "side_lying_leg_raise"}, expect=201
    )
    assert added["suggested"] is None
    ask("post", f"programme-items/{added['id']}/remove/", {}, expect=400)
    ask("post", f"programme-items/{added['id']}/remove/", {"reason": "not now"}, expect=204)
    left_out = ask("get", f"programmes/{programme['id']}/")["left_out"]
    assert any("not now" in entry["because"] for entry in left_out)


def test_a_client_answers_and_the_therapist_reads_it(ask, own, person, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    answer_intake(ask, person)
    programme = draft(ask, person)
    ask("post", f"programmes/{programme['id']}/publish/")
    today = timezone.localdate(timezone=person.zone)
    item = next(row for row in programme["items"] if 1 in row["weekdays"])
    answer = {"item": item["id"], "local_date": str(today), "outcome": "too_painful", "word": "Sharp."}
    made = ask("post", "adherence/", answer, expect=201, caller=own)
    assert ask("get", f"adherence/?programme={programme['id']}")["results"] == [made]
    assert ask("get", f"adherence/{made['id']}/", caller=own) == made
    again = ask("post", "adherence/", {**answer, "outcome": "done"}, expect=201, caller=own)
    assert (again["id"], again["outcome"]) == (made["id"], "done")
    late = ask("post", "adherence/", {**answer, "local_date": "2020-01-01"}, expect=400, caller=own)
    assert late["problems"]
    assert AuditEntry.objects.filter(verb="home_log.answered").count() == 2


def test_a_client_writes_nothing_else(ask, own, person):
    for address in ("clients/", "intakes/", "assessments/", "programmes/"):
        ask("post", address, {"client": str(person.pk)}, expect=403, caller=own)
    ask("patch", f"clients/{person.pk}/", {"email": "x@clients.example"}, expect=403, caller=own)


def test_a_token_is_given_for_a_log_in_and_works(client, therapist):
    body = {"username": therapist.user.email, "password": "a long enough password"}
    token = client.post("/api/v1/token/", body, content_type="application/json").json()["token"]
    assert client.get("/api/v1/clients/", headers={"Authorization": f"Token {token}"}).status_code == 200
    assert client.get("/api/v1/clients/", headers={"Authorization": "Token wrong"}).status_code == 401
    wrong = client.post("/api/v1/token/", {**body, "password": "x"}, content_type="application/json")
    assert (wrong.status_code, set(wrong.json())) == (400, {"problems"})
