import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from tests.architecture.world import world  # noqa: F401
from tests.people import make_client, make_user

UNKNOWN = "018f0000-0000-7000-8000-000000000000"


@pytest.fixture
def by_token():
    """`by_token(user)`: a caller who has nothing but a token."""

    def make(user) -> APIClient:
        return APIClient(headers={"Authorization": f"Token {Token.objects.create(user=user).key}"})

    return make


@pytest.fixture
def person(practice):
    """A client with a log-in of their own."""
    return make_client(practice, user=make_user("ada@clients.example"))


@pytest.fixture
def api(by_token, therapist) -> APIClient:
    return by_token(therapist.user)


@pytest.fixture
def own(by_token, person) -> APIClient:
    return by_token(person.user)
