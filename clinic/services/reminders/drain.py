"""The loop of a worker: claim, check, send, settle, until nothing is due."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence

from django.db import DatabaseError, InterfaceError

from clinic import conf
from clinic.models import Reminder, State
from clinic.reminders import kinds
from clinic.services import clock
from clinic.services.delivery import refused_at_once
from clinic.services.reminders import breaker, pulse, settle
from clinic.services.reminders.claim import Turns, new_owner, release
from clinic.services.reminders.compose import check
from clinic.services.reminders.message import Mail
from clinic.services.reminders.outcome import Outcome
from clinic.services.reminders.recheck import ONE_A_DAY, load
from clinic.services.reminders.settle import Settlement
from clinic.services.reminders.transport import Line, line

# One at a time in a process: then a process that is killed leaves at most one row uncertain.
_alone = threading.Lock()

# What is known and could not be written, with its owner: the database went away in the wrong moment.
_owed: list[tuple[str, Settlement]] = []
NO_DATABASE = (DatabaseError, InterfaceError)


def drain(end: float) -> int:
    """Work until nothing is due, the mail server is down, or it is `end` (of `time.monotonic()`). Returns how many were
    sent.

    Does nothing while another thread of this process is at it, or while the mail server rests. Nothing is open in the
    database while mail leaves.
    """
    if not _alone.acquire(blocking=False):
        return 0
    try:
        _write_what_is_owed()
        allowance = breaker.allowance(clock.now())
        if allowance == breaker.NOTHING:
            return 0
        with line() as out:
            return _drain(Round(new_owner(), out, end, trial=allowance == breaker.ONE_MAIL))
    finally:
        _alone.release()


def _drain(at_work: Round) -> int:
    turns = Turns(at_work.owner)
    try:
        while at_work.goes_on:
            ids = turns.claim(now=clock.now(), limit=1 if at_work.trial else conf.reminders().batch)
            if not ids:
                break
            at_work.send_all(ids)
        return at_work.done[State.SENT]
    finally:
        _owed.extend((at_work.owner, settled) for settled in at_work.unwritten)
        # Without a database the sweep does this later.
        with contextlib.suppress(*NO_DATABASE):
            release(at_work.owner)
            at_work.close()


def _write_what_is_owed() -> None:
    """Also when the sweep has called it uncertain meanwhile: whoever sent it knows better."""
    while _owed:
        owner, settled = _owed[0]
        settle.settle([settled], owner)
        _owed.pop(0)


class Round:
    """One owner's way through claimed rows.

    `is_down`: the mail server takes nothing, stop. `trial`: it took nothing before, and one mail shall tell.
    `unwritten`: what is known of rows and not written yet, usually what became of the last one; it is written with the
    begin of the next.
    """

    def __init__(self, owner: str, out: Line, end: float, *, trial: bool = False) -> None:
        self.owner = owner
        self.trial = trial
        self.is_down = False
        self.unwritten: list[Settlement] = []
        self.done: Counter[State] = Counter()
        self._line = out
        self._put_off = 0  # by the server, one after the other
        self._booked: set[uuid.UUID] = set()  # have their place at the recipient's domain
        self._end = end

    @property
    def goes_on(self) -> bool:
        return not self.is_down and time.monotonic() < self._end

    def send_all(self, ids: Sequence[uuid.UUID]) -> None:
        """Send the claimed rows in small checked portions: a check is good for a few seconds only."""
        while ids and self.goes_on:
            rows = load(ids, self.owner)
            checked = check(rows, clock.now(), booked=self._booked)
            self._settle(checked.settled)
            self._booked = set(checked.mails)
            ids = self._send_fresh([(row, checked.mails[row.pk]) for row in rows if row.pk in checked.mails])

    def close(self) -> None:
        """Tell what was done; and when there was no mail to try the server with, the next worker may."""
        pulse.count(self.done)
        if self.trial and not self.is_down:
            breaker.tried_nothing(clock.now())

    def _send_fresh(self, mails: Sequence[tuple[Reminder, Mail]]) -> list[uuid.UUID]:
        """Send while the check is fresh; returns what is left."""
        stale = time.monotonic() + conf.reminders().fresh_for.total_seconds()
        left = list(mails)
        while left and self.goes_on and time.monotonic() < stale:
            self._send(*left.pop(0))
        self._write()
        return [row.pk for row, _ in left]

    def _send(self, row: Reminder, mail: Mail) -> None:
        now = clock.now()  # before: nothing between the server's answer and noting it may ask the database
        if self._hand_over(row):
            outcome = self._line.send(mail)
            self._note(settle.settlement(row, outcome, now))
            if outcome.bounced:
                self._write()
                refused_at_once(row=row, code=outcome.code, permanent=outcome.permanent)
            self._judge_server(outcome)

    def _hand_over(self, row: Reminder) -> bool:
        """Whether the row may leave, committed."""
        counts = kinds[row.kind].takes_the_day
        before = self.unwritten[0] if self.unwritten else None
        try:
            may_leave = settle.hand_over(row, owner=self.owner, counts=counts, before=before)
        except settle.DayIsTaken:
            self.unwritten.clear()
            self._settle([settle.skipped(row, ONE_A_DAY)])
            return False
        except Exception:
            # Whether the mark was written nobody knows; that the mail did not leave is certain.
            self.unwritten.append(settle.postponed(row, row.not_before, row.reason))
            raise
        self.unwritten.clear()
        return may_leave

    def _note(self, one: Settlement) -> None:
        self.unwritten.append(one)
        self._count(one)

    def _judge_server(self, outcome: Outcome) -> None:
        """One that takes no mail at all, or puts off one after the other, gets a rest."""
        self._put_off = self._put_off + 1 if outcome.state == State.PLANNED else 0
        self.is_down = outcome.down or self._put_off >= conf.reminders().trouble_in_a_row
        if self.is_down:
            breaker.failed(clock.now(), outcome.reason, trial=self.trial)
        elif self.trial and outcome.state != State.PLANNED:
            breaker.answered()
            self.trial = False

    def _settle(self, settled: Sequence[Settlement]) -> None:
        settle.settle(settled, self.owner)
        for one in settled:
            self._count(one)

    def _count(self, one: Settlement) -> None:
        if one.state != State.PLANNED or one.attempts:  # what only waits was not tried
            self.done[one.state] += 1

    def _write(self) -> None:
        settle.settle(self.unwritten, self.owner)
        self.unwritten.clear()
