"""One clock for all workers: the database's. What a worker's own machine shows decides about nobody's mail."""

from __future__ import annotations

import datetime
import time

from django.db import connection

GOOD_FOR = 10.0  # seconds; then the database is asked again


class Clock:
    """Asks the database now and then, and counts the seconds in between by itself."""

    def __init__(self) -> None:
        self._asked: tuple[float, datetime.datetime] | None = None

    def now(self) -> datetime.datetime:
        passed = time.monotonic()
        if self._asked is None or passed - self._asked[0] > GOOD_FOR:
            self._asked = passed, _ask()
        return self._asked[1] + datetime.timedelta(seconds=passed - self._asked[0])


def _ask() -> datetime.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        answer: datetime.datetime = cursor.fetchone()[0]
    return answer


_clock = Clock()


def now() -> datetime.datetime:
    return _clock.now()
