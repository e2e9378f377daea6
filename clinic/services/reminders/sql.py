"""One statement, one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection


def execute(statement: str, values: Sequence[Any]) -> int:
    """Returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
