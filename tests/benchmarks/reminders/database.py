"""A database of the benchmark's own on the project's PostgreSQL, made afresh and dropped afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[3]
NAME = "bench_reminders"


@contextmanager
def own_database(environment: dict[str, str]) -> Iterator[str]:
    """The URL of an empty, migrated database. `environment` is what the migration runs with."""
    from clinic.config import postgres

    server = os.environ.get("DATABASE_URL") or postgres.ensure_running(ROOT / "var" / "postgres")
    url = urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
    _recreate(server)
    try:
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(command, cwd=ROOT, env={**environment, "DATABASE_URL": url}, check=True)
        yield url
    finally:
        _drop(server)


def _recreate(server: str) -> None:
    _drop(server)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))


def _drop(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def version(url: str) -> str:
    with psycopg.connect(url) as one:
        return f"{one.info.server_version // 10000}.{one.info.server_version % 10000}"
