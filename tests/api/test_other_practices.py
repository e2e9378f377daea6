"""Another practice's row is answered like one that does not exist, and nothing is written."""

import pytest

from assessments.models import Assessment, FindingDecision
from assessments.services import assessments
from clinic.models import AuditEntry, Client, Membership, Reminder
from intake.models import IntakeRequest
from tests.api.conftest import UNKNOWN
from tests.assessments.conftest import FIRST_VISIT, hip_extension
from tests.treatments.conftest import make_running
from treatments.models import HomeLog, Programme

WRITTEN = (Assessment, FindingDecision, AuditEntry, Client, Reminder, IntakeRequest, HomeLog, Programme)
ROWS = [{"measure": "hip_extension", "side": "left", "value": 2}]


@pytest.fixture
def theirs(other_client, other_therapist):
    """Ids of things of the other practice."""
    assessment = assessments.record(
        client=other_client, assessed_on=FIRST_VISIT, measurements=[hip_extension()], by=other_therapist
    )
    programme = make_running(other_client, starts_on=FIRST_VISIT)
    log = HomeLog.objects.create(
        practice=other_client.practice, client=other_client, item=programme.items.get(), local_date=FIRST_VISIT,
        outcome="done",
    )  # fmt: skip
    return {
        "client": other_client.pk, "assessment": assessment.pk, "finding": assessment.findings.first().pk,
        "programme": programme.pk, "item": programme.items.get().pk, "log": log.pk, "therapist": other_therapist.pk,
    }  # fmt: skip


def rows():
    return [model.objects.count() for model in WRITTEN] + list(Programme.objects.values_list("state", flat=True))


PAIN = {"questionnaire": "nprs", "answered_on": "2026-03-02", "answers": {"average": 5}}
NAMING = {
    "assessments": ("client", {"assessed_on": "2026-03-02", "measurements": ROWS}, "client", 400),
    "intakes": ("client", {}, "client", 400),
    "questionnaires": ("client", PAIN, "client", 400),
    "clients": ("therapist", {"given_name": "Ben", "family_name": "Arndt"}, "therapist", 400),
    "programmes": ("assessment", {}, "assessment", 404),
    "programme-items": ("programme", {"exercise": "walking"}, "programme", 404),
    "adherence": ("item", {"local_date": "2026-03-02", "outcome": "done"}, "item", 404),
}


@pytest.mark.parametrize("kind", NAMING)
def test_creating_for_their_row_is_creating_for_an_unknown_one(api, theirs, kind):
    field, body, thing, status = NAMING[kind]
    before = rows()
    known = api.post(f"/api/v1/{kind}/", {**body, field: str(theirs[thing])}, format="json")
    unknown = api.post(f"/api/v1/{kind}/", {**body, field: UNKNOWN}, format="json")
    assert known.status_code == unknown.status_code == status
    assert known.content.decode().replace(str(theirs[thing]), UNKNOWN) == unknown.content.decode()
    assert rows() == before


ACTS = [
    ("patch", "clients/{client}/", "client", {"email": "x@x.example"}),
    ("put", "assessments/{assessment}/", "assessment", {"revision": 1, "measurements": ROWS}),
    ("post", "assessments/{assessment}/sign/", "assessment", {}),
    ("post", "assessments/{assessment}/entered-in-error/", "assessment", {}),
    ("post", "findings/{finding}/decide/", "finding", {"decision": "accepted"}),
    ("post", "programmes/{programme}/publish/", "programme", {}),
    ("post", "programmes/{programme}/end/", "programme", {}),
    ("get", "assessments/changes/?client={client}", "client", None),
    ("patch", "programme-items/{item}/", "item", {"sets": 2}),
    ("post", "programme-items/{item}/remove/", "item", {"reason": "x"}),
    ("get", "programme-items/{item}/", "item", None),
    ("get", "clients/{client}/", "client", None),
    ("get", "findings/{finding}/", "finding", None),
    ("get", "programmes/{programme}/", "programme", None),
    ("get", "adherence/{log}/", "log", None),
]  # fmt: skip


@pytest.mark.parametrize(("method", "address", "thing", "body"), ACTS, ids=lambda value: str(value)[:40])
def test_acting_on_their_row_is_acting_on_an_unknown_one(api, theirs, method, address, thing, body):
    before = rows()
    send = getattr(api, method)
    known = send(f"/api/v1/{address.format(**theirs)}", body, format="json")
    unknown = send(f"/api/v1/{address.format(**{**theirs, thing: UNKNOWN})}", body, format="json")
    assert known.status_code == unknown.status_code == 404
    assert known.content == unknown.content
    assert rows() == before


def test_a_client_gets_no_therapist_of_another_practice_even_from_somebody_who_works_in_both(
    api, therapist, other_practice, other_therapist, client_person
):
    Membership.objects.create(practice=other_practice, user=therapist.user, role="therapist", display_name="Tomas")
    body = {"therapist": str(other_therapist.pk)}
    answer = api.patch(f"/api/v1/clients/{client_person.pk}/", body, format="json")
    assert (answer.status_code, answer.json()["problems"][0]["path"]) == (400, "therapist")
    client_person.refresh_from_db()
    assert client_person.therapist is None
