"""Lists: pages, filters, and what they cost."""

import datetime

import pytest

from assessments.services import assessments
from intake.services import requests
from tests.assessments.conftest import hip_extension
from tests.intake.conftest import fill, sign
from tests.people import make_client
from tests.treatments.conftest import make_running
from treatments.models import HomeLog

DAY = datetime.date(2026, 3, 2)
#: Token with its user, membership, number of rows, rows; then one query for each kind of part.
#: Programmes: and where the caller is a clinician.
COSTS = {"clients": 4, "intakes": 4, "assessments": 6, "findings": 4, "programmes": 6, "adherence": 4}


def everything(client, therapist):
    """An intake, an assessment with one finding, a running programme with one exercise, and an answer."""
    invitation = requests.send(client=client, by=therapist)
    fill(invitation)
    sign(invitation)
    assessments.record(client=client, assessed_on=DAY, measurements=[hip_extension("left", 2)], by=therapist)
    programme = make_running(client, starts_on=DAY)
    HomeLog.objects.create(
        practice=client.practice, client=client, item=programme.items.get(), local_date=DAY, outcome="done"
    )


@pytest.fixture
def clients(practice, therapist):
    """`clients(3)`: so many, with everything."""

    def make(count):
        made = [make_client(practice, ref=f"C{n}", given_name=f"N{n}", email=f"n{n}@x.example") for n in range(count)]
        for client in made:
            everything(client, therapist)
        return made

    return make


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("kind", COSTS)
def test_a_list_costs_the_same_however_long(api, clients, kind, count, django_assert_num_queries):
    clients(count)
    with django_assert_num_queries(COSTS[kind]):
        answer = api.get(f"/api/v1/{kind}/").json()
    assert len(answer["results"]) == answer["count"] >= count


@pytest.mark.parametrize("kind", ["intakes", "assessments", "findings", "programmes", "adherence"])
def test_every_list_is_narrowed_to_a_client(api, clients, kind):
    first, _ = clients(2)
    everyone = api.get(f"/api/v1/{kind}/").json()["results"]
    rows = api.get(f"/api/v1/{kind}/", {"client": first.pk}).json()["results"]
    assert 0 < len(rows) < len(everyone)
    assert {row["client"] for row in rows} == {str(first.pk)}


def test_answers_are_narrowed_to_days(api, clients):
    clients(1)
    for query, found in (("date_from=2026-03-02", 1), ("date_from=2026-03-03", 0), ("date_to=2026-03-01", 0)):
        assert api.get(f"/api/v1/adherence/?{query}").json()["count"] == found


def test_a_list_comes_in_pages_without_gap_or_repeat(api, practice):
    for number in range(53):
        make_client(practice, ref=f"C{number}", given_name=f"N{number}", email="")
    first = api.get("/api/v1/clients/").json()
    second = api.get(first["next"]).json()
    assert (first["count"], len(first["results"]), len(second["results"]), second["next"]) == (53, 50, 3, None)
    assert len({row["id"] for row in first["results"] + second["results"]}) == 53
