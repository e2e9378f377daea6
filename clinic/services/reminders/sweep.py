"""Step 6: rows whose worker is gone. What provably did not leave is planned again; what may have, a person sees."""

from __future__ import annotations

import datetime

from clinic import conf
from clinic.models import Reminder, State
from clinic.services.reminders.claim import is_dead
from clinic.services.reminders.sql import execute

MAY_HAVE_LEFT = "The worker stopped while the mail was being handed over: it may or may not have arrived."

SWEEP = """
UPDATE clinic_reminder SET
    state = CASE WHEN handing_over_at IS NULL THEN 'planned' ELSE 'uncertain' END,
    reason = CASE WHEN handing_over_at IS NULL THEN reason ELSE %s END,
    settled_at = CASE WHEN handing_over_at IS NULL THEN NULL ELSE %s END,
    claimed_by = CASE WHEN handing_over_at IS NULL THEN '' ELSE claimed_by END
WHERE id IN (
    SELECT id FROM clinic_reminder
    WHERE state = 'claimed' AND (claimed_by = ANY(%s) OR greatest(claimed_at, handing_over_at) < %s)
    FOR UPDATE SKIP LOCKED)
"""


def sweep(now: datetime.datetime) -> int:
    """Take back rows claimed too long ago, or by a process of this host that no longer lives. Returns how many."""
    claimed = Reminder.objects.filter(state=State.CLAIMED)
    owners = list(claimed.order_by().values_list("claimed_by", flat=True).distinct())
    if not owners:
        return 0
    dead = [owner for owner in owners if is_dead(owner)]
    return execute(SWEEP, [MAY_HAVE_LEFT, now, dead, now - conf.reminders().claim_timeout])
