"""The engine's guards, each with the change that takes it away and the scenario that breaks without it.

The change is made in the processes of a scenario, or in its own database: nothing of the product is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

BREAKS_AFTER_DOT = "A worker is killed after the dot, before the answer"
BREAKS_AFTER_CLAIM = "A worker is killed after the claim was committed"
BREAKS_SERVER_AWAY = "Nothing listens where the mail server was; it comes back after three seconds"


@dataclass(frozen=True)
class Guard:
    """`name` in words; `breaks` is the scenario that is outside the law without it. `sql` runs in its database."""

    key: str
    name: str
    breaks: str
    sql: str
    take_away: Callable[[], None]


GUARDS: dict[str, Guard] = {}
Change = Callable[[], None]


def guard(key: str, name: str, *, breaks: str, sql: str = "") -> Callable[[Change], Change]:
    def register(take_away: Change) -> Change:
        GUARDS[key] = Guard(key, name, breaks, sql, take_away)
        return take_away

    return register


def remove(key: str) -> None:
    """In a process of a scenario."""
    GUARDS[key].take_away()


def engine(name: str) -> Any:
    from tests.faults.inside import engine

    return engine(name)


def cut(module: Any, what: str, instead: str, *names: str) -> None:
    """Replace a part of statements of a module, by its name one of the engine's; it must be there."""
    where = engine(module) if isinstance(module, str) else module
    for name in names:
        kept = getattr(where, name)
        statement = kept.decode() if isinstance(kept, bytes) else kept
        if what not in statement:
            raise LookupError(f"{what!r} is not in {module}.{name}: the guard has changed, change its removal too.")
        changed = statement.replace(what, instead)
        setattr(where, name, changed.encode() if isinstance(kept, bytes) else changed)


# --- claim ------------------------------------------------------------------------------------------------------------


@guard(
    "skip-locked", "SKIP LOCKED: nobody waits for another worker's claim",
    breaks="A worker freezes in the middle of its claim: the others go on",
)  # fmt: skip
def _() -> None:
    cut("claim", "FOR UPDATE SKIP LOCKED", "FOR UPDATE", "CLAIM")


@guard("dead-owners", "Rows of a process that no longer lives come back at once", breaks=BREAKS_AFTER_CLAIM)
def _() -> None:
    engine("sweep").is_dead = lambda owner: False


@guard("release", "What was claimed and not begun is given back when the server is down", breaks=BREAKS_SERVER_AWAY)
def _() -> None:
    engine("drain").release = lambda owner: 0


@guard(
    "alone", "One drain in a process, however many threads tick",
    breaks="A process with twenty-five ticks at once is killed in the middle",
)  # fmt: skip
def _() -> None:
    class Everybody(nullcontext):
        def acquire(self, *, blocking: bool) -> bool:
            return True

        def release(self) -> None: ...

    engine("drain")._alone = Everybody()


@guard(
    "turns", "Practices take turns",
    breaks="A small practice's mails come up beside an enormous one's backlog, and leave soon",
)  # fmt: skip
def _() -> None:
    claim = engine("claim")
    all_due = claim.due_practices
    claim.due_practices = lambda now: all_due(now)[:1]  # the first until it has none


@guard(
    "one-clock",
    "The database's clock decides, not the machine's",
    breaks="Two machines' clocks jump by a day, ahead and back, while they work",
)
def _() -> None:
    import datetime

    from clinic.services import clock

    clock.now = lambda: datetime.datetime.now(datetime.UTC)


# --- hand over and settle ---------------------------------------------------------------------------------------------


@guard("mark", "The hand-over is marked before the mail leaves", breaks=BREAKS_AFTER_DOT)
def _() -> None:
    from clinic.models import Reminder

    settle = engine("settle")
    marked = settle.hand_over

    def hand_over(row: Any, **details: Any) -> bool:
        yes: bool = marked(row, **details)
        Reminder.objects.filter(pk=row.pk).update(handing_over_at=None)
        return yes

    settle.hand_over = hand_over


@guard(
    "hand-over-asks", "Only a row that is still the worker's own leaves",
    breaks="A worker freezes after the re-check until others sent its mails, then goes on",
)  # fmt: skip
def _() -> None:
    settle = engine("settle")
    asks = settle.hand_over
    settle.hand_over = lambda row, **details: asks(row, **details) or True


@guard(
    "settle-owner", "Only the owner settles a row",
    breaks="A late worker wants to plan again what another is just sending",
)  # fmt: skip
def _() -> None:
    cut("settle", "r.claimed_by = %s", "%s::text <> ''", "SETTLE", "SETTLE_AND_HAND_OVER")


@guard(
    "one-a-day", "The unique index of counted messages", sql="DROP INDEX one_counted_message_a_day",
    breaks="Two messages for each client on one day: the second is not sent",
)  # fmt: skip
def _() -> None: ...


@guard(
    "late-word", "Who sent a mail knows better than the sweep",
    breaks="The database's clock jumps by three hours, ahead and back, while workers plan and send",
)  # fmt: skip
def _() -> None:
    cut("settle", "r.state IN ('claimed', 'uncertain')", "r.state = 'claimed'", "SETTLE", "SETTLE_AND_HAND_OVER")


# --- what the mail server says ----------------------------------------------------------------------------------------


@guard(
    "unanswered", "After the dot nothing is sent again without an answer",
    breaks="The connection drops three times after the mail was accepted",
)  # fmt: skip
def _() -> None:
    smtp = engine("smtp")
    smtp.UNANSWERED = smtp.BROKEN_OFF


@guard(
    "broken-off", "Before the dot a broken connection leaves no doubt",
    breaks="The mail server drops the connection three times at RCPT",
)  # fmt: skip
def _() -> None:
    smtp = engine("smtp")
    smtp.BROKEN_OFF = smtp.UNANSWERED


@guard("no-attempt", "A server that is down uses up no attempt of a mail", breaks=BREAKS_SERVER_AWAY)
def _() -> None:
    smtp = engine("smtp")
    smtp.server_down = lambda code=None: smtp.BROKEN_OFF


@guard(
    "dots",
    "A dot at the beginning of a line is doubled",
    breaks="A letter tries to smuggle a second mail behind a lone dot",
)
def _() -> None:
    engine("smtp").dotted = lambda data: data + b".\r\n"


# --- plan, check, sweep -----------------------------------------------------------------------------------------------


@guard(
    "occurrence", "An occurrence is planned once",
    sql="ALTER TABLE clinic_reminder DROP CONSTRAINT one_reminder_per_occurrence",
    breaks="The mark of the plan is set back by an hour, again and again",
)  # fmt: skip
def _() -> None:
    plan = engine("plan")
    plan.INSERT = plan.INSERT.partition("ON CONFLICT")[0]


@guard(
    "calendar", "A day is one of the client's calendar, not 24 hours",
    breaks="The last night on which the clocks change, in thirty zones: each day one mail, at its time",
)  # fmt: skip
def _() -> None:
    from treatments.services import home_stretch

    by_hours = "(span.first + w.at) AT TIME ZONE w.zone + step * interval '24 hours' AS due_at"
    cut(home_stretch, "(local_date + w.at) AT TIME ZONE w.zone AS due_at", by_hours, "COMING")


@guard(
    "take-back", "A planned mail follows its client's clock",
    breaks="Clients travel between planning and sending, east, west and over the date line",
)  # fmt: skip
def _() -> None:
    from treatments.services import home_stretch

    cut(home_stretch, "now.due_at <> was.due_at", "false", "TAKE_BACK")


@guard(
    "recheck", "Current state decides right before sending",
    breaks="Beat stood still for a day: what is too late is dropped, the rest is sent",
)  # fmt: skip
def _() -> None:
    engine("compose").verdict = lambda *details: None


@guard(
    "row-by-row", "A row that breaks is asked alone, its neighbours go", breaks="The template breaks for three clients"
)
def _() -> None:
    compose = engine("compose")

    def at_once(question: Any, rows: Any, now: Any, into: Any) -> Any:
        return question(rows) if rows else {}

    compose._ask = at_once


@guard("attempts", "Attempts come to an end", breaks="The template breaks for three clients")
def _() -> None:
    compose, settle = engine("compose"), engine("settle")
    compose.again_or_failed = lambda row, reason, now: settle.postponed(row, now, reason)


@guard("sweep-rule", "The sweep plans again only what was not handed over", breaks=BREAKS_AFTER_DOT)
def _() -> None:
    cut("sweep", "handing_over_at IS NULL", "true", "SWEEP")


@guard("sweep-back", "The sweep plans again what was claimed and not handed over", breaks=BREAKS_AFTER_CLAIM)
def _() -> None:
    cut("sweep", "handing_over_at IS NULL", "false", "SWEEP")
