"""The loop of a worker: claim, check, send, settle, until nothing is due."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from clinic import conf
from clinic.models import Reminder, State
from clinic.reminders import kinds
from clinic.services.reminders import settle
from clinic.services.reminders.claim import claim, new_owner, release
from clinic.services.reminders.compose import check
from clinic.services.reminders.message import Mail
from clinic.services.reminders.outcome import Outcome
from clinic.services.reminders.recheck import ONE_A_DAY, load
from clinic.services.reminders.settle import Settlement
from clinic.services.reminders.transport import Line, line

# One at a time in a process: then a process that is killed leaves at most one row uncertain.
_alone = threading.Lock()


def drain() -> int:
    """Work until nothing is due, the time is up, or the mail server is down. Returns how many were sent.

    Does nothing while another thread of this process is at it. Nothing is open in the database while mail leaves.
    """
    if not _alone.acquire(blocking=False):
        return 0
    try:
        with line() as out:
            return _drain(Round(new_owner(), out))
    finally:
        _alone.release()


def _drain(at_work: Round) -> int:
    rules = conf.reminders()
    end = time.monotonic() + rules.budget.total_seconds()
    try:
        while time.monotonic() < end and not at_work.is_down:
            ids = claim(at_work.owner, now=timezone.now(), limit=rules.batch)
            if not ids:
                break
            at_work.send_all(ids)
        return at_work.sent
    finally:
        # Without a database the sweep does this later.
        with contextlib.suppress(OperationalError, InterfaceError):
            release(at_work.owner)


class Round:
    """One owner's way through claimed rows. `is_down`: the mail server takes nothing, stop."""

    def __init__(self, owner: str, out: Line) -> None:
        self.owner = owner
        self.sent = 0
        self.is_down = False
        self._line = out
        self._unwritten: list[Settlement] = []  # what became of the last row: written with the next one's begin

    def send_all(self, ids: Sequence[uuid.UUID]) -> None:
        """Send the claimed rows in small checked portions: a check is good for a few seconds only."""
        while ids and not self.is_down:
            rows = load(ids, self.owner)
            checked = check(rows, timezone.now())
            settle.settle(checked.settled, self.owner)
            ids = self._send_fresh([(row, checked.mails[row.pk]) for row in rows if row.pk in checked.mails])

    def _send_fresh(self, mails: Sequence[tuple[Reminder, Mail]]) -> list[uuid.UUID]:
        """Send while the check is fresh; returns what is left."""
        stale = time.monotonic() + conf.reminders().fresh_for.total_seconds()
        left = list(mails)
        while left and not self.is_down and time.monotonic() < stale:
            self._send(*left.pop(0))
        self._write()
        return [row.pk for row, _ in left]

    def _send(self, row: Reminder, mail: Mail) -> None:
        if not self._hand_over(row):
            return
        outcome = self._line.send(mail)
        self.is_down = outcome.down
        self.sent += outcome.state == State.SENT
        self._note(row, outcome)

    def _hand_over(self, row: Reminder) -> bool:
        """Whether the row may leave, committed."""
        before, self._unwritten = self._unwritten, []
        try:
            return settle.hand_over(row, owner=self.owner, counts=kinds[row.kind].takes_the_day, before=before)
        except settle.DayIsTaken:
            settle.settle([settle.skipped(row, ONE_A_DAY)], self.owner)
            return False

    def _note(self, row: Reminder, outcome: Outcome) -> None:
        self._unwritten = [settle.settlement(row, outcome, timezone.now())]
        if outcome.bounced:
            self._write()
            settle.bounced(row)

    def _write(self) -> None:
        before, self._unwritten = self._unwritten, []
        settle.settle(before, self.owner)
