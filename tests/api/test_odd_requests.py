"""Requests that a machine makes up from the document: whatever comes, an answer that the document knows.

Each made-up request is sent twice: as it is, and aimed at rows that the caller may see. Everything runs inside the
transaction of the test.
"""

import copy
import itertools

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from rest_framework.authtoken.models import Token
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from clinic.config.api import TokenView

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CONFIG = {
    "generation": {"deterministic": True, "max-examples": 3, "allow-x00": True, "no-shrink": True, "database": "none"},
    "phases": {"coverage": {"enabled": False}},
}
#: What a row of each list is called in `tests.architecture.world`.
ROWS = {
    "clients": ("client",),
    "intakes": ("response",),
    "assessments": ("draft", "assessment"),
    "findings": ("finding",),
    "protocol": ("pack",),
    "questionnaires": ("questionnaire",),
    "programmes": ("planned", "programme"),
    "programme-items": ("planned_item",),
    "adherence": ("log",),
    "messages": ("message",),
    "visits": ("visit",),
    "session-notes": ("note",),
}
MADE_UP = hypothesis.settings(
    deadline=None, derandomize=True, max_examples=3, suppress_health_check=list(hypothesis.HealthCheck)
)
NAMED = ("client", "assessment", "item", "programme")

with GENERATOR_STATS.silence():
    schema = schemathesis.openapi.from_dict(
        SchemaGenerator().get_schema(request=None, public=True), config=SchemathesisConfig.from_dict(CONFIG)
    )
schema.app = get_wsgi_application()


@pytest.fixture
def one_transaction(monkeypatch):
    """The application may not close the connection of the test, nor count the attempts of a machine."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    monkeypatch.setattr(TokenView, "throttle_classes", ())
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def token_of(user) -> dict[str, str]:
    return {"Authorization": f"Token {Token.objects.get_or_create(user=user)[0].key}"}


@pytest.fixture
def turn():
    return itertools.count()


def aimed(case, things, turn):
    """The same request about rows that are there; None where it names none."""
    before = copy.deepcopy((case.path_parameters, case.body, case.query))
    kind = case.path.split("/")[3]
    if isinstance(case.path_parameters, dict) and "id" in case.path_parameters:
        rows = ROWS[kind]
        case.path_parameters["id"] = str(things[rows[turn % len(rows)]])
    for part in (case.body, case.query):
        for name in NAMED:
            if isinstance(part, dict) and name in part:
                part[name] = str(things[name])
    return case if (case.path_parameters, case.body, case.query) != before else None


def send(case, headers, things, turn):
    case.call_and_validate(headers=headers, checks=CHECKS)
    if about_rows := aimed(case, things, turn):
        about_rows.call_and_validate(headers=headers, checks=CHECKS)


@schema.parametrize()
@MADE_UP
def test_a_therapist_gets_answers_the_document_knows(case, world, turn, one_transaction):
    send(case, token_of(world.users["therapist"]), world.things, next(turn))


@schema.include(path_regex="/adherence/|/[a-z]+/{id}/$").parametrize()
@MADE_UP
def test_a_client_gets_answers_the_document_knows(case, world, turn, one_transaction):
    send(case, token_of(world.users["own_client"]), world.things, next(turn))
