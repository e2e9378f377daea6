"""The people every test needs: two practices that must never see each other, and who works there."""

import datetime

import pytest
from django.contrib.auth import get_user_model

from clinic.models import Client, Membership, Practice, Role

#: Ada's date of birth, as pages ask for it.
BORN = {"day": "2", "month": "3", "year": "1978"}


def make_user(email: str):
    return get_user_model().objects.create_user(username=email, email=email, password="a long enough password")


def make_member(practice: Practice, role: Role, name: str) -> Membership:
    user = make_user(f"{name.lower()}@{practice.slug}.example")
    return Membership.objects.create(practice=practice, user=user, role=role, display_name=name)


def make_client(practice: Practice, **details) -> Client:
    known = {
        "ref": "C0001",
        "given_name": "Ada",
        "family_name": "Brandt",
        "date_of_birth": datetime.date(1978, 3, 2),
        "sex": "female",
        "email": "ada@clients.example",
    }
    return Client.objects.create(practice=practice, **{**known, **details})


@pytest.fixture
def practice(db) -> Practice:
    return Practice.objects.create(
        slug="riverside", name="Riverside Bodywork", timezone="Europe/Berlin", reply_to="desk@riverside.example"
    )


@pytest.fixture
def other_practice(db) -> Practice:
    return Practice.objects.create(slug="hillside", name="Hillside Physio", timezone="America/Chicago")


@pytest.fixture
def owner(practice) -> Membership:
    return make_member(practice, Role.OWNER, "Olga")


@pytest.fixture
def therapist(practice) -> Membership:
    return make_member(practice, Role.THERAPIST, "Tomas")


@pytest.fixture
def receptionist(practice) -> Membership:
    return make_member(practice, Role.RECEPTIONIST, "Rita")


@pytest.fixture
def other_therapist(other_practice) -> Membership:
    return make_member(other_practice, Role.THERAPIST, "Hanna")


@pytest.fixture
def client_person(practice) -> Client:
    return make_client(practice)


@pytest.fixture
def other_client(other_practice) -> Client:
    return make_client(other_practice, given_name="Otis", family_name="Other", email="otis@clients.example")
