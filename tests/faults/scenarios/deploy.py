"""A release is rolled out: workers of the version before it and of this one work together on the migrated database."""

import atexit
import functools
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest

from tests.faults.play import BARE, CELERY, ROOT, Unplayed, wait_until
from tests.faults.scenario import scenario
from tests.faults.scenarios.database import SLOW, SOON

BEFORE = "fc26bcb"  # the last commit before the tables of this release

# The old code comes first; what only the fault programme knows is taken from here.
RUN = """
import os, runpy, sys
old, module = sys.argv[1:3]
os.chdir(old)
sys.path.insert(0, old)
sys.argv[:] = [module, *sys.argv[3:]]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


@functools.cache
def old_version():
    """The tree of the version before, unpacked. Skips where the history does not reach so far."""
    command = ["git", "archive", BEFORE]
    packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if packed.returncode != 0:
        pytest.skip(f"This checkout does not have the version before ({BEFORE}).")
    folder = Path(tempfile.mkdtemp(prefix="version-before-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as tree:
        tree.extractall(folder, filter="data")
    return folder


def of_before(command):
    """The command line of a module of this fault programme, or of Celery, with the version before."""
    return [sys.executable, "-u", "-c", RUN, str(old_version()), *command[command.index("-m") + 1 :]]


def both_worked(stage):
    """Only the new version tells its process space in `claimed_by`."""
    new = "count(*) FILTER (WHERE position('/' IN claimed_by) > 0)"
    ((total, by_new),) = stage.database.ask(f"SELECT count(*), {new} FROM clinic_reminder WHERE state = 'sent'")
    if not 0 < by_new < total:
        raise Unplayed(f"{by_new} of {total} were sent by the new version")


@scenario("A worker of the version before and one of this one share the work")
def _(stage):
    stage.mail.obey(SLOW)
    old = stage.start(of_before(BARE), "ready")
    new = stage.worker()
    stage.fill(200)
    stage.settle()
    both_worked(stage)
    assert old.is_running()
    assert new.is_running()


@scenario("A rolling deploy under load: old workers are killed one by one, new ones come", uncertain=2, seconds=180)
def _(stage):
    stage.mail.obey(SLOW)
    old = [stage.start(of_before(BARE), "ready", **SOON) for _ in range(2)]
    stage.fill(2000)
    wait_until(stage.mail.count)
    for worker in old:
        stage.worker(**SOON)
        assert stage.open() > 100
        worker.kill()
    stage.settle(90)
    both_worked(stage)


@scenario("A worker of the version before is killed, one of this one finds its rows", uncertain=1)
def _(stage):
    stage.mail.obey(SLOW)
    old = stage.start(of_before(BARE), "ready", **SOON)
    stage.fill(200)
    wait_until(lambda: stage.mail.count() >= 50)
    old.kill()
    stage.worker(**SOON)


@scenario("A worker of this version is killed, one of the version before finds its rows", uncertain=1)
def _(stage):
    stage.mail.obey(SLOW)
    new = stage.worker(**SOON)
    stage.fill(200)
    wait_until(lambda: stage.mail.count() >= 50)
    new.kill()
    stage.start(of_before(BARE), "ready", **SOON)


@scenario("Both versions plan at the same time")
def _(stage):
    stage.hourly(60)
    stage.start(of_before(BARE), "ready")
    stage.worker()
    stage.wait_planned()


@scenario("Celery's worker of the version before, beat of this one, and the other way round", seconds=150)
def _(stage):
    beat = [*CELERY, "beat", "--loglevel=INFO"]
    worker = [*CELERY, "worker", "--pool=threads", "--concurrency=2", "--loglevel=INFO"]
    first = [stage.start(of_before(worker), " ready."), stage.beat()]
    stage.fill(50)
    stage.settle()
    for process in first:
        process.kill()
    stage.celery_worker()
    stage.start(of_before([*beat, f"--schedule={stage.folder / 'old-schedule'}"]), "beat: Starting")
    stage.fill(50)
