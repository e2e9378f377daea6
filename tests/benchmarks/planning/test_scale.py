"""The short form of `make bench-scale`: what must not grow with the number of programmes and of mails does not.

Times are processor time of the database's process, so that a busy machine does not matter much.
"""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.services import reminders
from tests.benchmarks.planning.measure import (
    claim,
    claims,
    idle,
    nothing_planned,
    plan,
    probe_minutes,
    processor_time,
    ready_for_probes,
    ready_to_claim,
)
from tests.benchmarks.planning.seed import FIRST_PROBE, START, seed, seed_reminders
from tests.benchmarks.untraced import untraced

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("without_coverage")]
# `make bench-scale` holds it to twice; here the other half of the suite runs beside it. What grows, grows thirty times.
BOUND = 3
A_MINUTE = 40
DAY = datetime.timedelta(days=1)
QUESTION = re.compile(r"\s*(WITH|SELECT|INSERT|UPDATE|DELETE)")
LARGE = re.compile("Seq Scan on (treatments_programme|treatments_programmeitem|clinic_client|clinic_reminder)\\b")


@pytest.fixture
def without_coverage():
    with untraced():
        yield


def cost(work):
    """(processor time, what `work` returned)"""
    before = processor_time()
    result = work()
    return processor_time() - before, result


def test_a_minute_of_planning_costs_the_same_among_thirty_times_the_programmes(figures):
    spent = {}
    for programmes in (1_000, 30_000):
        seed(programmes, probes=15 * A_MINUTE)
        nothing_planned()
        plan(START)
        ready_for_probes()
        spent[programmes], turns = cost(probe_minutes)
        assert [rows for _, rows in turns] == [A_MINUTE] * len(turns)
    few, many = spent.values()
    figures(f"planning {len(turns)} minutes of {A_MINUTE}: {few:.0f} ms of 1,000 programmes, {many:.0f} ms of 30,000")
    assert many / few <= BOUND
    nothing_reads_a_whole_table()


def nothing_reads_a_whole_table():
    """Whatever the engine asks in one round, as PostgreSQL means to answer it."""
    seed_reminders(30_000, state="sent", before=START - 100 * DAY, spread=DAY)
    with CaptureQueriesContext(connection) as asked:
        assert plan(FIRST_PROBE) == A_MINUTE
        assert claim("bench:1:1:x", now=FIRST_PROBE, limit=100)
        idle(FIRST_PROBE, times=1)
        assert reminders.archive(START)
    questions = {query["sql"] for query in asked.captured_queries if QUESTION.match(query["sql"])}
    assert len(questions) > 8
    for question in questions:
        assert not LARGE.search(answered_by(question)), answered_by(question)


def test_a_claim_costs_the_same_among_ten_times_the_mails(figures):
    seed(10_000)
    few = cost_of_claiming(10_000, due=10_000)
    for due in (10_000, 100_000):
        many = cost_of_claiming(100_000, due=due)
        figures(f"claiming 5,000: {few:.0f} ms of 10,000 mails, {many:.0f} ms of 100,000, {due:,} of them due")
        assert many / few <= BOUND


def cost_of_claiming(rows, *, due):
    ready_to_claim(rows, due=due)
    spent, turns = cost(claims)
    assert [taken for _, taken in turns] == [500] * len(turns)
    return spent


def answered_by(question):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + question.replace("%", "%%"), [])
        return "\n".join(line for (line,) in cursor.fetchall())
