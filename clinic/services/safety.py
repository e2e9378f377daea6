"""Red flags: raised by what was found, cleared only by a named clinician with a note."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import CLINICIANS, Client, Level, Membership, SafetyAlert
from clinic.services import audit

#: From the mildest to the most pressing.
LEVELS = tuple(level.value for level in Level)


@transaction.atomic
def raise_alert(
    *, client: Client, level: Level, because: Sequence[str], source: str, source_id: uuid.UUID, by: audit.Actor
) -> SafetyAlert:
    """Open an alert, or renew that of the same source; one that was cleared opens again only for new reasons.

    An open one is never made smaller by what is found later: only a clinician does that, by clearing it.
    """
    alert = SafetyAlert.objects.filter(practice=client.practice, source=source, source_id=source_id).first()
    if alert and alert.cleared_at is None and LEVELS.index(alert.level) > LEVELS.index(level):
        level, because = Level(alert.level), [*alert.because, *(line for line in because if line not in alert.because)]
    if alert and (alert.level, alert.because) == (level, list(because)):
        return alert
    alert = alert or SafetyAlert(practice_id=client.practice_id, client=client, source=source, source_id=source_id)
    alert.level, alert.because = level, list(because)
    alert.cleared_at, alert.cleared_by, alert.cleared_note = None, None, ""
    alert.save()
    audit.record("safety_alert.raised", on=alert, by=by, client=client, source=source)
    return alert


@transaction.atomic
def clear(*, alert: SafetyAlert, note: str, by: Membership) -> SafetyAlert:
    """A clinician takes responsibility: the programme may go on. Raises ValidationError without a note."""
    if by.role not in CLINICIANS or by.practice_id != alert.practice_id:
        raise ValidationError("Only a clinician of the practice can clear this.")
    if not note.strip():
        raise ValidationError({"note": "Say what you found and decided; the note stays on record."})
    alert.cleared_at, alert.cleared_by, alert.cleared_note = timezone.now(), by, note.strip()
    alert.save()
    audit.record("safety_alert.cleared", on=alert, by=by, client=alert.client)
    return alert
