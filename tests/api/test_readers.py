"""A programme is read by the therapist and by the client; what is said to therapists only by the therapist."""

import pytest

from clinic.models import Membership
from tests.people import make_client
from tests.treatments.conftest import make_running
from treatments.models import ProgrammeItem

FOR_THERAPISTS = {"left_out", "suggested", "for_findings", "because"}
WHY = "Iliopsoas tight on the right"
SAID = {
    "for_findings": ["iliopsoas_short"], "because": WHY,
    "suggested": {"side": "right", "hold_seconds": 30, "repetitions": 2, "sets": 1, "minutes": None, "weekdays": [1]},
}  # fmt: skip


def explained(client):
    """A running programme with everything a therapist reads in it."""
    left_out = [{"exercise": "bridge", "side": None, "because": WHY}]
    programme = make_running(client, left_out=left_out, advice=["Walk more."], note="Well done.")
    ProgrammeItem.objects.filter(programme=programme).update(**SAID)
    return programme


@pytest.fixture
def programme(person):
    return explained(person)


def answers(caller, programme):
    """The programme in the list and by itself, and its exercise there, there and by itself."""
    (listed,) = [row for row in caller.get("/api/v1/programmes/").json()["results"] if row["id"] == str(programme.pk)]
    one = caller.get(f"/api/v1/programmes/{programme.pk}/").json()
    item = caller.get(f"/api/v1/programme-items/{programme.items.get().pk}/").json()
    return [listed, one, *listed["items"], *one["items"], item]


def names(rows):
    return {name for row in rows for name in row}


def test_a_client_reads_nothing_that_is_said_to_therapists(own, programme):
    rows = answers(own, programme)
    assert not names(rows) & FOR_THERAPISTS
    assert WHY not in str(rows)
    assert "iliopsoas_short" not in str(rows)
    assert (rows[0]["advice"], rows[0]["note"], rows[-1]["exercise"]) == (
        ["Walk more."], "Well done.", "half_kneeling_hip_flexor_stretch",
    )  # fmt: skip


@pytest.mark.parametrize("who", ["therapist", "owner"])
def test_a_clinician_of_the_practice_reads_all_of_it(by_token, request, programme, who):
    listed, one, *items = answers(by_token(request.getfixturevalue(who).user), programme)
    assert listed["left_out"] == one["left_out"] == [{"exercise": "bridge", "side": None, "because": WHY}]
    assert all({name: item[name] for name in SAID} == SAID for item in items)
    assert len(items) == 3


def test_a_clinician_elsewhere_is_a_client_here(by_token, practice, other_therapist, other_client):
    """One list with both: what they give, and what they were given."""
    given, got = explained(other_client), explained(make_client(practice, user=other_therapist.user))
    caller = by_token(other_therapist.user)
    assert names(answers(caller, given)) >= FOR_THERAPISTS
    assert not names(answers(caller, got)) & FOR_THERAPISTS


@pytest.mark.parametrize("change", [{"role": "receptionist"}, {"is_active": False}])
def test_who_works_there_without_health_data_reads_their_own_as_a_client(own, practice, person, programme, change):
    Membership.objects.create(
        practice=practice, user=person.user, display_name="Ada", **{"role": "therapist", **change}
    )
    assert not names(answers(own, programme)) & FOR_THERAPISTS
