"""Between claiming and sending: every row is checked and gets its mail. One that breaks holds up no neighbour."""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import InterfaceError, OperationalError

from clinic.models import Reminder
from clinic.reminders import Letter, ReminderKind, kinds
from clinic.services.reminders import domains
from clinic.services.reminders.message import Mail, build
from clinic.services.reminders.recheck import verdict
from clinic.services.reminders.settle import Settlement, again_or_failed, skipped

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass
class Checked:
    """`mails` may leave; `settled` is what becomes of the other rows."""

    mails: dict[uuid.UUID, Mail] = field(default_factory=dict)
    settled: list[Settlement] = field(default_factory=list)
    booked: Collection[uuid.UUID] = ()


def check(rows: Sequence[Reminder], now: datetime.datetime, *, booked: Collection[uuid.UUID] = ()) -> Checked:
    """Ask current state about loaded rows, and write the mail of those that are still wanted.

    `booked`: rows that already have their place at the recipient's domain, from an earlier check.
    """
    checked = Checked(booked=booked)
    for key in sorted({row.kind for row in rows}):
        _check_kind(kinds[key], [row for row in rows if row.kind == key], now, checked)
    return checked


def _check_kind(kind: ReminderKind, rows: list[Reminder], now: datetime.datetime, into: Checked) -> None:
    held = {row.pk: settled for row in rows if (settled := verdict(row, kind, now))}
    into.settled += held.values()
    rows = [row for row in rows if row.pk not in held]
    unwanted = _ask(kind.unwanted, rows, now, into)
    into.settled += [skipped(row, unwanted[row.pk]) for row in rows if row.pk in unwanted]
    gone = {settled.row for settled in into.settled}
    rows = [row for row in rows if row.pk not in gone]
    asking = [] if kind.requested else [row for row in rows if row.pk not in into.booked]
    waiting = domains.hold_back(asking, now)
    into.settled += waiting.values()
    rows = [row for row in rows if row.pk not in waiting]

    def written(some: Sequence[Reminder]) -> Mapping[uuid.UUID, Mail]:
        letters: Mapping[uuid.UUID, Letter] = kind.compose(some)
        return {row.pk: build(row, letters[row.pk], kind) for row in some}

    into.mails.update(_ask(written, rows, now, into))


def _ask(
    question: Callable[[Sequence[Reminder]], Mapping[uuid.UUID, T]],
    rows: Sequence[Reminder],
    now: datetime.datetime,
    into: Checked,
) -> Mapping[uuid.UUID, T]:
    """The answers for all rows at once; if that breaks, row by row, and those that break are tried again later."""
    if not rows:
        return {}
    try:
        return question(rows)
    except (OperationalError, InterfaceError):
        raise  # the database is the trouble, not a row
    except Exception as error:
        if len(rows) > 1:
            return {id_: answer for row in rows for id_, answer in _ask(question, [row], now, into).items()}
        logger.exception("Reminder %s could not be prepared.", rows[0].pk)
        reason = f"The mail could not be prepared ({type(error).__name__})."
        into.settled.append(again_or_failed(rows[0], reason, now))
        return {}
