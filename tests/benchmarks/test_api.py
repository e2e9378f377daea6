"""What the API costs beside the barest list that the framework can give, in the same run."""

import statistics
import time

import pytest
from django.urls import include, path
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.test import APIClient

from clinic.models import Client
from tests.benchmarks.untraced import untraced
from tests.people import make_client

ROWS = 50
ROUNDS = 25
TWICE = 2.0
BARE = "/bare/"


class BareSerializer(serializers.ModelSerializer):
    class Meta:
        model = Client
        fields = "__all__"


class BareList(generics.ListAPIView):
    """No practice, no role, no filter, no page: everything there is."""

    queryset = Client.objects.all()
    serializer_class = BareSerializer
    permission_classes = (IsAuthenticated,)
    pagination_class = None
    filter_backends = ()


urlpatterns = [path("bare/", BareList.as_view()), path("", include("clinic.config.urls"))]


@pytest.fixture
def fifty(practice):
    return [make_client(practice, ref=f"C{n}", given_name=f"N{n}", email=f"n{n}@x.example") for n in range(ROWS)]


def medians(api, addresses):
    """Milliseconds of each, taken in turns so that a slow moment hits all."""
    spent = {address: [] for address in addresses}
    with untraced():
        for _ in range(ROUNDS):
            for address in addresses:
                start = time.perf_counter()
                assert api.get(address).status_code == 200
                spent[address].append((time.perf_counter() - start) * 1e3)
    return {address: statistics.median(times[2:]) for address, times in spent.items()}


@pytest.mark.urls(__name__)
def test_fifty_clients_and_one_cost_at_most_twice_a_bare_list(fifty, therapist, figures):
    api = APIClient()
    api.force_login(therapist.user)
    listed, one = "/api/v1/clients/", f"/api/v1/clients/{fifty[0].pk}/"
    assert len(api.get(listed).json()["results"]) == len(api.get(BARE).json()) == ROWS
    took = medians(api, [BARE, listed, one])
    for name, address in (("list of 50 clients", listed), ("one client", one)):
        figures(f"API, {name}: {took[address] / took[BARE]:.2f} of a bare list of 50 ({took[BARE]:.1f} ms)")
        assert took[address] <= TWICE * took[BARE], name
