"""Clocks that jump while processes run: those of their machines, and the database's, by which the engine goes."""

import sys
import time

from tests.faults import jumping_clock
from tests.faults.database_clock import DatabaseClock
from tests.faults.play import BARE, Unplayed, celery_beat, celery_worker, wait_until
from tests.faults.scenario import scenario
from tests.faults.scenarios.database import under_way

HOUR = 3600


# --- the machines' ----------------------------------------------------------------------------------------------------


def with_clock(stage, clock, command, says):
    """The program, on a machine with another clock: the module that makes it, and what it is told."""
    return stage.start([sys.executable, "-u", "-m", *clock, *command[command.index("-m") + 1 :]], says)


def jumping(stage, command, says):
    """The program, on a machine whose clock jumps."""
    return with_clock(stage, ["tests.faults.jumping_clock"], command, says)


def work_for(stage, *processes):
    """Mails to plan and to send, and meanwhile the clocks jump."""
    under_way(stage)
    stage.wait_planned()
    stage.settle()
    for process in processes:
        if process.text().count(jumping_clock.SAYS) < 4:
            raise Unplayed(f"A clock jumped too seldom: {process.log.name}")


@scenario("Two machines' clocks jump by a day, ahead and back, while they work")
def _(stage):
    stage.hourly(50)
    work_for(stage, *(jumping(stage, BARE, "ready") for _ in range(2)))


@scenario("The clocks of Celery's worker and of its beat jump by a day, ahead and back, while they work")
def _(stage):
    stage.hourly(50)
    worker = jumping(stage, celery_worker("threads", 4), " ready.")
    work_for(stage, worker, jumping(stage, celery_beat(stage.folder / "schedule"), "beat: Starting"))


@scenario("The clock of Celery's worker is five minutes ahead of its beat's, all the time")
def _(stage):
    stage.hourly(50)
    with_clock(stage, ["tests.wrong_clock", "300"], celery_worker("threads", 4), " ready.")
    stage.start(celery_beat(stage.folder / "schedule"), "beat: Starting")
    stage.wait_planned()
    stage.settle()


# --- the database's ---------------------------------------------------------------------------------------------------


def two_workers(stage, **rules):
    """Who hear of a wrong clock at once."""
    for _ in range(2):
        stage.worker(clock_good_for=0, rules=rules)


@scenario("The database's clock jumps by three hours, ahead and back, while workers plan and send")
def _(stage):
    """Claims look long forgotten, and then as if they were still to be made: nobody loses or doubles what is theirs.

    A third worker has no time to send: it only plans, and sweeps what looks forgotten.
    """
    stage.mail.obey({"at": "dot", "delay": 0.2})
    stage.hourly(5, since="4 hours")
    stage.fill(60)
    clock = DatabaseClock(stage.database)
    two_workers(stage)
    stage.worker(clock_good_for=0, rules={"budget": 0})
    for ahead in (0, 3, 0, 3, -3, 3, 0, 3, -3):
        clock.ahead(ahead * HOUR)
        time.sleep(0.4)
    stage.mail.obey()
    clock.ahead(3 * HOUR)  # what was put off while it was ahead leaves when it is as late as that
    stage.wait_planned()


@scenario("The database's clock is a day ahead for a moment: what seems too late is dropped", skipped=None)
def _(stage):
    clock = DatabaseClock(stage.database)
    two_workers(stage, batch=20)
    under_way(stage)
    clock.ahead(24 * HOUR)
    wait_until(lambda: stage.states().get("skipped"))
    clock.ahead(0)
    stage.settle()
    why = stage.database.ask("SELECT DISTINCT reason FROM clinic_reminder WHERE state = 'skipped'")
    stage.insist(why == [("It was too late for that day.",)], f"It was dropped for another reason: {why}")


@scenario("The database's clock is a day behind, and then right again")
def _(stage):
    stage.fill(100)
    clock = DatabaseClock(stage.database)
    clock.ahead(-24 * HOUR)
    two_workers(stage)
    time.sleep(1)
    stage.insist(stage.mail.count() == 0, "A mail left before its day")
    clock.ahead(0)
