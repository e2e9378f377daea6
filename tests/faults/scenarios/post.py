"""The mail server refuses, hesitates, vanishes, or says nothing, at every command."""

import socket
import time

from tests.faults.play import wait_until
from tests.faults.scenario import scenario

MAILS = 40
STEPS = ["connect", "ehlo", "mail", "rcpt", "data", "dot"]
LATER = {"connect": "421 4.3.2 Not now", "mail": "451 4.3.0 Later", "rcpt": "450 4.2.1 Later", "dot": "451 4.3.0 Later"}
NEVER = {"connect": "554 5.3.2 No service", "ehlo": "550 5.7.1 No"}
OF_THE_MAIL = ("rcpt", "data", "dot")  # a refusal there is about this mail; before that it is about us
TROUBLES = 5


def at(step, words, rule, *, name="", **allowed):
    """A scenario of one rule for the mail server, and one worker."""

    @scenario(name or f"The mail server {words} {step.upper()}", **allowed)
    def _(stage):
        stage.mail.obey({"at": step, **rule})
        stage.fill(MAILS)
        stage.worker(email_timeout=1)


for step in STEPS:
    at(step, "answers 4xx five times to", {"answer": LATER.get(step, "451 4.3.0 Later"), "times": TROUBLES})
for step in STEPS:
    refused = TROUBLES if step in OF_THE_MAIL else 0
    at(
        step,
        "answers 5xx five times to",
        {"answer": NEVER.get(step, "554 5.6.0 No"), "times": TROUBLES},
        failed=refused,
    )
for step in STEPS[:-1]:
    at(step, "drops the connection three times at", {"do": "drop", "times": 3})
for step in STEPS[:-1]:
    at(step, "three times never answers to", {"do": "silence", "times": 3})

at("rcpt", "", {"answer": "550 5.1.1 Nobody", "times": 7}, name="Seven addresses do not exist", failed=7)
at("rcpt", "", {"answer": "450 4.7.1 Greylisted", "first_try": True}, name="The mail server greylists", short=True)
# All of it was on its way when the connection broke: nobody knows whether the dot was read.
at(
    "body", "", {"do": "drop", "times": 3}, uncertain=3,
    name="The connection drops three times in the middle of DATA",
)  # fmt: skip
at(
    "dot", "", {"do": "drop", "times": 3}, uncertain=3,
    name="The connection drops three times after the dot, the mail was not accepted",
)  # fmt: skip
at(
    "dot", "", {"do": "accept_and_drop", "times": 3}, uncertain=3, short=True,
    name="The connection drops three times after the mail was accepted",
)  # fmt: skip
at(
    "dot", "", {"do": "accept_and_silence", "times": 3}, uncertain=3,
    name="The mail server accepts three mails and never answers",
)  # fmt: skip
at("dot", "", {"do": "silence", "times": 3}, uncertain=3, name="The mail server hangs three times after the dot")
at(
    "dot", "", {"delay": 3, "times": 2}, uncertain=2,
    name="The answer to two mails comes later than anybody waits",
)  # fmt: skip
at("dot", "", {"delay": 0.1}, name="The mail server is slow: a tenth of a second for each mail")
at(
    "dot",
    "",
    {"answer": "452 4.3.1 Disk full", "times": 15},
    name="The disk of the mail server is full for fifteen mails",
)
for step in ("mail", "rcpt", "dot"):
    rule = {"after": 20, "times": 1, "answer": "421 4.4.2 Closing"}
    at(step, "", rule, name=f"The mail server says 421 in the middle, at {step.upper()}")


@scenario("Nothing listens where the mail server was; it comes back after three seconds")
def _(stage):
    stage.mail.kill()
    stage.fill(MAILS)
    stage.worker(rules={"trouble_in_a_row": 1000, "attempts": 2})
    time.sleep(3)
    stage.insist(stage.open() == MAILS, "Mails got an end without a mail server")
    stage.mail.start()


@scenario("Connecting times out for four seconds")
def _(stage):
    stage.mail.kill()
    with socket.socket() as full:
        full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        full.bind((stage.mail.host, stage.mail.port))
        full.listen(0)
        callers = [socket.socket() for _ in range(3)]  # nobody answers them: the next one finds no place
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex((stage.mail.host, stage.mail.port))
        stage.fill(MAILS)
        stage.worker(email_timeout=1)
        time.sleep(4)
        stage.insist(stage.open() == MAILS, "Mails got an end without a mail server")
        for caller in callers:
            caller.close()
    stage.mail.start()


@scenario("The mail server is killed in the middle and starts again", uncertain=2)
def _(stage):
    stage.mail.obey({"at": "dot", "delay": 0.004})
    stage.fill(400)
    stage.worker()
    stage.worker()
    wait_until(lambda: stage.mail.count() >= 100)
    stage.mail.kill()
    time.sleep(1)
    stage.mail.start()


@scenario("A letter tries to smuggle a second mail behind a lone dot")
def _(stage):
    stage.fill(MAILS)
    stage.database.ask("UPDATE clinic_client SET family_name = 'Dots' WHERE ref IN ('C3', 'C4')")
    stage.worker()
