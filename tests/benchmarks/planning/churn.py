"""A day of mails through the table, in time order, and how much larger that leaves it than a freshly built copy.

Every quarter of an hour: programmes are planned, mails claimed, handed over and settled, one in twenty is put off and
sent later, and once an hour what is old goes to the archive. The table is vacuumed whenever autovacuum would have
come, by the table's own threshold; autovacuum itself would be too late for a day that takes a minute.
"""

import datetime

from django.test.utils import override_settings

from clinic.models import State
from clinic.services.reminders.archive import archive
from clinic.services.reminders.claim import claim
from clinic.services.reminders.settle import Settlement, settle
from tests.benchmarks.planning.measure import MINUTE, nothing_planned, plan
from tests.benchmarks.planning.seed import START, rows_of, run, seed, seed_reminders

TABLES = ("clinic_reminder", "treatments_programme")
PROGRAMMES = 100_000
HISTORY = 300_000
KEPT = datetime.timedelta(days=3)
QUARTER = datetime.timedelta(minutes=15)
OWNER = "bench:1:1:x"
#: What is smaller after the day is not judged: a few dead pages are many times an empty index.
SMALL = 2 << 20
ONE_PAGE = 8192

HAND_OVER = "UPDATE clinic_reminder SET handing_over_at = %s, counted = true WHERE id = ANY(%s)"
DEAD = """
SELECT n_dead_tup, 50 + reltuples * coalesce(
         (SELECT option_value::float FROM pg_options_to_table(c.reloptions)
           WHERE option_name = 'autovacuum_vacuum_scale_factor'), 0.2)
  FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid WHERE c.relname = %s
"""
SIZES = """
SELECT relname, pg_relation_size(oid) FROM pg_class WHERE oid = %s::regclass
UNION ALL
SELECT i.indexrelid::regclass::text, pg_relation_size(i.indexrelid) FROM pg_index i WHERE indrelid = %s::regclass
"""


def churn():
    """({what was done: how many}, {table or index: (bytes after the day, bytes freshly built)})"""
    seed(PROGRAMMES)
    nothing_planned()
    plan(START - QUARTER + MINUTE)  # every programme at once: not part of the day
    run("TRUNCATE clinic_reminder")
    seed_reminders(HISTORY, state="sent", before=START, spread=KEPT)
    for table in TABLES:
        run(f"VACUUM FULL ANALYZE {table}")
    with override_settings(CLINIC={"reminders": {"keep_for": KEPT}}):
        done = a_day()
    after = sizes()
    for table in TABLES:
        run(f"VACUUM FULL {table}")
    fresh = sizes()
    return done, {name: (after[name], fresh[name]) for name in after}


def a_day():
    done = {"planned": 0, "sent": 0, "put off": 0, "archived": 0, "vacuums": 0}
    was_put_off = set()
    for quarter in range(97):
        now = START + quarter * QUARTER
        done["planned"] += plan(now) if quarter < 96 else 0
        while ids := claim(OWNER, now=now, limit=500):
            run(HAND_OVER, now, ids)
            put_off = {id_ for id_ in ids if id_.int % 20 == 0} - was_put_off
            settle([settled(id_, id_ in put_off, now) for id_ in ids], OWNER)
            was_put_off |= put_off
            done["sent"] += len(ids) - len(put_off)
        if quarter % 4 == 0:
            done["archived"] += archive(now)
        done["vacuums"] += vacuum_as_autovacuum_would()
    return {**done, "put off": len(was_put_off)}


def settled(id_, put_off, now):
    if put_off:
        return Settlement(id_, State.PLANNED, "The mail server asked to try again later (451).", 1, now + QUARTER)
    return Settlement(id_, State.SENT, "", 1, now)


def vacuum_as_autovacuum_would():
    due = []
    run("SELECT pg_stat_force_next_flush()")
    for table in TABLES:
        ((dead, threshold),) = rows_of(DEAD, table)
        if dead > threshold:
            due.append(table)
    for table in due:
        run(f"VACUUM ANALYZE {table}")
    return len(due)


def sizes():
    return {name: size for table in TABLES for name, size in rows_of(SIZES, table, table)}


def bloat(found):
    """{table or index that is not small: how many times its fresh size}"""
    return {name: after / max(fresh, ONE_PAGE) for name, (after, fresh) in found.items() if after >= SMALL}
