"""Many ticks, many workers, the same task many times, and no tick for a day."""

import contextlib
import time

from tests.faults.play import Unplayed, wait_until
from tests.faults.scenario import scenario

SLOW = {"at": "dot", "delay": 0.004}


@scenario("Sixteen workers at once")
def _(stage):
    stage.fill(1600)
    for worker in [stage.worker(ready=False) for _ in range(16)]:
        worker.wait_ready()


@scenario("A hundred ticks at once plan and send, in four processes with twenty-five threads", short=True)
def _(stage):
    stage.hourly(200)
    workers = [stage.worker(threads=25, ready=False) for _ in range(4)]
    for worker in workers:
        worker.wait_ready()
    stage.wait_planned()


@scenario("A process with twenty-five ticks at once is killed in the middle", uncertain=1)
def _(stage):
    stage.fill(300)
    stage.mail.obey({"at": "dot", "delay": 0.05})
    worker = stage.worker(threads=25)
    wait_until(lambda: stage.mail.count() >= 40)
    worker.kill()
    stage.mail.obey()
    stage.worker()


@scenario("The same task is delivered twenty times, with four threads")
def _(stage):
    stage.fill(300)
    stage.mail.obey(SLOW)
    stage.celery_worker()
    stage.tick(20)


@scenario("The same task is delivered twenty times, with four processes")
def _(stage):
    stage.fill(300)
    stage.mail.obey(SLOW)
    stage.celery_worker(pool="prefork", concurrency=4)
    stage.tick(20)


@scenario("Ticks come ten times a second while one is still at work")
def _(stage):
    stage.fill(200)
    stage.mail.obey({"at": "dot", "delay": 0.02})
    stage.celery_worker(pool="prefork", concurrency=4)
    stage.beat(tick=0.1)


@scenario("Beat stood still for a day: what is too late is dropped, the rest is sent", skipped=None)
def _(stage):
    """Time is moved in the rows: the last plan was made a day ago, and what was planned then is still open."""
    stage.fill(50, days=1)
    stage.hourly(50, since="23 hours 50 minutes")
    stage.celery_worker()
    stage.beat()
    stage.wait_planned()
    stage.settle()
    (yesterday, today) = (
        dict(
            stage.database.ask(
                "SELECT state, count(*) FROM clinic_reminder r JOIN clinic_practice p ON p.id = r.practice_id"
                f" WHERE (local_date = (now() AT TIME ZONE p.timezone)::date) = {is_today} GROUP BY state"
            )
        )
        for is_today in ("false", "true")
    )
    stage.insist(set(yesterday) == {"skipped"}, "What was too late was sent")
    stage.insist(set(today) == {"sent"}, "What was in time was not sent")


@scenario("The mark of the plan is set back by an hour, again and again")
def _(stage):
    stage.hourly(50)
    stage.worker()
    stage.wait_planned()
    for _ in range(5):
        stage.database.ask("UPDATE clinic_planningmark SET planned_at = planned_at - interval '1 hour'")
        wait_until(
            lambda: stage.database.ask(
                "SELECT 1 FROM clinic_planningmark WHERE kind = 'hourly' AND planned_at > now() - interval '30 minutes'"
            )
        )


@scenario("Two messages for each client on one day: the second is not sent", skipped=200)
def _(stage):
    stage.fill(200)
    stage.fill(200, first=0)
    for worker in [stage.worker(ready=False) for _ in range(4)]:
        worker.wait_ready()


@scenario("A worker freezes in the middle of its claim: the others go on")
def _(stage):
    stage.fill(400)
    frozen = stage.worker(at="claim, uncommitted", act="freeze", ready=False)
    frozen.wait_frozen()
    stage.worker()
    stage.insist(lambda: stage.states().get("sent", 0) >= 300, "One frozen worker held up another", 30)
    frozen.kill()


@scenario("A worker freezes after its claim until others took its rows, then goes on")
def _(stage):
    late(stage, "claim")


@scenario("A worker freezes after the re-check until others sent its mails, then goes on")
def _(stage):
    late(stage, "check")


@scenario("A worker freezes after the hand-over mark until others worked, then goes on", uncertain=1)
def _(stage):
    late(stage, "mark")


@scenario("A late worker wants to plan again what another is just sending")
def _(stage):
    """The late one could write no letter; the other has sent its first mail, and has not written it down yet."""
    stage.fill(40)
    late = stage.worker(
        at="check", act="freeze", broken_templates=True, ready=False, rules={"first_retry": 5, "longest_retry": 5}
    )
    late.wait_frozen()
    time.sleep(2.2)
    second = stage.worker(at="answer read", act="freeze", ready=False, rules={"claim_timeout": 2})
    second.wait_frozen()
    late.thaw()
    with contextlib.suppress(Unplayed):
        wait_until(lambda: stage.database.ask("SELECT 1 FROM clinic_reminder WHERE attempts > 0"), 3)
    late.kill()
    second.thaw()


def late(stage, step):
    """A frozen worker's rows go to another after two seconds; the frozen one wakes when all is done."""
    told = {"rules": {"claim_timeout": 2}}
    stage.fill(200)
    frozen = stage.worker(at=step, act="freeze", ready=False, **told)
    frozen.wait_frozen()
    stage.worker(**told)
    stage.settle()
    frozen.thaw()
    time.sleep(1.5)
