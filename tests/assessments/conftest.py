import datetime

import pytest

from assessments.services import assessments, questionnaires

GONIOMETER = {"mode": "passive", "instrument": "goniometer", "examiner": "Tomas"}


def hip_extension(side="left", value=2, **more):
    return {"measure": "hip_extension", "side": side, "value": value, "position": "prone", **GONIOMETER, **more}


def tape(side, value, trial=1):
    return {"measure": "leg_length_true", "side": side, "value": value, "unit": "mm", "trial": trial}


def block(value, side="right"):
    return {"measure": "leg_length_difference_block", "side": side, "value": value, "position": "standing"}


def day(number, month=3):
    return datetime.date(2026, month, number)


FIRST_VISIT = day(2)


@pytest.fixture
def record(client_person, therapist):
    """Records a draft: `record(measurements, on=day)`."""

    def make(*measurements, on=FIRST_VISIT, client=client_person, by=therapist):
        rows = list(measurements) or [hip_extension("left", 2), hip_extension("right", 14)]
        return assessments.record(client=client, assessed_on=on, measurements=rows, by=by)

    return make


@pytest.fixture
def signed(record, therapist):
    def make(*measurements, **options):
        return assessments.sign(assessment=record(*measurements, **options), by=therapist)

    return make


@pytest.fixture
def fill(client_person, therapist):
    """Records a questionnaire: `fill("nprs", {"average": 5}, on=day)`."""

    def make(key="nprs", answers=None, on=FIRST_VISIT, client=client_person, by=therapist, **more):
        given = {"average": 5} if answers is None else answers
        return questionnaires.record(client=client, questionnaire=key, answered_on=on, answers=given, by=by, **more)

    return make


@pytest.fixture
def at(client):
    """The browser of somebody: `at(membership)`."""

    def log_in(membership):
        client.force_login(membership.user)
        return client

    return log_in
