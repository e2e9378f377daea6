"""What a client gets of assessments when they ask for everything about them: what they answered themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import QuestionnaireResponse
from assessments.queries.questionnaires import answers_in_words, name_of
from clinic import own_data
from clinic.models import Client


def answered_by_client(client: Client) -> Iterable[QuestionnaireResponse]:
    """In the portal; what somebody of the practice typed in stays with its record."""
    rows = QuestionnaireResponse.objects.filter(practice=client.practice_id, client=client, entered_by=None)
    return rows.order_by("answered_on", "id")


def answers(response: QuestionnaireResponse) -> Iterator[tuple[str, Any]]:
    yield _("Questionnaire"), name_of(response)
    yield from ((asked, said or _("Yes")) for asked, said in answers_in_words(response))


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
    own_data.Part("assessments.QuestionnaireRequest", because="invitations; what was answered is given"),
    own_data.Part("assessments.Assessment", because="the clinician's measurements; programmes say what was shared"),
)  # fmt: skip
