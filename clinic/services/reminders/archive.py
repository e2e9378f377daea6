"""What was settled long ago moves to a table of its own, so that the one that everybody works on stays small.

Reports that a mail arrived, or is on its way, are deleted then; that one came back or was unwanted is kept.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from clinic import conf
from clinic.models import Delivery, Reminder
from clinic.services.reminders.sql import execute

BATCH = 2_000  # rows a statement: it takes a fraction of a second
BATCHES = 50  # a call, at most
#: What failed, and nobody has looked at it, stays so many times longer.
UNSEEN = 2

# Ids are in the order of time: the primary key finds the oldest rows, and no index has to be kept for this. Only rows
# that nobody touches any more are locked, and what somebody touches after all is left for the next time. A statement
# either moves its rows or, when it is broken off, does nothing.
MOVE = """
WITH old AS (
    SELECT id FROM clinic_reminder
     WHERE id < %s AND settled_at < %s
       AND (state IN ('sent', 'skipped')
            OR state IN ('failed', 'uncertain') AND (seen_at IS NOT NULL OR settled_at < %s))
     ORDER BY id LIMIT %s
       FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM clinic_reminder WHERE id = ANY (ARRAY(SELECT id FROM old)) RETURNING {columns}
)
INSERT INTO clinic_archivedreminder ({columns}) SELECT {columns} FROM gone
"""

# A report is written after what it tells of: one with an older id happened before that, too.
FORGET = """
DELETE FROM clinic_deliveryevent WHERE id = ANY (ARRAY(
    SELECT id FROM clinic_deliveryevent WHERE id < %s AND what = ANY (%s) ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
"""
NOTHING_LEFT_TO_KNOW = [Delivery.DELIVERED.value, Delivery.DEFERRED.value]
#: A delivery between two refusals says that the address is good: so long it is kept, however short `keep_for` is.
REFUSALS_ARE_COMPARED_FOR = datetime.timedelta(days=60)


def archive(now: datetime.datetime) -> int:
    """Move what was settled longer ago than `keep_for`, oldest first, batch by batch; returns how many rows.

    Reports of that age (or 60 days) which say nothing any more are deleted.
    """
    keep_for = conf.reminders().keep_for
    known_until = oldest_id(now - max(keep_for, REFUSALS_ARE_COMPARED_FOR))
    in_batches(FORGET, [known_until, NOTHING_LEFT_TO_KNOW, BATCH])
    statement = MOVE.format(columns=", ".join(str(field.column) for field in Reminder._meta.concrete_fields))
    return in_batches(statement, [oldest_id(now - keep_for), now - keep_for, now - UNSEEN * keep_for, BATCH])


def in_batches(statement: str, values: Sequence[Any]) -> int:
    """Again and again, a bounded number of times, until a batch is not full; returns how many rows it touched."""
    touched = 0
    for _ in range(BATCHES):
        touched += (batch := execute(statement, values))
        if batch < BATCH:
            break
    return touched


def oldest_id(at: datetime.datetime) -> uuid.UUID:
    """No row that was made at `at` or later has a smaller id (RFC 9562, version 7: milliseconds come first)."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80)
