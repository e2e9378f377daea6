"""Step 5: what became of a row is written down; and `handing_over_at` before it leaves, so that it is accountable."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError

from clinic import conf
from clinic.models import Reminder, State
from clinic.services import clock
from clinic.services.reminders.breaker import spread
from clinic.services.reminders.outcome import Outcome
from clinic.services.reminders.sql import execute, execute_prepared


@dataclass(frozen=True, slots=True)
class Settlement:
    """The new state of one claimed row. Planned again: `not_before` says when."""

    row: uuid.UUID
    state: State
    reason: str
    attempts: int
    not_before: datetime.datetime
    provider_id: str = ""


# A late worker may still say what really became of a row that was swept to `uncertain` while it was busy with it.
_SETTLE = """
UPDATE clinic_reminder r SET
    state = v.state, reason = v.reason, attempts = v.attempts, not_before = v.not_before, provider_id = v.provider_id,
    counted = r.counted AND v.state IN ('sent', 'uncertain'),
    settled_at = CASE WHEN v.state = 'planned' THEN NULL ELSE %s::timestamptz END,
    handing_over_at = CASE WHEN v.state = 'planned' THEN NULL ELSE r.handing_over_at END,
    claimed_at = CASE WHEN v.state = 'planned' THEN NULL ELSE r.claimed_at END,
    claimed_by = CASE WHEN v.state = 'planned' THEN '' ELSE r.claimed_by END
FROM {rows} AS v(id, state, reason, attempts, not_before, provider_id)
WHERE r.id = v.id AND r.claimed_by = %s AND r.state IN ('claimed', 'uncertain')
"""
SETTLE = _SETTLE.format(
    rows="unnest(%s::uuid[], %s::text[], %s::text[], %s::smallint[], %s::timestamptz[], %s::text[])"
)

# Nobody sends without a row coming back from this, and no row gives it twice.
HAND_OVER = """
UPDATE clinic_reminder SET handing_over_at = %s, counted = %s
WHERE id = %s AND claimed_by = %s AND state = 'claimed' AND handing_over_at IS NULL
"""
# Runs once a mail: the end of the one before, and the begin of this one.
SETTLE_AND_HAND_OVER = f"""WITH settled AS ({
    _SETTLE.format(rows="(VALUES (%s::uuid, %s::text, %s::text, %s::smallint, %s::timestamptz, %s::text))")
}) {HAND_OVER}""".encode()


class DayIsTaken(Exception):
    """Another message took the client's day since the check."""


def skipped(row: Reminder, reason: str) -> Settlement:
    return Settlement(row.pk, State.SKIPPED, reason, row.attempts, row.not_before)


def postponed(row: Reminder, until: datetime.datetime, reason: str) -> Settlement:
    """Planned again without counting as an attempt."""
    return Settlement(row.pk, State.PLANNED, reason, row.attempts, until)


def again_or_failed(row: Reminder, reason: str, now: datetime.datetime) -> Settlement:
    """Planned again, later each time; failed after the last attempt."""
    rules, attempts = conf.reminders(), row.attempts + 1
    state = State.FAILED if attempts >= rules.attempts else State.PLANNED
    wait = min(rules.first_retry * 2 ** (attempts - 1), rules.longest_retry)
    return Settlement(row.pk, state, reason, attempts, now + spread(wait))


def settlement(row: Reminder, outcome: Outcome, now: datetime.datetime) -> Settlement:
    """The row's new state from what the mail server said."""
    if outcome.state == State.PLANNED and outcome.down:
        return postponed(row, now, outcome.reason)  # the server rests, so no row has to
    if outcome.state == State.PLANNED:
        return again_or_failed(row, outcome.reason, now)
    return Settlement(
        row.pk, outcome.state, outcome.reason, row.attempts + 1, row.not_before, outcome.provider_id[:200]
    )


def settle(settlements: Sequence[Settlement], owner: str) -> None:
    """Write them down, in one statement; rows that are no longer `owner`'s stay as they are."""
    if settlements:
        columns = [list(column) for column in zip(*map(_columns, settlements), strict=True)]
        execute(SETTLE, [clock.now(), *columns, owner])


def hand_over(row: Reminder, *, owner: str, counts: bool, before: Settlement | None = None) -> bool:
    """Commit that `row` is about to leave, and in the same statement what became of the one `before` it.

    False when the row is no longer `owner`'s. Raises DayIsTaken, with `before` written.
    """
    values = [clock.now(), counts, row.pk, owner]
    try:
        if before is None:
            return execute_prepared(HAND_OVER.encode(), values) == 1
        return execute_prepared(SETTLE_AND_HAND_OVER, [clock.now(), *_columns(before), owner, *values]) == 1
    except IntegrityError:
        settle([before] if before else [], owner)
    try:
        return execute(HAND_OVER, values) == 1
    except IntegrityError as error:
        raise DayIsTaken from error


def _columns(one: Settlement) -> tuple[object, ...]:
    return one.row, one.state.value, one.reason[:200], one.attempts, one.not_before, one.provider_id
