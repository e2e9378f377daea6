"""Step 2: a worker takes a batch for itself, committed before anything leaves."""

from __future__ import annotations

import datetime
import os
import secrets
import socket
import uuid

import psutil
from django.db import connection

from clinic.reminders import kinds
from clinic.services.reminders.sql import execute

# The subquery runs once (an InitPlan) and reads the partial index; `SKIP LOCKED` keeps workers from waiting for, or
# sharing, rows.
CLAIM = """
UPDATE clinic_reminder
SET state = 'claimed', claimed_at = %s, claimed_by = %s, handing_over_at = NULL
WHERE id = ANY(ARRAY(
    SELECT id FROM clinic_reminder
    WHERE state = 'planned' AND not_before <= %s AND kind = ANY(%s)
    ORDER BY not_before, id
    FOR UPDATE SKIP LOCKED
    LIMIT %s))
RETURNING id, not_before
"""

RELEASE = """
UPDATE clinic_reminder SET state = 'planned', claimed_at = NULL, claimed_by = ''
WHERE state = 'claimed' AND claimed_by = %s AND handing_over_at IS NULL
"""


def host() -> str:
    return socket.gethostname()[:40]


def started_at(pid: int) -> int | None:
    """Start of the process in hundredths of a second, None where no such process lives."""
    try:
        return int(psutil.Process(pid).create_time() * 100)
    except psutil.NoSuchProcess:
        return None


def new_owner() -> str:
    """Who claims: host, process, its start (process ids come again), and a nonce for this round."""
    pid = os.getpid()
    return f"{host()}:{pid}:{started_at(pid)}:{secrets.token_hex(3)}"


def is_dead(owner: str) -> bool:
    """Whether `owner` was a process of this host that is no more. Of other hosts nothing is known: False."""
    where, pid, started, _nonce = owner.rsplit(":", 3)
    return where == host() and str(started_at(int(pid))) != started


def claim(owner: str, *, now: datetime.datetime, limit: int) -> list[uuid.UUID]:
    """Up to `limit` due rows, oldest first, now this owner's. Kinds that nobody registered here are left to others."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [now, owner, now, [kind.key for kind in kinds], limit])
        return [id_ for id_, _ in sorted(cursor.fetchall(), key=lambda row: (row[1], row[0]))]


def release(owner: str) -> int:
    """Give back what this owner claimed and did not begin to hand over; returns how many rows."""
    return execute(RELEASE, [owner])
