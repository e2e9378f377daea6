import datetime

import pytest
from django.urls import reverse

from clinic import links
from tests.treatments.conftest import TODAY, make_running
from treatments.models import HomeDay, HomeLog

DAY = datetime.timedelta(days=1)


@pytest.fixture
def at(client):
    """`at(person)`, `at(person, "progress")`, `at(person, item=…)`: an address of the portal."""

    def at(person, page="portal", item=None):
        token = links.sign("portal", person.pk)
        return reverse(
            f"treatments:{'portal_' if page != 'portal' else ''}{page}", args=[token, item.pk] if item else [token]
        )

    return at


def answered(programme, day, outcome="done", place=0):
    item = programme.items.get(place=place)
    return HomeLog.objects.create(
        practice=programme.practice, client=programme.client, item=item, local_date=day, outcome=outcome
    )


def hurt(client, day, before=None, after=None):
    return HomeDay.objects.create(
        practice=client.practice, client=client, local_date=day, pain_before=before, pain_after=after
    )


@pytest.fixture
def everyday(client_person, at_noon):
    """Runs since nine days, two exercises: one every day, one on Monday, Wednesday and Friday."""
    return make_running(client_person, starts_on=TODAY - 9 * DAY, weekdays=[range(1, 8), (1, 3, 5)])
