"""Is the reminder engine alive, and does mail leave? Read from what it writes down: pulses, servers, due rows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.db.models import QuerySet

from clinic import conf
from clinic.models import MailServer, Practice, Pulse, PulseOf, Reminder, State
from clinic.reminders import kinds

MOST_COUNTED = 100_000  # a longer queue is only told as this long
MOST_SHOWN = 1000
NO_WORKER = "no worker was ever heard"
# After its rest a server is tried by the next worker; a row that nobody touched for so long is of a server that left.
FORGOTTEN = datetime.timedelta(minutes=15)
COMMANDS = (
    "celery -A clinic.config worker --loglevel INFO",
    "celery -A clinic.config beat",
)


@dataclass(frozen=True)
class Engine:
    """All of it at one moment. `clock` and `worker` are the newest pulses, None where there never was one."""

    now: datetime.datetime
    clock: Pulse | None
    worker: Pulse | None
    total: Pulse | None
    servers: list[MailServer]
    oldest_due: datetime.datetime | None

    @property
    def last_tick(self) -> datetime.datetime | None:
        return self.clock.at if self.clock else None

    @property
    def last_worker(self) -> datetime.datetime | None:
        return self.worker.at if self.worker else None

    @property
    def resting(self) -> MailServer | None:
        return next((server for server in self.servers if rests(server, self.now)), None)

    @property
    def trouble(self) -> str:
        """The one thing that is wrong: "never", "clock", "worker", "server", "late", or nothing."""
        rules = conf.reminders()
        if self.clock is None and self.worker is None:
            return "never"
        if self.clock is None or self.now - self.clock.at > rules.silent_after:
            return "clock"
        if self.worker is None or self.now - self.worker.at > rules.worker_silent_after:
            return "worker"
        if self.resting:
            return "server"
        return "late" if self.oldest_due and self.now - self.oldest_due > rules.late_after else ""

    @property
    def silence(self) -> str:
        """The trouble with which nothing is even tried: "never", "clock", "worker", or nothing."""
        return self.trouble if self.trouble in ("never", "clock", "worker") else ""

    def silence_in(self, zone: datetime.tzinfo) -> str:
        """Who is silent, and since when."""
        if self.silence == "never":
            return "no worker and no clock ever ran here"
        who, at = ("the clock", self.last_tick) if self.silence == "clock" else ("the worker", self.last_worker)
        return f"{who} is silent since {at.astimezone(zone):%-d %B %Y, %H:%M}" if at else f"{who} was never heard"

    def seconds_since(self, at: datetime.datetime | None) -> float:
        return max((self.now - at).total_seconds(), 0) if at else 0


def read(now: datetime.datetime, practice: Practice | None = None) -> Engine:
    """Three queries. `oldest_due` is this practice's where one is given."""
    newest = {pulse.role: pulse for pulse in Pulse.objects.order_by("role", "-at").distinct("role")}
    oldest = due(now, practice).order_by("not_before").values_list("not_before", flat=True).first()
    return Engine(
        now=now,
        clock=newest.get(PulseOf.CLOCK),
        worker=newest.get(PulseOf.WORKER),
        total=newest.get(PulseOf.TOTAL),
        servers=list(MailServer.objects.order_by("key")),
        oldest_due=oldest,
    )


def due(now: datetime.datetime, practice: Practice | None = None) -> QuerySet[Reminder]:
    """What may leave now and has not, of the kinds that are sent here."""
    rows = Reminder.objects.filter(state=State.PLANNED, not_before__lte=now, kind__in=[kind.key for kind in kinds])
    return rows.filter(practice=practice) if practice else rows


def waiting(now: datetime.datetime, practice: Practice | None = None) -> int:
    """How many are due, up to MOST_SHOWN in a practice and MOST_COUNTED in all."""
    return capped(due(now, practice), MOST_SHOWN if practice else MOST_COUNTED)


def needing_a_person() -> int:
    return capped(Reminder.objects.needing_a_person(), MOST_COUNTED)


def capped(rows: QuerySet[Reminder], most: int) -> int:
    return rows.order_by().values("pk")[:most].count()


def rests(server: MailServer, now: datetime.datetime) -> bool:
    """Whether it is left alone, or was a moment ago."""
    return server.rest_until is not None and now < server.rest_until + FORGOTTEN


# --- in words, for the practice ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trouble:
    """What people are told. `level` is the banner's; `commands` start what is not there."""

    title: str
    text: str
    level: str = "needs-you"
    commands: tuple[str, ...] = field(default=())


def trouble_of(practice: Practice, now: datetime.datetime) -> Trouble | None:
    """What keeps this practice's mail from leaving, if anything."""
    return told(read(now, practice), practice)


def told(engine: Engine, practice: Practice) -> Trouble | None:
    """As `trouble_of`, of an engine that was read for this practice."""
    return TOLD[engine.trouble](engine, practice) if engine.trouble else None


def _never(engine: Engine, practice: Practice) -> Trouble:
    text = "Nothing is sent until a worker and the clock run. Whoever looks after the server starts them:"
    return Trouble("Reminders have never run here", text, "waiting", COMMANDS)


def _clock(engine: Engine, practice: Practice) -> Trouble:
    heard = f"was last heard {_when(engine.clock.at, engine, practice)}" if engine.clock else "was never heard"
    text = f"The clock (celery beat) {heard}. Whoever looks after the server starts it:"
    return Trouble("No reminders are being sent", text, commands=COMMANDS[1:])


def _worker(engine: Engine, practice: Practice) -> Trouble:
    heard = f"a worker was last heard {_when(engine.worker.at, engine, practice)}" if engine.worker else NO_WORKER
    text = f"The clock ticks, but {heard}. Whoever looks after the server starts one:"
    return Trouble("No reminders are being sent", text, commands=COMMANDS[:1])


def _server(engine: Engine, practice: Practice) -> Trouble:
    server = engine.resting
    assert server is not None  # noqa: S101  (that is what the trouble is)
    assert server.rest_until is not None  # noqa: S101
    since = _since(server.down_since or engine.now, engine, practice)
    title = f"The mail server takes no mail since {since}"
    next_try = f"{server.rest_until.astimezone(practice.zone):%H:%M}" if server.rest_until > engine.now else "now"
    text = f"{server.reason} {_waiting(server.rest_until, engine, practice)}; next try {next_try}."
    return Trouble(title, text.strip(), "waiting")


def _late(engine: Engine, practice: Practice) -> Trouble:
    assert engine.oldest_due is not None  # noqa: S101
    since = _since(engine.oldest_due, engine, practice)
    text = f"{_waiting(engine.now, engine, practice)}; the oldest is due since {since}. The oldest leave first."
    return Trouble("Reminders are late", text, "waiting")


TOLD = {"never": _never, "clock": _clock, "worker": _worker, "server": _server, "late": _late}


def _waiting(until: datetime.datetime, engine: Engine, practice: Practice) -> str:
    count = waiting(max(until, engine.now), practice)
    number = f"{count:,}+" if count == MOST_SHOWN else f"{count:,}"
    return f"{number} mail waits" if count == 1 else f"{number} mails wait"


def _when(at: datetime.datetime, engine: Engine, practice: Practice) -> str:
    """at 14:05, or on 3 June 2026, 14:05 where that was another day."""
    local, today = at.astimezone(practice.zone), engine.now.astimezone(practice.zone).date()
    return f"at {local:%H:%M}" if local.date() == today else f"on {local:%-d %B %Y, %H:%M}"


def _since(at: datetime.datetime, engine: Engine, practice: Practice) -> str:
    """14:05, or 3 June 2026, 14:05 where that was another day."""
    return _when(at, engine, practice).removeprefix("at ").removeprefix("on ")
