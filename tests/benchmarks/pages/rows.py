"""How many rows PostgreSQL looks at for a page: the same on a busy machine and on a quiet one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client as Browser

#: Among a thousand rows the planner rightly reads all of a table; asked to mind every row, it shows whether it must.
AS_IF_LARGE = ("SET LOCAL enable_seqscan = off", "SET LOCAL random_page_cost = 1", "SET LOCAL cpu_tuple_cost = 1")


@dataclass(frozen=True)
class Read:
    """One statement. `rows`: looked at, whether or not they were shown."""

    rows: int
    statement: str


def read_by(browser: Browser, address: str) -> list[Read]:
    asked: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    browser.get(address)  # what a process remembers is read now
    with connection.execute_wrapper(listen):
        answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    reads = [each for each in asked if each[0].lstrip(" \n(").startswith(("SELECT", "WITH"))]
    return [Read(looked_at(sql, params), sql) for sql, params in reads]


def total(reads: Sequence[Read]) -> int:
    return sum(each.rows for each in reads)


def looked_at(sql: str, params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    plans = json.loads(found) if isinstance(found, str) else found
    return sum(rows_of(node) for node in nodes(plans[0]["Plan"]))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def rows_of(node: dict[str, Any]) -> int:
    """Of one scan of a table or an index; what is above it reads no rows of its own."""
    if not node["Node Type"].endswith(("Scan", "Scan on")) or node["Node Type"] in ("CTE Scan", "Subquery Scan"):
        return 0
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return round((node["Actual Rows"] + removed) * node["Actual Loops"])
