"""What may still be said once a note is signed: beside it, with a date and a name; the original stays."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.models import Membership
from clinic.services import audit
from clinic.services.attention import look_at
from treatments.models import NoteState, SessionAmendment, SessionNote
from treatments.services.sessions.drafts import get_locked, require_clinician

LONGEST = 5000


@transaction.atomic
def amend(*, note: SessionNote, text: str, by: Membership) -> SessionAmendment:
    """A dated addition beside a signed note. Raises ValidationError for a note that isn't signed, and without text."""
    current = get_locked(note)
    require_clinician(current.client, by)
    if current.state != NoteState.SIGNED:
        raise ValidationError("Only a signed note is amended.")
    amendment = add(current, text, by, "Say what is to be added; the note itself stays as it is.")
    audit.record("session_note.amended", on=current, by=by, client=current.client)
    return amendment


@transaction.atomic
def mark_entered_in_error(*, note: SessionNote, reason: str, by: Membership) -> SessionNote:
    """Stays on record, struck through, with the reason, and counts for nothing.

    By its author, who co-signed it, or an owner. Raises ValidationError for anybody else, for a draft (it is thrown
    away) unless it came back with a word, and without a reason.
    """
    current = get_locked(note)
    require_clinician(current.client, by)
    if current.state == NoteState.ENTERED_IN_ERROR:
        raise ValidationError("This note is marked as entered in error already.")
    if current.is_draft and not current.amendments.exists():
        raise ValidationError("A draft is thrown away, not marked as entered in error.")
    if by.pk not in (current.author_id, current.cosigned_by_id) and by.role != "owner":
        raise ValidationError("Only who signed this note, or an owner, can mark it as entered in error.")
    add(current, reason, by, "Say why; the reason stays on record.", in_error=True)
    current.state = NoteState.ENTERED_IN_ERROR
    current.save(update_fields=["state"])
    look_at(current.client)
    audit.record("session_note.entered_in_error", on=current, by=by, client=current.client)
    return current


def add(note: SessionNote, text: str, by: Membership, empty: str, *, in_error: bool = False) -> SessionAmendment:
    text = text.strip()
    if not text:
        raise ValidationError({"reason" if in_error else "text": empty})
    if "\x00" in text:
        raise ValidationError({"reason" if in_error else "text": "There is a character in it that no text has."})
    if len(text) > LONGEST:
        raise ValidationError({"reason" if in_error else "text": f"At most {LONGEST} letters."})
    return SessionAmendment.objects.create(
        practice_id=note.practice_id, note=note, text=text, in_error=in_error, author=by
    )
