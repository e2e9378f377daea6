"""A database of a scenario's own: a copy of one that was prepared once for each server."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from tests.faults.play import ROOT

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
    "ENV_FILE": "",
    "DEBUG": "false",
    "SECRET_KEY": "only-for-faults-only-for-faults-only-for-faults",
    "PUBLIC_URL": "http://localhost:8000",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "CELERY_QUEUE": "faults",
    "PYTHONPATH": str(ROOT),
}
_prepared: dict[str, tuple[str, str]] = {}  # by its address: server and name


def own_server() -> str:
    """The address of the PostgreSQL that all tests use."""
    from django.conf import settings

    at = settings.DATABASES["default"]
    return f"postgres://{at['USER']}:{quote(at['PASSWORD'], safe='')}@{at['HOST']}:{at['PORT'] or 5432}/postgres"


def migrated() -> str:
    from django.conf import settings

    name: str = settings.DATABASES["default"]["TEST"]["NAME"]
    return name


def own_name() -> str:
    return f"{migrated()}_faults"


def let_go_of_the_tests_own() -> None:
    """A database with connections cannot be copied. Whoever needs one again opens one."""
    from django.db import connections

    from clinic.config.celery import app

    connections.close_all()
    app.pool.force_close_all(close_pool=False)


class Database:
    """`server`: the address of any database on the server, by somebody who may make others."""

    def __init__(self, server: str) -> None:
        self._server, self.name = server, own_name()
        self.url = _address(server, self.name)

    def create(self) -> None:
        template = f"{self.name}_template"
        prepared = _address(self._server, template)
        if prepared not in _prepared:
            self._prepare(template)
            _prepared[prepared] = (self._server, template)
        self._replace(self.name, template)

    def drop(self) -> None:
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query, over a connection of its own; empty for a statement that gives none."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            done = connection.execute(query, values)
            return done.fetchall() if done.description else []

    def _prepare(self, template: str) -> None:
        """Out of the tests' own database, where all migrations have been run already; else out of an empty one."""
        let_go_of_the_tests_own()
        try:
            self._replace(template, migrated())
        except (psycopg.errors.InvalidCatalogName, psycopg.errors.ObjectInUse):
            self._replace(template, "template1")
        there = {**os.environ, **SETTINGS, "DATABASE_URL": _address(self._server, template)}
        subprocess.run([sys.executable, "-m", "tests.faults.prepare"], cwd=ROOT, env=there, check=True)

    def _replace(self, name: str, template: str) -> None:
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._do("CREATE DATABASE {} TEMPLATE {}", name, template)

    def _do(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            _when_nobody_vacuums(connection, sql.SQL(statement).format(*map(sql.Identifier, names)))


def _when_nobody_vacuums(connection: psycopg.Connection, statement: sql.Composed) -> None:
    """PostgreSQL's own vacuum is the superuser's: nobody else may end it, but it ends by itself."""
    for _ in range(60):
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
            return
        time.sleep(0.5)
    connection.execute(statement)


def clear_away() -> None:
    """Drops what scenarios were copied from. A server that is gone took it along."""
    for server, name in _prepared.values():
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(server, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            _when_nobody_vacuums(connection, drop)
    _prepared.clear()


def _address(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()
