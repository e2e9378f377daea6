"""Session notes over the API."""

import pytest

from tests.treatments.sessions.conftest import STROKE
from treatments.models import SessionNote
from treatments.services import sessions

URL = "/api/v1/session-notes/"
ROW = {"technique": "contract_relax", "structure": "psoas", "side": "right", "minutes": 6}


@pytest.fixture
def api(client, therapist):
    client.force_login(therapist.user)

    def call(method, path="", **body):
        return getattr(client, method)(f"{URL}{path}", body, content_type="application/json")

    return call


@pytest.fixture
def made(api, client_person):
    body = {"client": str(client_person.pk), "subjective": "Stiff.", "techniques": [ROW], "chart": [STROKE]}
    answer = api("post", **body)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def test_a_note_from_beginning_to_end(api, made):
    path = f"{made['id']}/"
    assert (made["revision"], made["state"], made["chart_in_words"]) == (1, "draft", ["Pain: right low back"])
    changed = api("patch", path, revision=1, plan="Go on.").json()
    assert (changed["subjective"], changed["plan"], changed["revision"]) == ("Stiff.", "Go on.", 2)
    assert changed["techniques"][0]["technique"] == "contract_relax"
    assert api("post", f"{path}sign/").json()["state"] == "signed"
    assert api("patch", path, revision=2, plan="Late.").status_code == 400
    assert api("post", f"{path}amend/", text="Also.").json()["amendments"][0]["text"] == "Also."
    wrong = api("post", f"{path}entered-in-error/", text="Another client.").json()
    assert (wrong["state"], wrong["amendments"][1]["in_error"]) == ("entered_in_error", True)


def test_somebody_saved_in_between(api, made, keep, said, owner):
    note = SessionNote.objects.get()
    keep(said, note=note, by=owner)
    answer = api("patch", f"{note.pk}/", revision=1, plan="Mine.")
    assert answer.status_code == 409
    assert answer.json() == {
        "problems": [{"path": "revision", "message": "is out of date: revision 2 was saved in the meantime"}]
    }
    assert SessionNote.objects.get().plan == "Go on."


def test_signing_says_everything_that_is_missing(api, client_person):
    body = {
        "client": str(client_person.pk),
        "techniques": [{"technique": "trig"}, {"technique": "", "structure": "psoas"}],
    }
    note = api("post", **body).json()
    lines = [problem["message"] for problem in api("post", f"{note['id']}/sign/").json()["problems"]]
    assert [line.split(":")[0] for line in lines] == ["Row 1", "Row 2", "Row 2"]


def test_a_trainee_and_the_supervisor(api, client, waiting, trainee, therapist):
    client.force_login(trainee.user)
    assert api("post", f"{waiting.pk}/cosign/").status_code == 400
    client.force_login(therapist.user)
    back = api("post", f"{waiting.pk}/return/", text="Which side?").json()
    assert (back["state"], back["amendments"][0]["text"]) == ("draft", "Which side?")
    sessions.sign(note=waiting, by=trainee)
    assert api("post", f"{waiting.pk}/cosign/").json()["cosigned_by"] == str(therapist.pk)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"chart": [{**STROKE, "points": [[0, 2000]]}]},
        {"chart": [{**STROKE, "view": "top"}]},
        {"pain_before": 11},
        {"techniques": [{**ROW, "side": "up"}]},
        {"techniques": [{**ROW, "for_finding": "made_up"}]},
        {"assessment": "00000000-0000-7000-8000-000000000000", "plan": "x"},
        {"subjective": "a" * 20_001},
    ],
)
def test_what_can_not_be_is_refused(api, client_person, body):
    answer = api("post", client=str(client_person.pk), **body)
    assert answer.status_code == 400
    assert answer.json()["problems"]
    assert not SessionNote.objects.exists()


def test_clients_and_visits_of_others_are_not_there(api, other_client):
    assert api("post", client=str(other_client.pk), plan="x").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_list(api, keep, said, client_person, rows, django_assert_num_queries):
    for _ in range(rows):
        keep(said)
    api("get")
    with django_assert_num_queries(7):
        answer = api("get")
    assert len(answer.json()["results"]) == rows
