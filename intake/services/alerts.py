"""What an intake raises with the practice."""

from __future__ import annotations

from clinic.models import Client, Level, SafetyAlert
from clinic.services import safety
from intake.models import IntakeResponse
from intake.screening import LEVELS, Referral

SOURCE = "intake"
TAKEN_BACK = "The client changed this answer before signing: ask in person."


def raise_for(response: IntakeResponse, referral: Referral, *, by: Client) -> None:
    safety.raise_alert(
        client=response.client,
        level=Level(referral.level),
        because=referral.because,
        source=SOURCE,
        source_id=response.pk,
        by=by,
    )


def settle(response: IntakeResponse, referral: Referral, *, by: Client) -> None:
    """Raise what the signed answers ask for. What was said while writing is never made smaller by the software."""
    said = SafetyAlert.objects.filter(practice=response.practice_id, source=SOURCE, source_id=response.pk)
    earlier = said.open().first()
    if earlier and LEVELS.index(earlier.level) > LEVELS.index(referral.level):
        both = (*earlier.because, TAKEN_BACK, *(line for line in referral.because if line not in earlier.because))
        raise_for(response, Referral(earlier.level, both), by=by)
    elif referral.level != "none":
        raise_for(response, referral, by=by)
