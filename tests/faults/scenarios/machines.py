"""Several machines on one PostgreSQL: network namespaces, each with a name of its own and a cable that can be pulled.

The servers listen on this machine's loopback only, so each host reaches them through a `Cable` on its own link.
"""

import contextlib
import sys
import time
from urllib.parse import quote

from tests import machine
from tests.cable import Cable
from tests.faults.play import BARE, CELERY, QUIET, Process, Unplayed, wait_until
from tests.faults.scenario import scenario
from tests.faults.scenarios.database import SLOW, SOON, cable_to, through, under_way
from tests.hosts import Host

DAY = 24 * 3600


class Machine:
    """A host with its ways to the database and to the mail server."""

    def __init__(self, stage, host, to_database, to_mail):
        self._stage, self.host = stage, host
        self._addresses = {
            "DATABASE_URL": through(to_database, stage.database.url),
            "EMAIL_URL": f"smtp://{to_mail.host}:{to_mail.port}",
        }

    def worker(self, **part):
        return self.start(BARE, "ready", **part)

    def start(self, command, says, **part):
        return self._stage.start(self.host.inside(command), says, environment=self._addresses, **part)


@contextlib.contextmanager
def machines(stage, *names, contained=False):
    machine.skip_without("namespaces")
    with contextlib.ExitStack() as stack:
        made = []
        for name in names:
            host = stack.enter_context(Host(name, contained=contained))
            to_database = stack.enter_context(cable_to(stage, host.here))
            to_mail = stack.enter_context(Cable(stage.mail.host, stage.mail.port, host=host.here))
            made.append(Machine(stage, host, to_database, to_mail))
        stack.callback(stage.end)  # before their cables go
        yield made


def senders(stage):
    """Which hosts sent how many."""
    host = "substring(claimed_by from '^[^:/]+')"
    return dict(
        stage.database.ask(f"SELECT {host}, count(*) FROM clinic_reminder WHERE state = 'sent' GROUP BY 1"),
    )


# --- several hosts ----------------------------------------------------------------------------------------------------


@scenario("Two hosts in network namespaces share the work", short=True)
def _(stage):
    with machines(stage, "north", "south") as (north, south):
        workers = [north.worker(), south.worker()]
        under_way(stage)
        stage.settle()
        assert all(worker.is_running() for worker in workers)
        if set(senders(stage)) != {"north", "south"}:
            raise Unplayed(f"not both of them worked: {senders(stage)}")


@scenario("Celery's worker on two hosts, beat on a third")
def _(stage):
    with machines(stage, "north", "south", "clock") as (north, south, clock):
        for host in (north, south):
            host.start([*CELERY, "worker", "--pool=threads", "--concurrency=2", *QUIET], " ready.")
        clock.start([*CELERY, "beat", "--loglevel=INFO", f"--schedule={stage.folder / 'schedule'}"], "beat: Starting")
        under_way(stage)
        stage.settle()


@scenario("A host vanishes while its mails are in flight, and comes back", uncertain=1, seconds=150)
def _(stage):
    with machines(stage, "north", "south") as (north, south):
        worker = north.worker(**SOON)
        under_way(stage)
        north.host.vanish()
        south.worker(**SOON)
        stage.settle()
        accepted = stage.mail.count()
        north.host.come_back()
        time.sleep(15)  # TCP tries again by itself, later each time
        assert stage.mail.count() <= accepted + 1
        assert worker.is_running()


@scenario("A host vanishes for good while its mails are in flight", uncertain=1, seconds=150)
def _(stage):
    with machines(stage, "north", "south") as (north, south):
        north.worker(**SOON)
        under_way(stage)
        north.host.vanish()
        south.worker(**SOON)
        stage.settle()


@scenario("A host stands still in the middle of planning: others plan once the database ends its transaction")
def _(stage):
    stage.hourly(30)
    soon = f"{stage.database.url}?options={quote('-c idle_in_transaction_session_timeout=3s')}"
    stage.worker(at="plan, uncommitted", act="freeze", ready=False, environment={"DATABASE_URL": soon}).wait_frozen()
    stage.worker()
    wait_until(lambda: sum(stage.states().values()) >= stage.planned, 20, "Nobody else could plan")


@scenario("Two containers of the same name, each with process numbers of its own")
def _(stage):
    with machines(stage, "same", "same", contained=True) as (one, other):
        one.worker()
        other.worker()
        under_way(stage)
        stage.settle()


# --- clocks -----------------------------------------------------------------------------------------------------------


@scenario("Two beats at once, each with its own schedule file")
def _(stage):
    stage.mail.obey(SLOW)
    stage.fill(200)
    stage.celery_worker()
    stage.celery_worker()
    stage.beat()
    stage.beat()


@scenario("Two beats at once that share a schedule file")
def _(stage):
    stage.fill(100)
    stage.celery_worker()
    command = [*CELERY, "beat", "--loglevel=INFO", f"--schedule={stage.folder / 'one-schedule'}"]
    beats = [stage.start(command, "beat: Starting") for _ in range(2)]
    stage.settle()
    stage.fill(20)
    stage.settle()
    assert any(beat.is_running() for beat in beats)


def wrong_by(stage, seconds) -> Process:
    return stage.start([sys.executable, "-u", "-m", "tests.wrong_clock", str(seconds), BARE[-1]], "ready")


def _register(words, seconds):
    @scenario(f"The only worker's clock is {words}")
    def _(stage):
        wrong_by(stage, seconds)
        stage.fill(50)
        stage.settle()

    @scenario(f"One worker's clock is {words}, the other's is right")
    def _(stage):
        wrong_by(stage, seconds)
        stage.worker()
        under_way(stage)


_register("a day ahead", DAY)
_register("a day behind", -DAY)
