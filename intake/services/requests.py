"""Inviting a client to answer before the visit."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import Client, Membership, Reminder
from clinic.services import attention, audit
from intake.models import IntakeRequest, IntakeResponse, PracticeForm, State
from intake.queries.answers import latest_completed
from intake.queries.link_wanted import LINK_KIND
from intake.screening.shipping import SHIPPED
from intake.services import forms

VALID_FOR = datetime.timedelta(days=14)
REMINDER_KIND = "intake_link"
#: An own form, a shipped one by its key, or nothing chosen.
Chosen = PracticeForm | str | None


@transaction.atomic
def send(*, client: Client, by: Membership | audit.Machine, form: Chosen = None) -> IntakeRequest:
    """A new link, mailed as soon as the reminder engine wakes up; earlier ones of the client stop working.

    `form`: an own form, or a shipped one by its key; without one that of the link it replaces, else the practice's
    default. Half-written answers move along when the questions are still the same. Raises ValidationError when nothing
    could reach the client, and for a form that can't be sent.
    """
    if isinstance(by, Membership) and by.practice_id != client.practice_id:
        raise ValidationError("Only the client's own practice can send this.")
    check_reachable(client)
    request = make(client, by, "intake_request.sent", form)
    mail(request)
    return request


def make(client: Client, by: Membership | audit.Machine, verb: str, form: Chosen = None) -> IntakeRequest:
    """In the place of the client's unfinished ones; two that are made at once wait for each other."""
    wait_for_others(client)
    earlier = list(IntakeRequest.objects.select_for_update().filter(client=client).unfinished())
    request = IntakeRequest.objects.create(
        practice_id=client.practice_id,
        client=client,
        form_version=forms.to_send(practice=client.practice, by=by, form=form or same_as(earlier)),
        requested_by=by if isinstance(by, Membership) else None,
        expires_at=timezone.now() + VALID_FOR,
    )
    for old in earlier:
        withdraw(old, by)
    carry_draft(earlier, request)
    audit.record(verb, on=request, by=by, client=client)
    attention.look_at(client, LINK_KIND)
    return request


def wait_for_others(client: Client) -> None:
    Client.objects.select_for_update(no_key=True).values_list("pk").get(pk=client.pk)


def same_as(earlier: list[IntakeRequest]) -> Chosen:
    """What a new link in the place of another asks: the same form, as it is published now; None where it is gone."""
    if not earlier:
        return None
    version = max(earlier, key=lambda request: request.created_at).form_version
    if version.key in SHIPPED:
        return version.key
    own = PracticeForm.objects.filter(practice=version.practice_id, key=version.key, retired_at=None)
    return own.select_related("practice").first()


@transaction.atomic
def here(*, client: Client, by: Membership, form: Chosen = None) -> IntakeRequest:
    """The client's open link, or a new one that nobody mails: for somebody who sits at the practice.

    With `form` an open link that asks something else is replaced. Raises ValidationError for an archived client.
    """
    if by.practice_id != client.practice_id:
        raise ValidationError("Only the client's own practice can ask.")
    check_in_care(client)
    wait_for_others(client)
    still_open = IntakeRequest.objects.filter(client=client).open().select_related("form_version")
    already: IntakeRequest | None = still_open.order_by("-created_at").first()
    if already and (form is None or already.form_version.key == (form if isinstance(form, str) else form.key)):
        return already
    return make(client, by, "intake_request.made", form)


@transaction.atomic
def revoke(*, request: IntakeRequest, by: Membership | audit.Machine) -> IntakeRequest:
    """The link stops working. Raises ValidationError when it was answered or withdrawn already."""
    locked = IntakeRequest.objects.select_for_update(of=("self",)).select_related("client").get(pk=request.pk)
    if locked.state in (State.COMPLETED, State.REVOKED):
        raise ValidationError(f"This link can't be withdrawn any more: {locked.state.label.lower()}.")
    withdraw(locked, by)
    return locked


@transaction.atomic
def ask_for_new_link(*, client: Client, by: Client) -> None:
    """The client's link does not work any more: the practice is told, once a day however often it is tapped."""
    rows = IntakeRequest.objects.select_for_update(of=("self",)).filter(practice=client.practice_id, client=client)
    newest = rows.order_by("-created_at").first()
    told = newest and newest.new_link_asked_at
    if newest is None or (told and told.astimezone(client.zone).date() == client.today):
        return
    newest.new_link_asked_at = timezone.now()
    newest.save(update_fields=["new_link_asked_at"])
    audit.record("intake_request.new_link_wanted", on=newest, by=by, client=client)
    attention.look_at(client, LINK_KIND)


def check_in_care(client: Client) -> None:
    if client.archived_at:
        raise ValidationError(f"{client} is archived. Take them back into care first.")


def check_reachable(client: Client) -> None:
    check_in_care(client)
    if client.email_refused_at:
        raise ValidationError({"email": f"{client} withdrew their consent to mail, so no link can be sent."})
    if not client.email:
        raise ValidationError({"email": f"{client} has no e-mail address. Add one under Details, then send the link."})


def withdraw(request: IntakeRequest, by: audit.Actor) -> None:
    request.revoked_at = timezone.now()
    request.save(update_fields=["revoked_at"])
    audit.record("intake_request.revoked", on=request, by=by, client=request.client)


def carry_draft(earlier: list[IntakeRequest], request: IntakeRequest) -> None:
    """What the client had written under a link that was just withdrawn is not lost; what they said in an earlier form
    is shown to them, and counts once they say that it is still right."""
    draft = (
        IntakeResponse.objects.filter(request__in=earlier, form_version=request.form_version_id, completed_at=None)
        .order_by("-saved_at")
        .first()
    )
    known = latest_completed(request.client)
    if draft or known:
        IntakeResponse.objects.create(
            practice_id=request.practice_id,
            request=request,
            client_id=request.client_id,
            form_version_id=request.form_version_id,
            answers=draft.answers if draft else {},
            filled_from=known,
        )


def mail(request: IntakeRequest) -> None:
    now = timezone.now()
    Reminder.objects.create(
        practice_id=request.practice_id,
        client_id=request.client_id,
        kind=REMINDER_KIND,
        subject=request.pk,
        local_date=request.client.today,
        due_at=now,
        not_before=now,
    )
