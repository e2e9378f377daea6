"""Red flags: raised by what was found, cleared only by a named clinician with a note."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import CLINICIANS, Client, Level, Membership, SafetyAlert
from clinic.services import attention, audit

#: From the mildest to the most pressing.
LEVELS = tuple(level.value for level in Level)


@transaction.atomic
def raise_alert(
    *, client: Client, level: Level, because: Sequence[str], source: str, source_id: uuid.UUID, by: audit.Actor
) -> SafetyAlert:
    """Open an alert, or renew that of the same source: an open one only grows, in its reasons and in its level.

    One that was cleared opens again for a reason that it never had or for a higher level, then at the level of now.
    Its record goes on in order: what was asked, who answered it and how, then what is asked now. So no note of a
    clinician is lost, and no reason that was answered opens it a second time.
    """
    reasons = list(dict.fromkeys(because))
    alert, is_first = SafetyAlert.objects.select_for_update(no_key=True).get_or_create(
        practice_id=client.practice_id,
        source=source,
        source_id=source_id,
        defaults={"client": client, "level": level, "because": reasons},
    )
    if is_first or renewed(alert, level, reasons):
        audit.record("safety_alert.raised", on=alert, by=by, client=client, source=source)
        attention.look_at(client)
    return alert


def renewed(alert: SafetyAlert, level: Level, reasons: Sequence[str]) -> bool:
    """Whether there was anything that the alert didn't say yet; saves it."""
    new = [line for line in reasons if line not in alert.because]
    is_higher = LEVELS.index(level) > LEVELS.index(alert.level)
    if not new and not is_higher:
        return False
    if alert.cleared_at is None:
        alert.because = [*alert.because, *new]
        alert.level = level if is_higher else alert.level
    else:
        alert.because = [*alert.because, answer_in_words(alert), *(new or reasons)]
        alert.level = level
        alert.cleared_at, alert.cleared_by, alert.cleared_note = None, None, ""
    alert.save()
    return True


def answer_in_words(alert: SafetyAlert) -> str:
    """The clearing as a line among the reasons: those before it are answered."""
    day = timezone.localdate(alert.cleared_at, timezone=alert.client.practice.zone)
    return f"Answered by {alert.cleared_by} on {day:%Y-%m-%d}: {alert.cleared_note}"


@transaction.atomic
def clear(*, alert: SafetyAlert, note: str, by: Membership) -> SafetyAlert:
    """A clinician takes responsibility: the programme may go on.

    Raises ValidationError without a note, and when the alert says something else by now than `alert` does.
    """
    if by.role not in CLINICIANS or by.practice_id != alert.practice_id:
        raise ValidationError("Only a clinician of the practice can clear this.")
    if not note.strip():
        raise ValidationError({"note": "Say what you found and decided; the note stays on record."})
    now = SafetyAlert.objects.select_for_update(no_key=True).get(pk=alert.pk)
    if (now.level, now.because, now.cleared_at) != (alert.level, alert.because, alert.cleared_at):
        raise ValidationError("This was changed in the meantime: read it again before you answer.")
    alert.cleared_at, alert.cleared_by, alert.cleared_note = timezone.now(), by, note.strip()
    alert.save()
    audit.record("safety_alert.cleared", on=alert, by=by, client=alert.client)
    attention.look_at(alert.client)
    return alert
