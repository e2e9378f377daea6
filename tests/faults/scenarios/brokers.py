"""The broker restarts, dies, hangs, is emptied, stays away: it only wakes up, so mails come later and none is lost.

Beat ticks every half second here instead of every five. So a minute without a broker is as many ticks missed as ten
minutes of the product, and longer than every time-out of a connection.
"""

import contextlib
import time

from tests import machine
from tests.brokers import RabbitMQ, Redis
from tests.faults.database import SETTINGS
from tests.faults.play import wait_until
from tests.faults.scenario import scenario

QUEUE = SETTINGS["CELERY_QUEUE"]
TEN_MINUTES = 60  # seconds, see above
SLOW = {"at": "dot", "delay": 0.02}
SERVERS = {"Redis": (Redis, "redis"), "RabbitMQ": (RabbitMQ, "rabbitmq")}


@contextlib.contextmanager
def running(stage, name):
    """The broker, with a worker and a beat that sent the first mails through it."""
    made, need = SERVERS[name]
    machine.skip_without(need)
    server = made(stage.folder / need)
    try:
        server.start()
        stage.fill(20)
        processes = [stage.celery_worker(environment=at(server)), stage.beat(environment=at(server))]
        done(stage)
        yield server
        done(stage)
        assert all(process.is_running() for process in processes)
    finally:
        stage.end()
        server.close()


def at(server):
    return {"CELERY_BROKER_URL": server.url}


def done(stage):
    wait_until(lambda: not stage.open(), 60, "It was not sent")


def under_way(stage):
    """Mails that are just being sent."""
    stage.mail.obey(SLOW)
    stage.fill(100)
    before = stage.mail.count()
    wait_until(lambda: stage.mail.count() > before + 10)


def fresh(stage):
    """What needs a new tick: whoever was sending has nothing left to do."""
    done(stage)
    stage.fill(20)


@scenario("PostgreSQL as the queue: the queue is emptied and dropped", seconds=90)
def _(stage):
    stage.fill(20)
    processes = [stage.celery_worker(), stage.beat()]
    done(stage)
    stage.database.ask("SELECT pgmq.purge_queue(%s)", [QUEUE])
    stage.database.ask("SELECT pgmq.drop_queue(%s)", [QUEUE])
    fresh(stage)
    done(stage)
    assert all(process.is_running() for process in processes)


def _register(name, short):
    @scenario(f"{name} as the queue: it restarts while mails are under way", seconds=150)
    def _(stage):
        with running(stage, name) as server:
            under_way(stage)
            server.stop()
            server.start()
            fresh(stage)

    @scenario(f"{name} as the queue: it is killed while mails are under way", seconds=150)
    def _(stage):
        with running(stage, name) as server:
            under_way(stage)
            server.kill()
            server.start()
            fresh(stage)

    @scenario(f"{name} as the queue: everything in it is wiped", short=short, seconds=120)
    def _(stage):
        with running(stage, name) as server:
            under_way(stage)
            server.wipe(QUEUE)
            fresh(stage)

    @scenario(f"{name} as the queue: away for ten minutes (120 ticks)", seconds=180)
    def _(stage):
        with running(stage, name) as server:
            server.stop()
            stage.fill(100)
            time.sleep(TEN_MINUTES)
            assert stage.open() == 100  # late, and known to be
            server.start()

    @scenario(f"{name} as the queue: it hangs for ten minutes (120 ticks), connections stay open", seconds=180)
    def _(stage):
        with running(stage, name) as server:
            server.freeze()
            stage.fill(100)
            time.sleep(TEN_MINUTES)
            server.thaw()


_register("Redis", short=True)
_register("RabbitMQ", short=False)
