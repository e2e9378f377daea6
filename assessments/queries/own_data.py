"""What a client gets of assessments when they ask for everything about them: what they answered themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import QuestionnaireRequest, QuestionnaireResponse
from assessments.queries.questionnaires import answers_in_words, name_of
from assessments.rules import questionnaires as rules
from clinic import own_data
from clinic.models import Client


def answered_by_client(client: Client) -> Iterable[QuestionnaireResponse]:
    """In the portal; what somebody of the practice typed in stays with its record."""
    rows = QuestionnaireResponse.objects.filter(practice=client.practice_id, client=client, entered_by=None)
    return rows.order_by("answered_on", "id")


def answers(response: QuestionnaireResponse) -> Iterator[tuple[str, Any]]:
    yield _("Questionnaire"), name_of(response)
    yield from ((asked, said or _("Yes")) for asked, said in answers_in_words(response))


def waiting_for_client(client: Client) -> Iterable[QuestionnaireRequest]:
    rows = QuestionnaireRequest.objects.filter(practice=client.practice_id, client=client)
    return rows.open().order_by("due_on", "id")


def begun(asked: QuestionnaireRequest) -> Iterator[tuple[str, Any]]:
    """Its name, and what was answered so far."""
    known = rules.QUESTIONNAIRES.get(asked.questionnaire)
    texts = {item.key: item.text for item in known.items} if known else {}
    yield _("Questionnaire"), known.name if known else asked.questionnaire
    yield from ((texts.get(key, key), said) for key, said in asked.answers.items())


PARTS = (
    own_data.Part(
        "assessments.QuestionnaireResponse",
        gettext_lazy("Questionnaires that you answered"),
        30,
        {"answered_on": gettext_lazy("Answered on"), "score": gettext_lazy("Score")},
        {
            "questionnaire": "given by name", "version": "of the questionnaire", "answers": "given in words",
            "name": "of scores that the practice typed in", "licence_held": "the practice's licence",
            "entered_by": "empty where the client answered", "entered_in_error": "the practice's mark",
            "created_at": "the same day",
        },
        rows=answered_by_client,
        more=answers,
    ),
    own_data.Part(
        "assessments.QuestionnaireRequest",
        gettext_lazy("Questionnaires that wait for you"),
        31,
        {"due_on": gettext_lazy("From")},
        {
            "questionnaire": "given by name", "requested_by": "the practice's people", "answers": "given in words",
            "response": "of those that were sent, which are given", "withdrawn_at": "those are left out",
            "created_at": "when the practice asked",
        },
        rows=waiting_for_client,
        more=begun,
    ),
    own_data.Part("assessments.Assessment", because="the clinician's measurements; programmes say what was shared"),
)  # fmt: skip
