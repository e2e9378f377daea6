"""PostgreSQL restarts, crashes, drops connections, hangs, or is stricter than usual."""

import atexit
import contextlib
import functools
import time
from urllib.parse import quote, urlsplit

from tests.cable import Cable
from tests.faults.database import Database
from tests.faults.play import wait_until
from tests.faults.scenario import scenario
from tests.own_postgres import OwnPostgres

MAILS = 200
SLOW = {"at": "dot", "delay": 0.01}
# What a worker had taken when it lost the database comes back after so many seconds, instead of ten minutes. It has to
# be longer than anything here keeps a worker waiting.
SOON = {"rules": {"claim_timeout": 8}}

TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@functools.cache
def own_postgres():
    """One for all scenarios of this run; the one that all tests share is never stopped."""
    server = OwnPostgres()
    atexit.register(server.remove)
    return server


@contextlib.contextmanager
def elsewhere(stage):
    """The stage moves to a PostgreSQL that may be stopped."""
    server = own_postgres()
    stage.database.drop()
    stage.database = Database(server.url)
    stage.database.create()
    try:
        yield server
    finally:
        if not server.is_up():
            server.start()


def under_way(stage):
    stage.mail.obey(SLOW)
    stage.fill(MAILS)
    wait_until(lambda: stage.mail.count() >= 20)


def through(cable, url):
    """The address of a database, by way of the cable."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.username}:{parts.password}@{cable.host}:{cable.port}").geturl()


def cable_to(stage, host="127.0.0.1"):
    parts = urlsplit(stage.database.url)
    return Cable(parts.hostname, parts.port, host=host)


# --- it stops ---------------------------------------------------------------------------------------------------------


@scenario("PostgreSQL restarts in order while two workers send", uncertain=2, seconds=150)
def _(stage):
    with elsewhere(stage) as server:
        stage.worker(**SOON)
        stage.worker(**SOON)
        under_way(stage)
        server.stop("fast")
        time.sleep(3)
        server.start()
        stage.settle()


@scenario("PostgreSQL crashes (immediate shutdown) while two workers send", uncertain=2, seconds=150)
def _(stage):
    with elsewhere(stage) as server:
        stage.worker(**SOON)
        stage.worker(**SOON)
        under_way(stage)
        server.stop("immediate")
        server.start()
        stage.settle()


@scenario("PostgreSQL, which is also the queue, is killed while Celery's worker and beat run", uncertain=1, seconds=180)
def _(stage):
    with elsewhere(stage) as server:
        processes = [stage.celery_worker(**SOON), stage.beat()]
        under_way(stage)
        server.kill()
        time.sleep(3)
        server.start()
        stage.settle(90)
        stage.fill(20)  # needs a new tick
        stage.settle()
        assert all(process.is_running() for process in processes)


# --- it drops connections ---------------------------------------------------------------------------------------------


@scenario("Every connection to PostgreSQL is ended, five times while two workers send", short=True, uncertain=10)
def _(stage):
    stage.worker(**SOON)
    stage.worker(**SOON)
    under_way(stage)
    for _ in range(5):
        stage.database.ask(TERMINATE)
        time.sleep(0.3)


@scenario("The cable to PostgreSQL is cut for three seconds", uncertain=1)
def _(stage):
    with cable_to(stage) as cable:
        stage.worker(environment={"DATABASE_URL": through(cable, stage.database.url)}, **SOON)
        under_way(stage)
        cable.cut()
        time.sleep(3)
        cable.mend()
        stage.settle()
        stage.end()


@scenario("The cable to one worker's PostgreSQL swallows everything for longer than a claim holds", uncertain=1)
def _(stage):
    with cable_to(stage) as cable:
        stage.worker(environment={"DATABASE_URL": through(cable, stage.database.url)}, **SOON)
        under_way(stage)
        cable.swallow()
        stage.worker(**SOON)
        stage.settle()
        sent = stage.mail.count()
        cable.mend()  # what it wanted to write arrives now, and so do the answers
        time.sleep(3)
        assert stage.mail.count() <= sent + 1
        stage.end()


@scenario("The cable to PostgreSQL is slow: 20 ms each way")
def _(stage):
    with cable_to(stage) as cable:
        cable.delay = 0.02
        for _ in range(2):
            stage.worker(environment={"DATABASE_URL": through(cable, stage.database.url)})
        stage.fill(MAILS)
        stage.settle()
        stage.end()


# --- it refuses to interleave -----------------------------------------------------------------------------------------


def _register(level):
    @scenario(f"Four workers under the isolation level {level}", seconds=150)
    def _(stage):
        stage.fill(400)
        escaped = level.replace(" ", r"\ ")
        url = f"{stage.database.url}?options={quote(f'-c default_transaction_isolation={escaped}')}"
        for _ in range(4):
            stage.worker(environment={"DATABASE_URL": url}, rules={"batch": 5, "claim_timeout": 8})


for one in ("repeatable read", "serializable"):
    _register(one)
