"""`manage.py demo`: the web server, the worker, the clock and a mail box on this machine, with a made-up practice.

At its end it also stops the embedded PostgreSQL, unless somebody else is using it.
"""

import contextlib
import fcntl
import hashlib
import importlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from clinic.config import postgres
from clinic.config.environment import MAIL_PAGE_PORT, SMTP_PORT, WEB_PORT
from clinic.config.processes import Children, DemoStopped, Interrupted, ignore_signals, interruptible

PRACTICE = "riverside"
SEED_COMMAND = "treatments.management.commands.seed_practice"  # its DEMO_LOGINS are (what, e-mail, password)
VAR: Path = settings.VAR_DIR
STATE = VAR / "postgres"
START_SECONDS = 60


@dataclass(frozen=True)
class Ports:
    web: int
    mail_page: int
    smtp: int


def run() -> None:
    """Returns after Ctrl-C. Raises DemoStopped when it cannot start or a part of it ends by itself."""
    _own_database_only()
    with _only_one(), interruptible():
        children = Children(VAR / "log")
        try:
            ports = choose_ports()
            prepare(ports)
            children.start(commands(ports), cwd=settings.BASE_DIR, environment=_environment(ports))
            wait_for_web(ports, children)
            print(welcome(ports), flush=True)
            children.watch()
        except Interrupted:
            print("\nStopping …", flush=True)
        finally:
            ignore_signals()
            children.stop()
            connections.close_all()
            postgres.stop(STATE, only_when_unused=True)
    print("Stopped. Your data is kept; `make demo` goes on from here.", flush=True)


def reset() -> None:
    """Empty the database and the mail box. Raises DemoStopped while the demo runs."""
    _own_database_only()
    with _only_one():
        connections.close_all()
        name = sql.Identifier(settings.DATABASES["default"]["NAME"])
        address = {**connection.get_connection_params(), "dbname": "postgres"}
        for unwanted in ("cursor_factory", "context", "prepare_threshold", "server_side_binding"):
            address.pop(unwanted, None)
        with psycopg.connect(**address, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        shutil.rmtree(VAR / "mail", ignore_errors=True)
        postgres.stop(STATE, only_when_unused=True)
    print("The demo is empty; `make demo` fills it afresh.")


# --- before it runs ---------------------------------------------------------------------------------------------------


def _own_database_only() -> None:
    if not settings.ENVIRONMENT.development:
        raise DemoStopped("The demo makes up people and log-ins, so it uses its own database only: unset DATABASE_URL.")


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    with (VAR / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoStopped("The demo is running: stop it first (Ctrl-C in its window).") from None
        yield


def choose_ports() -> Ports:
    web = _explicit_port() or _next_free(WEB_PORT, "web")
    return Ports(web, _next_free(MAIL_PAGE_PORT, "the mail box"), _next_free(SMTP_PORT, "mail"))


def _explicit_port() -> int | None:
    text = os.environ.get("DEMO_PORT")
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise DemoStopped(f"DEMO_PORT is {text!r}: set it to a number from 1 to 65535.")
    if not _is_free(int(text)):
        raise DemoStopped(f"DEMO_PORT {text} is in use by another program: choose another one, or leave DEMO_PORT out.")
    return int(text)


def _next_free(port: int, what: str) -> int:
    free = next((candidate for candidate in range(port, port + 100) if _is_free(candidate)), None)
    if free is None:
        raise DemoStopped(f"No port from {port} to {port + 99} is free for {what}: stop a program that uses one.")
    if free != port:
        print(f"Port {port} is in use, so {what} uses {free}.", flush=True)
    return free


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def prepare(ports: Ports) -> None:
    print("Preparing the database …", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    print("Filling in a made-up practice …", flush=True)
    call_command("seed_practice", PRACTICE, demo=True)
    connections.close_all()
    _collect_static(ports)


def _collect_static(ports: Ports) -> None:
    """Only when a static file changed. In a process of its own: here the settings are those of development."""
    stamp, now = settings.STATIC_ROOT / ".collected", _static_fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    print("Collecting static files …", flush=True)
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity=0"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=_environment(ports), check=False)
    if done.returncode != 0:
        raise DemoStopped("The static files could not be collected: see the lines above.")
    stamp.write_text(now)


def _static_fingerprint() -> str:
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = os.stat(storage.path(path))
            seen.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


# --- while it runs ----------------------------------------------------------------------------------------------------


def commands(ports: Ports) -> dict[str, list[str]]:
    celery = ["-m", "celery", "-A", "clinic.config"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    mail = ["--smtp-port", str(ports.smtp), "--page-port", str(ports.mail_page), "--folder", str(VAR / "mail")]
    gunicorn = ["-m", "gunicorn", "clinic.config.wsgi", "--no-control-socket", "--graceful-timeout", "5"]
    threads = ["--worker-class", "gthread", "--threads", "8"]
    return {
        "mail": ["-m", "clinic.config.mailcatcher", *mail],
        "web": [*gunicorn, *threads, "--bind", f"127.0.0.1:{ports.web}"],
        "worker": [*celery, "worker", "--pool=threads", "--concurrency=4", "--loglevel=INFO", *quiet],
        "beat": [*celery, "beat", "--loglevel=INFO", "--pidfile="],
    }


def _environment(ports: Ports) -> dict[str, str]:
    """As in production, but for the database, the secret key and the addresses."""
    return {
        **os.environ,
        "DEBUG": "false",
        "PUBLIC_URL": f"http://localhost:{ports.web}",
        "EMAIL_URL": f"smtp://127.0.0.1:{ports.smtp}",
        # What a .env says of a real mail service is not for made-up people.
        "MAIL_PROVIDER": "",
        "BOUNCE_MAILBOX_URL": "",
        "MAIL_BOUNCE_ADDRESS": "",
        "PYTHONUNBUFFERED": "1",
    }


def wait_for_web(ports: Ports, children: Children) -> None:
    address = f"http://localhost:{ports.web}/healthz/"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        children.all_alive()
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise DemoStopped(f"The web server does not answer: see {_short(VAR / 'log' / 'web.log')}.")


# --- what it says -----------------------------------------------------------------------------------------------------


def welcome(ports: Ports) -> str:
    lines = [
        "",
        "  Plumbline is running.",
        "",
        f"    Practice   http://localhost:{ports.web}/",
        f"    Mail box   http://localhost:{ports.mail_page}/   (every mail ends here)",
        f"    API        http://localhost:{ports.web}/api/v1/docs/",
        f"    Logs       {_short(VAR / 'log')}/",
        "",
        *(f"    {' · '.join(str(part) for part in login)}" for login in _logins()),
        "",
        "  Ctrl-C stops it and keeps the data.",
        "",
    ]
    return "\n".join(lines)


def _logins() -> list[Any]:
    try:
        return list(importlib.import_module(SEED_COMMAND).DEMO_LOGINS)
    except (ModuleNotFoundError, AttributeError):
        return []


def _short(path: Path) -> Path:
    return path.relative_to(settings.BASE_DIR)
