"""A database that tells another time than it is: its own `now()` and `clock_timestamp()` are overlaid by wrong ones.

Every connection that is made afterwards hears them, triggers and functions too; nothing of the product is touched.
"""

from __future__ import annotations

import datetime

from tests.faults.database import Database

OVERLAY = [
    "CREATE SCHEMA wrong_clock",
    "CREATE TABLE wrong_clock.told (ahead double precision NOT NULL)",
    "INSERT INTO wrong_clock.told VALUES (0)",
    *(
        f"CREATE FUNCTION wrong_clock.{name}() RETURNS timestamptz LANGUAGE sql {volatility} AS"
        f" 'SELECT pg_catalog.{name}() + (SELECT ahead FROM wrong_clock.told) * interval ''1 s'''"
        for name, volatility in [("now", "STABLE"), ("clock_timestamp", "VOLATILE")]
    ),
]
SHOW = "UPDATE wrong_clock.told SET ahead = extract(epoch FROM %s::timestamptz - pg_catalog.clock_timestamp())"


class DatabaseClock:
    """Right, until it is told otherwise. Make it before the processes that shall hear it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        for statement in [
            *OVERLAY,
            f"ALTER DATABASE {database.name} SET search_path = public, wrong_clock, pg_catalog",
        ]:
            database.ask(statement)

    def ahead(self, seconds: float) -> None:
        """Ahead of the right time by so much; behind, where that is negative."""
        self._database.ask("UPDATE wrong_clock.told SET ahead = %s", [seconds])

    def show(self, instant: datetime.datetime) -> None:
        """It is that time now, and goes on from there."""
        self._database.ask(SHOW, [instant])
