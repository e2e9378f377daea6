import datetime

import pytest

from assessments.models import QuestionnaireRequest
from assessments.services import asked
from clinic import links

DAY = datetime.timedelta(days=1)


@pytest.fixture
def ask(client_person, therapist):
    """`ask("nprs")`: the request of today."""

    def make(key, *, on=None, client=client_person):
        (row,) = asked.ask(client=client, questionnaires=[key], due_on=on or client.today, by=therapist)
        return row

    return make


@pytest.fixture
def at(client, client_person):
    """`at(row, 2)`, `at(row)`: address of a page on the client's link."""

    def address(row, number=None, *, who=client_person):
        base = f"/p/{links.sign('portal', who.pk)}/questions/{row.pk}/"
        return base if number is None else f"{base}{number}/"

    return address


def draft(row):
    return QuestionnaireRequest.objects.get(pk=row.pk).answers
