"""One statement, one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection


def execute(statement: str, values: Sequence[Any]) -> int:
    """Returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def execute_prepared(statement: bytes, values: Sequence[Any]) -> int:
    """The same for a statement that runs once a mail: the server plans it once a connection."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=True)
        return int(cursor.rowcount)
