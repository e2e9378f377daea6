"""A client's answers: saved page by page, signed once, never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic import facts
from clinic.models import CLINICIANS, Client, Membership
from clinic.problems import InvalidInput, Problem
from clinic.services import attention, audit
from intake.models import IntakeRequest, IntakeResponse, State
from intake.queries.answers import consent_of
from intake.queries.link_wanted import LINK_KIND
from intake.screening import Field, Form, Referral, read_intake, scores_of, screen, without_hidden
from intake.services import alerts, completeness, merging


@transaction.atomic
def save_page(
    *, request: IntakeRequest, answers: Mapping[str, Any], by: Client, seen: Mapping[str, Any] | None = None
) -> IntakeResponse:
    """Add part of the intake document to the draft; a None takes an answer back, what is not named stays.

    `seen`: that part as the page showed it. Of what another device said meanwhile, the later answer of each field
    counts. An emergency answer alerts the practice now, not after the signature. Raises InvalidInput with every problem
    (nothing is saved), ValidationError when the link no longer works.
    """
    request = opened(request)
    draft = draft_of(request)
    merged = merging.merged(draft.answers, answers, seen)
    if merged == draft.answers:
        return draft
    parsed, problems = read_intake(merged, path="", form=request.form_version.form)
    if problems:
        raise InvalidInput([Problem(problem.path.lstrip("."), problem.message) for problem in problems])
    draft.answers, draft.revision = merged, draft.revision + 1
    draft.save(update_fields=["answers", "revision", "saved_at"])
    audit.record("intake.saved", on=draft, by=by, client=request.client)
    referral = screen(parsed, age=request.client.age)
    if referral.level == "emergency":
        alerts.raise_for(draft, referral, by=by)
    return draft


@transaction.atomic
def complete(
    *, request: IntakeRequest, signed_name: str, consent: bool, ip: str | None, by: Client, drawn: Any = None
) -> IntakeResponse:
    """Sign the draft, screen it, tell the practice. From here on the database lets nobody change it.

    `drawn`: strokes of a signature, instead of a typed name or with it. Raises InvalidInput: one line per question that
    is open, for a missing agreement, for a missing signature.
    """
    request = opened(request)
    response = draft_of(request)
    form = request.form_version.form_in(request.client.speaks)
    check(form, response, signed_name, consent, drawn)
    response.answers = without_hidden(form, response.answers)
    response.scores = scores_of(form, response.answers)
    referral = screen(read_intake(response.answers)[0], age=request.client.age)
    response.signed_name, response.signature = signed_name.strip() or str(request.client), drawn
    response.signed_from = ip
    sign(response, consent_of(form), referral)
    request.completed_at = response.completed_at
    request.save(update_fields=["completed_at"])
    audit.record("intake.completed", on=response, by=by, client=request.client)
    alerts.settle(response, referral, by=by)
    facts.changed(request.client, by=by)
    attention.look_at(request.client, LINK_KIND)
    return response


@transaction.atomic
def note_warning_read(*, response: IntakeResponse, by: Client) -> None:
    """The client said “I have read this” below an emergency message."""
    audit.record("intake.warning_read", on=response, by=by, client=response.client)


@transaction.atomic
def mark_read(*, response: IntakeResponse, by: Membership) -> IntakeResponse:
    """A clinician has read it. The first reader stays on record."""
    if by.role not in CLINICIANS or by.practice_id != response.practice_id:
        raise ValidationError("Only a clinician of the practice can read an intake.")
    if response.completed_at is None:
        raise ValidationError("The client has not sent this yet.")
    if response.read_at is None:
        response.read_at, response.read_by = timezone.now(), by
        response.save(update_fields=["read_at", "read_by"])
        audit.record("intake.read", on=response, by=by, client=response.client)
    return response


def opened(request: IntakeRequest) -> IntakeRequest:
    """The locked row of a link that still works, with its first use noted."""
    rows = IntakeRequest.objects.select_for_update(of=("self",)).select_related("client__practice", "form_version")
    locked: IntakeRequest = rows.get(pk=request.pk)
    if locked.state != State.OPEN:
        raise ValidationError(f"This link no longer works: {locked.state.label.lower()}.")
    if locked.opened_at is None:
        locked.opened_at = timezone.now()
        locked.save(update_fields=["opened_at"])
    return locked


def draft_of(request: IntakeRequest) -> IntakeResponse:
    draft, _ = IntakeResponse.objects.get_or_create(
        request=request,
        defaults={
            "practice_id": request.practice_id,
            "client_id": request.client_id,
            "form_version_id": request.form_version_id,
        },
    )
    return draft


def check(form: Form, response: IntakeResponse, signed_name: str, consent: bool, drawn: Any) -> None:
    problems = list(completeness.open_questions(form, response.answers))
    problems += completeness.signature_problems(form, signed_name, consent, drawn)
    if problems:
        raise InvalidInput(problems)


def sign(response: IntakeResponse, agreed: Field, referral: Referral) -> None:
    """The exact words that were agreed to, in the language that was read, go into the row."""
    response.completed_at = timezone.now()
    response.consent_text, response.consent_version = agreed.text, agreed.version
    response.referral_level, response.referral_because = referral.level, list(referral.because)
    response.save()
