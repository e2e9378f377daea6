"""A process dies: worker, child, beat, by SIGKILL, at every step."""

import random
import time

from tests.faults.play import wait_until
from tests.faults.scenario import scenario

MAILS = 60
SLOW = {"at": "dot", "delay": 0.004}  # so that there is time to be killed

#: Step, which time it gets there, how many mails may be uncertain afterwards, what the table calls it, short set.
PLACES = [
    ("claim, uncommitted", 1, 0, "in the middle of the claim", False),
    ("claim", 1, 0, "after the claim was committed", True),
    ("compose", 9, 0, "while it writes the letters of a batch", False),
    ("check", 1, 0, "after the re-check", False),
    # The statement also settles the mail before it: that one arrived, and nobody wrote it down.
    ("mark, uncommitted", 9, 1, "while it marks the hand-over", False),
    ("mark", 9, 1, "after the hand-over mark, before MAIL", False),
    ("rcpt", 9, 1, "after MAIL, RCPT and DATA, which went together", False),
    ("data", 9, 1, "in the middle of DATA", False),
    ("dot", 9, 1, "after the dot, before the answer", True),
    ("answered", 9, 1, "when the answer is there and not read", False),
    ("answer read", 9, 1, "after the answer, before it settles", False),
    ("settle, uncommitted", 1, 1, "while it settles", False),
]


def _register(at, nth, uncertain, words, short):
    @scenario(f"A worker is killed {words}", short=short, uncertain=uncertain)
    def _(stage):
        stage.fill(MAILS)
        stage.worker(at=at, nth=nth, ready=False).wait_killed()
        stage.worker()


for place in PLACES:
    _register(*place)


@scenario("A worker is killed after RCPT, with a server that wants one command at a time", uncertain=1)
def _(stage):
    stage.mail.obey({"at": "ehlo", "answer": "250-sink\r\n250 8BITMIME"})
    stage.fill(MAILS)
    stage.worker(at="rcpt", nth=9, ready=False).wait_killed()
    stage.worker()


@scenario("A worker is killed in the middle of planning")
def _(stage):
    stage.hourly(MAILS)
    stage.worker(at="plan, uncommitted", ready=False).wait_killed()
    assert not stage.states()
    stage.worker()
    stage.wait_planned()


@scenario("A worker is killed after the plan")
def _(stage):
    stage.hourly(MAILS)
    stage.worker(at="plan", ready=False).wait_killed()
    assert stage.states() == {"planned": MAILS}
    stage.worker()


@scenario("A worker is killed in the middle of the sweep", uncertain=1)
def _(stage):
    stage.fill(MAILS)
    stage.worker(at="dot", nth=9, ready=False).wait_killed()
    stage.worker(at="sweep, uncommitted", ready=False).wait_killed()
    stage.worker()


@scenario("A worker is killed after the sweep", uncertain=1)
def _(stage):
    stage.fill(MAILS)
    stage.worker(at="dot", nth=9, ready=False).wait_killed()
    stage.worker(at="sweep", ready=False).wait_killed()
    stage.worker()


@scenario("Five workers are killed at random moments during 1,500 mails", uncertain=5)
def _(stage):
    seed = time.time_ns() % 10_000
    stage.notes.append(f"seed {seed}")
    chance = random.Random(seed)
    stage.fill(1500)
    stage.mail.obey(SLOW)
    for share in (100, 400, 700, 1000, 1300):
        worker = stage.worker()
        wait_until(lambda share=share: stage.mail.count() >= share)
        time.sleep(chance.random() / 20)
        worker.kill()
    stage.worker()


@scenario("Celery's beat is killed, and another one starts")
def _(stage):
    stage.fill(MAILS)
    stage.celery_worker()
    beat = stage.beat()
    wait_until(stage.mail.count)
    beat.kill()
    stage.settle()
    stage.fill(MAILS)
    stage.beat()


@scenario("The child of Celery's prefork pool is killed", uncertain=1)
def _(stage):
    stage.fill(300)
    stage.mail.obey(SLOW)
    worker = stage.celery_worker(pool="prefork", concurrency=1)
    stage.beat()
    wait_until(lambda: stage.mail.count() >= 30)
    worker.children()[0].kill()


@scenario("Celery's prefork worker and its child are killed, and it starts again", uncertain=1)
def _(stage):
    stage.fill(300)
    stage.mail.obey(SLOW)
    worker = stage.celery_worker(pool="prefork", concurrency=1)
    stage.beat()
    wait_until(lambda: stage.mail.count() >= 30)
    worker.kill()
    stage.celery_worker(pool="prefork", concurrency=1)


@scenario("Only the parent of Celery's prefork pool is killed, its child lives on for a while", uncertain=1)
def _(stage):
    stage.fill(300)
    stage.mail.obey(SLOW)
    worker = stage.celery_worker(pool="prefork", concurrency=1)
    stage.beat()
    wait_until(lambda: stage.mail.count() >= 30)
    worker.kill_alone()
    stage.celery_worker(pool="prefork", concurrency=1)
