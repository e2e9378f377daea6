import os
import signal
import sys

import pytest

from clinic.config.processes import Children, DemoStopped, Interrupted, interruptible
from tests.worker import wait_until

SLEEP = ["-c", "import time; time.sleep(60)"]
STUBBORN = [
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]
PARENT = [
    "-c",
    f"import subprocess as s, time; print(s.Popen([{sys.executable!r}, *{SLEEP!r}]).pid, flush=True); time.sleep(60)",
]


@pytest.fixture
def children(tmp_path):
    made = Children(tmp_path / "log")
    yield made
    made.stop()


def start(children, tmp_path, **commands):
    children.start(commands, cwd=tmp_path, environment=dict(os.environ))


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_one_that_ends_by_itself_is_named_with_its_log(children, tmp_path):
    start(children, tmp_path, web=SLEEP, worker=["-c", "print('what happened'); raise SystemExit(3)"])

    with pytest.raises(DemoStopped) as told:
        children.watch()

    assert str(told.value) == (
        f"'worker' ended by itself (status 3), so the demo stops: see {tmp_path / 'log' / 'worker.log'}."
    )
    assert children.log("worker").read_text() == "what happened\n"


def test_stopping_also_ends_one_that_does_not_listen(children, tmp_path, monkeypatch):
    monkeypatch.setattr("clinic.config.processes.STOP_SECONDS", 0.5)
    start(children, tmp_path, stubborn=STUBBORN)
    wait_until(lambda: children.log("stubborn").read_text())

    children.stop()

    assert children.running["stubborn"].returncode == -signal.SIGKILL


def test_stopping_also_ends_the_children_of_children(children, tmp_path):
    start(children, tmp_path, parent=PARENT)
    grandchild = int(wait_until(lambda: children.log("parent").read_text()))
    assert alive(grandchild)

    children.stop()

    wait_until(lambda: not alive(grandchild), seconds=5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_way_to_ask_for_the_end_is_heard(number):
    with interruptible(), pytest.raises(Interrupted):
        signal.raise_signal(number)
