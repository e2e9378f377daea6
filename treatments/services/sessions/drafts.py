"""Keeping a draft: from the first word, by whoever writes, and never over what somebody else wrote."""

from __future__ import annotations

import uuid
from dataclasses import fields

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clinic import problems
from clinic.models import CLINICIANS, AuditEntry, Client, Membership, Visit
from clinic.services import audit
from treatments.models import SessionNote, SessionTechnique
from treatments.services.sessions.content import Content, Row, cleaned, content_of

PLAIN_FIELDS = tuple(name.name for name in fields(Content) if name.name not in ("techniques", "assessment"))


class EditConflict(problems.EditConflict):
    """Somebody saved in between. `current` is the note as it is now; nothing was written."""

    def __init__(self, current: SessionNote) -> None:
        super().__init__(f"is out of date: revision {current.revision} was saved in the meantime")
        self.current = current


@transaction.atomic
def save(
    *,
    client: Client,
    pk: uuid.UUID,
    revision: int,
    content: Content,
    by: Membership,
    visit: Visit | None = None,
    tab: str = "",
) -> SessionNote | None:
    """The draft as it stands; the first save makes it, and nothing comes of a blank one (None).

    `revision` is the one the editor saw, 0 for a new note; `tab` names the page it is written on: an answer that
    got lost on its way is no second editor. Raises EditConflict, InvalidInput, and ValidationError for a note that is
    signed or a visit that has a note.
    """
    require_clinician(client, by)
    wanted = cleaned(content, client)
    note = locked(pk, client)
    if note is None:
        return None if wanted.is_blank and visit is None else create(client, pk, wanted, by, visit, tab)
    require_draft(note)
    if note.revision != revision and not is_own(note, revision, tab):
        if wanted == content_of(note):
            return note
        raise EditConflict(note)
    if wanted == content_of(note):
        return note
    write(note, wanted)
    note.revision += 1
    note.save()
    remember(note, by, tab)
    return note


def create(
    client: Client, pk: uuid.UUID, content: Content, by: Membership, visit: Visit | None, tab: str
) -> SessionNote:
    require_free(visit, client)
    note = SessionNote(pk=pk, practice_id=client.practice_id, client=client, visit=visit, author=by)
    try:
        with transaction.atomic():
            fill(note, content)
            note.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError("This visit has a note already, or this note is somebody else’s.") from error
    write_rows(note, content.techniques)
    audit.record("session_note.started", on=note, by=by, client=client, tab=tab, revision=note.revision)
    return note


@transaction.atomic
def discard(*, note: SessionNote, by: Membership) -> None:
    """Throws a draft away. Raises ValidationError for anything else, and for a draft of somebody else."""
    current = get_locked(note)
    require_clinician(current.client, by)
    require_draft(current)
    if by.pk != current.author_id and by.role != "owner":
        raise ValidationError(f"{current.author} writes this note; only they or an owner can throw it away.")
    if current.amendments.exists():
        raise ValidationError("It came back with a word that stays on record: sign it, or mark it as entered in error.")
    audit.record("session_note.discarded", on=current, by=by, client=current.client)
    current.delete()


def locked(pk: uuid.UUID, client: Client) -> SessionNote | None:
    """The row as it is now, held until the end of the transaction; None where there is none yet."""
    rows = SessionNote.objects.filter(practice_id=client.practice_id, client=client)
    note = rows.select_for_update(of=("self",)).select_related("author").filter(pk=pk).first()
    if note:
        note.client = client
    return note


def get_locked(note: SessionNote) -> SessionNote:
    rows = SessionNote.objects.select_for_update(of=("self",))
    return rows.select_related("client__practice", "author", "visit").get(pk=note.pk)


def require_draft(note: SessionNote) -> None:
    if not note.is_draft:
        raise ValidationError(f"This note is {STATES[note.state]} and can’t be changed; add an amendment instead.")


STATES = {
    "waiting": "signed and waits for a co-signature",
    "signed": "signed",
    "entered_in_error": "marked as entered in error",
}


def require_clinician(client: Client, by: Membership) -> None:
    if by.role not in CLINICIANS or by.practice_id != client.practice_id or not by.is_active:
        raise ValidationError("Only a clinician of the practice can do this.")


def require_free(visit: Visit | None, client: Client) -> None:
    if visit is None:
        return
    if visit.client_id != client.pk:
        raise ValidationError("This visit is somebody else’s.")
    if SessionNote.objects.filter(visit=visit).standing().exists():
        raise ValidationError("This visit has a note already.")


def write(note: SessionNote, content: Content) -> None:
    fill(note, content)
    note.techniques.all().delete()
    write_rows(note, content.techniques)


def fill(note: SessionNote, content: Content) -> None:
    for name in PLAIN_FIELDS:
        setattr(note, name, getattr(content, name))
    note.assessment_id = content.assessment


def write_rows(note: SessionNote, rows: tuple[Row, ...]) -> None:
    SessionTechnique.objects.bulk_create(
        SessionTechnique(
            practice_id=note.practice_id,
            note=note,
            place=place,
            **{name.name: getattr(row, name.name) for name in fields(Row)},
        )
        for place, row in enumerate(rows)
    )


def is_own(note: SessionNote, revision: int, tab: str) -> bool:
    """Whether everything since `revision` was saved on the same page, whose answers then got lost."""
    last = last_entry(note)
    return bool(tab and last and last.facts.get("tab") == tab and revision + 1 >= last.facts["revision"])


def remember(note: SessionNote, by: Membership, tab: str) -> None:
    """One entry for each time that somebody sits down to it, not for every second of typing."""
    last = last_entry(note)
    if last and tab and last.facts.get("tab") == tab and last.actor_user_id == by.user_id:
        return
    audit.record("session_note.changed", on=note, by=by, client=note.client, tab=tab, revision=note.revision)


def last_entry(note: SessionNote) -> AuditEntry | None:
    """By the index of a client's entries: those of a note that is being written are the newest."""
    entries = AuditEntry.objects.filter(practice_id=note.practice_id, client_id=note.client_id)
    verbs = ("session_note.started", "session_note.changed", "session_note.returned")
    return entries.filter(object_id=note.pk, verb__in=verbs).order_by("-created_at", "-id").first()
