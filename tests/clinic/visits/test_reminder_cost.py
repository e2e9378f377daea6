"""What planning the mails before visits costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import Visit
from clinic.reminders import kinds
from tests.clinic.visits.conftest import DAY, HOUR, at
from tests.people import make_client

pytestmark = [pytest.mark.django_db]


def test_old_visits_cost_the_planner_nothing(practice, therapist, in_may):
    """A thousand visits of the past: the same rows are read as without them."""
    person = make_client(practice)
    read = []
    for count in (0, 1000):
        made = [
            Visit(
                practice=practice, client=person, therapist=therapist, state="done" if n % 2 else "booked",
                starts_at=at(7) - (n + 1) * HOUR, ends_at=at(7) - n * HOUR, changed_at=at(7) - 30 * DAY,
            )
            for n in range(count)
        ]  # fmt: skip
        Visit.objects.bulk_create(made)
        Visit.objects.update(changed_at=at(7) - 30 * DAY)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE clinic_visit")
        read.append(rows_read(kinds["visit"]))
    assert read[1] <= read[0] + 5, read


def rows_read(kind):
    """How many rows of visits the statement touches, by EXPLAIN ANALYZE."""
    with CaptureQueriesContext(connection) as captured:
        kind.plan(now=at(7), until=at(7, 15))
    statement = next(q["sql"] for q in captured if "looked_at" in q["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        plan = cursor.fetchone()[0][0]["Plan"]
    return sum(
        node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in nodes(plan)
        if node.get("Relation Name") == "clinic_visit"
    )


def nodes(plan):
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)
