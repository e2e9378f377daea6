import functools
import gc
import math
import os
import sys
import threading
import time
from pathlib import Path

import pytest
from pytest_django.lazy_django import skip_if_no_django

from tests import chromium, machine
from tests.benchmarks.untraced import untraced
from tests.mail_server import MailServer

pytest_plugins = ["tests.people"]

BROWSER_FIXTURES = {"browser", "context", "page", "new_context"}
_not_run: dict[str, list[str]] = {}  # for want of what, and which


#: Coverage is asked for of the rules, screening, planning and the reminder engine; it is measured while those tests run
#: that are about them. Watched, the others would take twice as long.
MEASURED = (
    "tests/assessments/rules", "tests/assessments/test_questionnaires", "tests/clinic/delivery",
    "tests/clinic/reminders", "tests/intake/builder", "tests/intake/forms", "tests/intake/rescreen",
    "tests/intake/screening", "tests/treatments/cases", "tests/treatments/comeback", "tests/treatments/mail",
    "tests/treatments/planning", "tests/treatments/test_assess_command", "tests/treatments/test_cases",
    "tests/treatments/test_evaluation", "tests/treatments/test_home_stretch", "tests/treatments/test_illustrations",
    "tests/treatments/test_planning",
)  # fmt: skip


#: What they are about.
ABOUT = (
    "assessments.rules",
    "intake.screening",
    "treatments.planning",
    "treatments.evaluation",
    "clinic.services.reminders",
)
_watched_last: list[Path] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    if item.nodeid.startswith(MEASURED):
        if _watched_last != [item.path]:
            _watched_last[:] = [item.path]
            forget_what_was_kept()
        return (yield)
    with untraced():
        return (yield)


def forget_what_was_kept():
    """What an unwatched test had worked out and kept would never be seen being worked out."""
    for name, module in list(sys.modules.items()):
        if name.startswith(ABOUT):
            for kept in vars(module).values():
                if isinstance(kept, functools._lru_cache_wrapper):
                    kept.cache_clear()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """The tables are made for whichever test comes first."""
    if fixturedef.argname == "django_db_setup":
        with untraced():
            return (yield)
    return (yield)


def pytest_collection_finish(session):
    """What has been read by now stays: the garbage collector needn't look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


# --- the database and what talks to it --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    yield
    # A database with connections cannot be dropped: the queue holds some, and a browser that kept a line open.
    from django.db import connection

    from clinic.config.celery import app

    app.pool.force_close_all()
    app.close()
    connection.close()  # it may be one that a test has cut
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def worker(transactional_db, mail_server, tmp_path):
    """A real worker process, started, that sends to `mail_server`; `kill()` is SIGKILL, then `start()` again."""
    from tests.worker import Worker, empty_queue

    empty_queue()
    made = Worker(tmp_path / "worker.log", email_url=f"smtp://{mail_server.host}:{mail_server.port}")
    made.start()
    yield made
    made.kill()
    empty_queue()


# --- time: PostgreSQL's clock cannot be turned, so in this process the engine follows the clock that a test turns -----


@pytest.fixture(autouse=True)
def _engine_follows_this_process(request, monkeypatch):
    if request.node.get_closest_marker("database_clock"):
        return
    from django.utils import timezone

    from clinic.services import clock

    monkeypatch.setattr(clock, "now", timezone.now)


# --- mail: nothing leaves, and a mail that a test forgot fails loudly -------------------------------------------------


@pytest.fixture(autouse=True, scope="session")
def _real_mail_backend(django_test_environment):
    """Undo Django's quiet in-memory backend; the settings' own server is one that nobody runs."""
    skip_if_no_django()
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def mailoutbox(settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mailoutbox


@pytest.fixture
def mail_server(settings):
    """A real SMTP server, and Django's mail goes there."""
    server = MailServer()
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    yield server
    server.stop()


# --- the browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": args}


@pytest.fixture(scope="session")
def playwright(playwright):
    from playwright.sync_api import expect

    expect.set_options(timeout=15_000)  # what comes, comes at once; a busy machine takes longer
    # From here on an event loop is "running" in this thread, for every later test too.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield playwright
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server, settings, request):
    """Address of a running server; links in mails lead there."""
    settings.PUBLIC_URL = live_server.url
    under_way = UnderWay()
    yield live_server.url
    if "browser" in request.fixturenames:
        for context in request.getfixturevalue("browser").contexts:
            context.close()
    under_way.wait()


class UnderWay:
    """A page says its last words when it is closed: whoever empties the tables meanwhile would wait for each other."""

    def __init__(self) -> None:
        from django.core.signals import request_finished, request_started

        self.count, self.lock = 0, threading.Lock()
        request_started.connect(self.begins)
        request_finished.connect(self.ends)

    def begins(self, **_) -> None:
        with self.lock:
            self.count += 1
            self.quiet_since = math.inf

    def ends(self, **_) -> None:
        with self.lock:
            self.count -= 1
            self.quiet_since = time.monotonic()

    def wait(self, quiet=0.1, most=10) -> None:
        """Until none has been under way for `quiet` seconds: the last ones come when a page is gone already."""
        self.quiet_since = time.monotonic() if self.count <= 0 else math.inf
        until = time.monotonic() + most
        while time.monotonic() < until and (self.count > 0 or time.monotonic() - self.quiet_since < quiet):
            time.sleep(0.02)


@pytest.fixture
def log_in_to(site):
    """`log_in_to(context, user)` signs one browser context in, without the log-in page."""
    from django.test import Client

    def log_in_to(context, user) -> None:
        client = Client()  # one for each: a second log-in ends the first, and its late answers take the new cookie away
        client.force_login(user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])

    return log_in_to


# --- what the machine must have ---------------------------------------------------------------------------------------


def pytest_collection_modifyitems(items):
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
            item.add_marker(pytest.mark.needs("browser"))


def pytest_runtest_setup(item):
    for name in {name for mark in item.iter_markers("needs") for name in mark.args}:
        if why := machine.obstacle(name):
            if os.environ.get("CI"):
                pytest.fail(why, pytrace=False)
            _not_run.setdefault(name, []).append(item.nodeid)
            pytest.skip(why)


def pytest_terminal_summary(terminalreporter):
    for name, nodeids in _not_run.items():
        terminalreporter.section(f"not tested: {name}")
        terminalreporter.line(machine.obstacle(name))
        for nodeid in nodeids:
            terminalreporter.line(f"  {nodeid}")
