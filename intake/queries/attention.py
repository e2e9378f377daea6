"""Which intakes of a practice need somebody."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from clinic.models import Practice
from intake.models import IntakeRequest, IntakeResponse

SHOWN = 8
#: Later than this nobody is waiting for the answers any more.
EXPIRED_LATELY = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Shortlist:
    """The first rows; `more` says that there are others."""

    rows: list[Any]
    more: bool


def shortlist(rows: Any) -> Shortlist:
    first = list(rows[: SHOWN + 1])
    return Shortlist(first[:SHOWN], len(first) > SHOWN)


def unread(practice: Practice) -> Shortlist:
    """Signed and not read by a clinician, oldest first."""
    rows = IntakeResponse.objects.filter(practice=practice, client__archived_at=None).unread()
    return shortlist(rows.defer("answers", "consent_text").select_related("client").order_by("completed_at"))


def waiting(practice: Practice) -> Shortlist:
    """Links that still work, the next to expire first."""
    rows = IntakeRequest.objects.filter(practice=practice, client__archived_at=None).open()
    return shortlist(rows.select_related("client").order_by("expires_at"))


def expired(practice: Practice) -> Shortlist:
    """Links that ran out lately, unless the client got another."""
    now = timezone.now()
    newer = IntakeRequest.objects.filter(
        practice=practice, client=OuterRef("client"), created_at__gt=OuterRef("created_at")
    )
    rows = IntakeRequest.objects.filter(practice=practice, client__archived_at=None).unfinished()
    rows = rows.filter(~Exists(newer), expires_at__range=(now - EXPIRED_LATELY, now))
    return shortlist(rows.select_related("client").order_by("-expires_at"))
