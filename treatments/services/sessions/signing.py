"""Signing: what has to be there first, who may, and a trainee's note that waits for somebody to sign with them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import Client, Membership, Visit, VisitState
from clinic.services import audit, visits
from clinic.services.attention import look_at
from treatments.models import NoteState, SessionNote
from treatments.planning.vocabulary import STRUCTURES, TECHNIQUES
from treatments.services.sessions.amending import add
from treatments.services.sessions.content import Content, content_of
from treatments.services.sessions.drafts import get_locked, require_clinician, require_draft, save


def save_and_sign(
    *,
    client: Client,
    pk: uuid.UUID,
    revision: int,
    content: Content,
    by: Membership,
    visit: Visit | None = None,
    tab: str = "",
) -> SessionNote:
    """What is written stays written, even where it can't be signed yet. Raises what `save` and `sign` raise."""
    note = save(client=client, pk=pk, revision=revision, content=content, by=by, visit=visit, tab=tab)
    if note is None:
        raise ValidationError(EMPTY)
    return sign(note=note, by=by)


EMPTY = "There is nothing to sign yet: write what happened, or add what you did."


@transaction.atomic
def sign(*, note: SessionNote, by: Membership) -> SessionNote:
    """From now on the database lets nobody change it. A trainee's then waits for a co-signature.

    Raises ValidationError for what is missing, one line each, and unless its author signs a draft.
    """
    current = get_locked(note)
    require_clinician(current.client, by)
    require_draft(current)
    if by.pk != current.author_id:
        raise ValidationError(f"{current.author} wrote this note; only they can sign it.")
    lines = list(missing(content_of(current)))
    if lines:
        raise ValidationError(lines)
    current.state = NoteState.WAITING if by.supervisor_id else NoteState.SIGNED
    current.signed_at, current.signed_by = timezone.now(), by
    current.save(update_fields=["state", "signed_at", "signed_by"])
    if current.visit and current.visit.state == VisitState.BOOKED:
        visits.came(visit=current.visit, revision=None, by=by)
    look_at(current.client)
    audit.record("session_note.signed", on=current, by=by, client=current.client, waits=bool(by.supervisor_id))
    return current


def missing(content: Content) -> Iterator[str]:
    """What a note needs before somebody signs it, in the order of the page."""
    if content.is_blank:
        yield EMPTY
    for number, row in enumerate(content.techniques, 1):
        if not row.technique:
            yield f"Row {number}: say which technique."
        elif row.technique not in TECHNIQUES:
            yield f"Row {number}: “{row.technique}” is not in the list of techniques. Choose one, or “Other”."
        if row.structure and row.structure not in STRUCTURES:
            yield f"Row {number}: “{row.structure}” is not in the list of structures. Choose one, or say it as remark."
        elif row.structure and STRUCTURES[row.structure].sided and not row.side:
            yield f"Row {number}: {STRUCTURES[row.structure].name}: left, right or both?"
        if row.technique == "other_technique" and not row.remark:
            yield f"Row {number}: say in the remark what you did."


@transaction.atomic
def cosign(*, note: SessionNote, by: Membership) -> SessionNote:
    """The supervisor, or an owner, signs with a trainee. Raises ValidationError for anybody else."""
    current = get_locked(note)
    require_cosigner(current, by)
    current.state, current.cosigned_at, current.cosigned_by = NoteState.SIGNED, timezone.now(), by
    current.save(update_fields=["state", "cosigned_at", "cosigned_by"])
    audit.record("session_note.cosigned", on=current, by=by, client=current.client)
    return current


@transaction.atomic
def give_back(*, note: SessionNote, word: str, by: Membership) -> SessionNote:
    """Back to the trainee as a draft, with a word that stays beside it. Raises ValidationError without a word."""
    current = get_locked(note)
    require_cosigner(current, by)
    add(current, word, by, "Say what is to be changed; the word stays beside the note.")
    current.state, current.signed_at, current.signed_by = NoteState.DRAFT, None, None
    current.revision += 1
    current.save(update_fields=["state", "signed_at", "signed_by", "revision"])
    audit.record("session_note.returned", on=current, by=by, client=current.client, revision=current.revision)
    return current


def may_cosign(note: SessionNote, by: Membership) -> bool:
    """Whether this person could, while it waits."""
    if note.state != NoteState.WAITING or by.pk == note.author_id or not by.is_active:
        return False
    return by.practice_id == note.practice_id and (by.role == "owner" or by.pk == note.author.supervisor_id)


def require_cosigner(note: SessionNote, by: Membership) -> None:
    require_clinician(note.client, by)
    if note.state != NoteState.WAITING:
        raise ValidationError("This note doesn’t wait for a co-signature.")
    if by.pk == note.author_id:
        raise ValidationError("Nobody co-signs their own note.")
    if not may_cosign(note, by):
        raise ValidationError("Only the supervisor or an owner can co-sign.")
