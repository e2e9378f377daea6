"""What was settled long ago moves to a table of its own, so that the one that everybody works on stays small."""

from __future__ import annotations

import datetime
import uuid

from clinic import conf
from clinic.models import Reminder
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


def archive(now: datetime.datetime) -> int:
    """Move what was settled longer ago than `keep_for`, oldest first, batch by batch; returns how many rows."""
    keep_for = conf.reminders().keep_for
    values = [oldest_id(now - keep_for), now - keep_for, now - UNSEEN * keep_for, BATCH]
    statement = MOVE.format(columns=", ".join(str(field.column) for field in Reminder._meta.concrete_fields))
    moved = 0
    for _ in range(BATCHES):
        moved += (batch := execute(statement, values))
        if batch < BATCH:
            break
    return moved


def oldest_id(at: datetime.datetime) -> uuid.UUID:
    """No row that was made at `at` or later has a smaller id (RFC 9562, version 7: milliseconds come first)."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80)
