"""The practice by token: its own facts to everybody who works there, and to nobody else."""

import pytest

from assessments.rules import PACK
from assessments.services import packs
from tests.assessments.test_packs import HOURS

ADDRESS = "/api/v1/practice/"


@pytest.mark.parametrize("who", ["receptionist", "therapist", "owner"])
def test_whoever_works_there_reads_it(by_token, request, practice, who):
    practice.paper, practice.address = "letter", "Main Street 1"
    practice.save()
    said = by_token(request.getfixturevalue(who).user).get(ADDRESS).json()
    assert (said["id"], said["name"], said["timezone"]) == (str(practice.pk), practice.name, practice.timezone)
    assert (said["paper"], said["address"], said["visit_minutes"]) == ("letter", "Main Street 1", 60)
    assert said["protocol"] == {"key": PACK.key, "version": PACK.version, "number": 0}
    assert "client_counter" not in said


def test_each_reads_their_own(by_token, other_therapist, practice):
    assert by_token(other_therapist.user).get(ADDRESS).json()["id"] == str(other_therapist.practice_id)


def test_a_client_reads_none(own):
    assert own.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_writes_it(by_token, owner, method):
    assert getattr(by_token(owner.user), method)(ADDRESS, {"name": "X"}, format="json").status_code in (403, 405)


def test_it_names_the_protocol_in_force(api, practice, owner):
    packs.adopt(practice=practice, overrides=HOURS, why="Our audit.", by=owner)
    protocol = api.get(ADDRESS).json()["protocol"]
    assert protocol == {"key": PACK.key, "version": f"{PACK.version}+1", "number": 1}


def test_it_costs_three_queries(api, django_assert_num_queries):
    with django_assert_num_queries(3):  # token with its user, membership with the practice, the protocol
        api.get(ADDRESS)
