"""Step 2: a worker takes a batch for itself, committed before anything leaves. Practices take turns."""

from __future__ import annotations

import datetime
import os
import random
import secrets
import socket
import uuid
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import psutil
from django.db import connection

from clinic.reminders import kinds
from clinic.services.reminders.sql import execute

# One step in the index for each practice, to its oldest row: however many rows a practice has, it costs the same.
DUE_PRACTICES = """
WITH RECURSIVE oldest AS (
    (SELECT practice_id, not_before FROM clinic_reminder
     WHERE state = 'planned' ORDER BY practice_id, not_before, id LIMIT 1)
    UNION ALL
    SELECT next.practice_id, next.not_before FROM oldest CROSS JOIN LATERAL (
        SELECT practice_id, not_before FROM clinic_reminder
        WHERE state = 'planned' AND practice_id > oldest.practice_id ORDER BY practice_id, not_before, id LIMIT 1
    ) AS next
)
SELECT practice_id FROM oldest WHERE not_before <= %s
"""
# No EXISTS: for that PostgreSQL may read all that was ever sent to find one that is due.
ANYTHING_DUE = """
SELECT id FROM clinic_reminder WHERE state = 'planned' AND not_before <= %s ORDER BY not_before, id LIMIT 1
"""

# The subquery runs once (an InitPlan); `SKIP LOCKED` keeps workers from waiting for, or sharing, rows.
CLAIM = """
UPDATE clinic_reminder
SET state = 'claimed', claimed_at = %s, claimed_by = %s, handing_over_at = NULL
WHERE id = ANY(ARRAY(
    SELECT taken.id FROM unnest(%s::uuid[]) AS practice(id) CROSS JOIN LATERAL (
        SELECT id FROM clinic_reminder
        WHERE practice_id = practice.id AND state = 'planned' AND not_before <= %s AND kind = ANY(%s)
        ORDER BY not_before, id
        LIMIT %s
        FOR UPDATE SKIP LOCKED) AS taken
    LIMIT %s))
RETURNING id, not_before, practice_id
"""

RELEASE = """
UPDATE clinic_reminder SET state = 'planned', claimed_at = NULL, claimed_by = ''
WHERE state = 'claimed' AND claimed_by = %s AND handing_over_at IS NULL
"""


class Turns:
    """Whose turn it is, for one worker. A practice with a hundred thousand mails gets no more of a batch than one
    with ten, as long as both have some."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._waiting: list[uuid.UUID] = []

    def claim(self, *, now: datetime.datetime, limit: int) -> list[uuid.UUID]:
        """Up to `limit` due rows of the practices whose turn it is; empty when nothing is due in any."""
        asked_again = False
        while self._waiting or not asked_again:
            if not self._waiting:
                self._waiting, asked_again = self._all_due(now), True
            turn, self._waiting = self._waiting[:limit], self._waiting[limit:]
            if claimed := self._take(turn, now, limit):
                return claimed
        return []

    def _take(self, turn: Sequence[uuid.UUID], now: datetime.datetime, limit: int) -> list[uuid.UUID]:
        if not turn:
            return []
        share = -(-limit // len(turn))
        claimed = take(self._owner, turn, now=now, share=share, limit=limit)
        counts = Counter(practice for _, practice in claimed)
        self._waiting += [practice for practice in turn if counts[practice] >= share]
        return [id_ for id_, _ in claimed]

    def _all_due(self, now: datetime.datetime) -> list[uuid.UUID]:
        found = due_practices(now)
        random.shuffle(found)  # several workers begin with different ones
        return found


def due_practices(now: datetime.datetime) -> list[uuid.UUID]:
    """Practices that have a mail to send, by one index step each; none by a single step."""
    with connection.cursor() as cursor:
        cursor.execute(ANYTHING_DUE, [now])
        if cursor.fetchone() is None:
            return []
        cursor.execute(DUE_PRACTICES, [now])
        return [practice for (practice,) in cursor.fetchall()]


def take(
    owner: str, practices: Sequence[uuid.UUID], *, now: datetime.datetime, share: int, limit: int
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Up to `share` due rows of each practice, now this owner's: (row, practice), oldest first.

    Kinds that nobody registered here are left to others.
    """
    keys = [kind.key for kind in kinds]
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [now, owner, list(practices), now, keys, share, limit])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[1], row[0]))
    return [(id_, practice) for id_, _, practice in rows]


def claim(owner: str, *, now: datetime.datetime, limit: int) -> list[uuid.UUID]:
    """One batch for a worker that has no turns to remember."""
    return Turns(owner).claim(now=now, limit=limit)


def release(owner: str) -> int:
    """Give back what this owner claimed and did not begin to hand over; returns how many rows."""
    return execute(RELEASE, [owner])


# --- who claims -------------------------------------------------------------------------------------------------------


def host() -> str:
    """This machine since it was started, or this container on it: process numbers mean something only inside."""
    return f"{socket.gethostname()[:30]}/{_boot_and_space()}"


@cache
def _boot_and_space() -> str:
    """Two machines may have one name, and every machine gives its first process space the same number."""
    try:
        space = os.readlink("/proc/self/ns/pid").strip("pid:[]")
        return Path("/proc/sys/kernel/random/boot_id").read_text()[:8] + space
    except OSError:  # no Linux
        return str(int(psutil.boot_time()))


def started_at(pid: int) -> int | None:
    """When the process started, by a clock that nobody can set; None where no such process lives."""
    try:
        process = psutil.Process(pid)
        return _ticks_since_boot(pid) or int(process.create_time() * 100)
    except psutil.NoSuchProcess:
        return None


def _ticks_since_boot(pid: int) -> int:
    """0 where there is no /proc: psutil's own answer moves with the machine's clock."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return 0


def new_owner() -> str:
    """Who claims: host, process, its start (process ids come again), and a nonce for this round."""
    pid = os.getpid()
    return f"{host()}:{pid}:{started_at(pid)}:{secrets.token_hex(3)}"


def is_dead(owner: str) -> bool:
    """Whether `owner` was a process of this host that is no more. Of other hosts nothing is known: False."""
    where, _, process = owner.partition(":")
    pid, _, rest = process.partition(":")
    started = rest.partition(":")[0]
    return where == host() and pid.isdecimal() and str(started_at(int(pid))) != started
