"""What a client gets of intake when they ask for everything about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import own_data
from clinic.models import Client
from intake.models import IntakeResponse, Rescreen
from intake.queries.document import in_words, sections
from intake.queries.rescreens import asked

JUDGED = "what the practice made of the answers, which are given in full"


def intakes_of(client: Client) -> Iterable[IntakeResponse]:
    rows = IntakeResponse.objects.filter(practice=client.practice_id, client=client)
    return rows.select_related("form_version").order_by("created_at", "id")


def answers_of_intake(response: IntakeResponse) -> Iterator[tuple[str, Any]]:
    """As it was asked and answered; a draft, too."""
    yield _("Form"), str(response.form_version)
    for section in sections(response):
        for line in section.lines:
            yield line.question, line.answer
        for place in section.places:
            said = [place.site, place.side, "" if place.severity is None else f"{place.severity}/10"]
            yield section.title, ", ".join(word for word in said if word)


def rescreens_of(client: Client) -> Iterable[Rescreen]:
    rows = Rescreen.objects.filter(practice=client.practice_id, client=client)
    return rows.select_related("form_version").order_by("created_at", "id")


def answers_of_rescreen(rescreen: Rescreen) -> Iterator[tuple[str, Any]]:
    """In the words that were read; what was not answered was as before."""
    yield _("Nothing new"), _("Yes") if rescreen.nothing_new else _("No")
    yield from ((line.question, in_words(line.answer)) for line in asked(rescreen) if line.answer)


PARTS = (
    own_data.Part(
        "intake.IntakeResponse",
        gettext_lazy("Your forms"),
        20,
        {
            "created_at": gettext_lazy("Begun"), "completed_at": gettext_lazy("Signed on"),
            "signed_name": gettext_lazy("Signed by"), "signed_from": gettext_lazy("Signed from (internet address)"),
            "consent_text": gettext_lazy("What you agreed to"), "consent_version": gettext_lazy("Version of that text"),
            "signature": gettext_lazy("Signature, as strokes"), "scores": gettext_lazy("Scores"),
        },
        {
            "request": "the invitation to it", "form_version": "given by its words", "answers": "given in words",
            "saved_at": "of the draft", "revision": "of the draft", "filled_from": "which earlier form it began with",
            "referral_level": JUDGED, "referral_because": JUDGED, "read_at": "the practice's work",
            "read_by": "the same",
        },
        rows=intakes_of,
        more=answers_of_intake,
    ),
    own_data.Part(
        "intake.Rescreen",
        gettext_lazy("“Anything new?”"),
        21,
        {"created_at": gettext_lazy("Answered")},
        {
            "form_version": "given by its words", "language": "that of the words that are given",
            "answers": "given in words", "nothing_new": "given in words", "referral_level": JUDGED,
            "referral_because": JUDGED,
        },
        rows=rescreens_of,
        more=answers_of_rescreen,
    ),
    own_data.Part("intake.IntakeRequest", because="invitations; what was answered is given"),
    own_data.Part("intake.ConditionAnswer", because="a clinician's own answers to questions that were left open"),
)  # fmt: skip
