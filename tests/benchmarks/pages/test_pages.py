"""The short form of `make bench-pages`: what a page shows decides about its cost, not what lies about.

A therapist of a hundred clients works alone, and among nine others; every page must ask as often, and each statement
look at about as many rows. Counted, not timed, so that a busy machine says the same; how long they take is what the
long form holds.
"""

import pytest
from django.db import connection, transaction

from clinic.queries import attention
from tests.benchmarks.pages.measure import browsers, pages_of
from tests.benchmarks.pages.rows import AS_IF_LARGE, Read, read_by, total
from tests.benchmarks.pages.seed import seed
from tests.benchmarks.untraced import untraced

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"few": 100, "many": 1_000}
MORE_TO_SHOW = {
    "dashboard, whole practice": "the day of ten therapists",
    "diary, a day of everybody": "a column for each therapist",
    "clients by a name": "more people are called so",
    "people who may be here twice": "compares everybody",
}


def test_pages_read_as_much_among_ten_times_the_clients(figures, monkeypatch):
    monkeypatch.setattr(attention, "ENOUGH", 3)  # of a hundred clients not a hundred need somebody
    with untraced():
        people = {name: seed(f"bench-{name}", clients)[1] for name, clients in SIZES.items()}
        pages, browser = {name: pages_of(each) for name, each in people.items()}, browsers(people)
        over = set()
        with transaction.atomic(), connection.cursor() as cursor:
            for setting in AS_IF_LARGE:
                cursor.execute(setting)
            for page in pages["few"]:
                few, many = (read_by(browser[name], pages[name][page]) for name in SIZES)
                figures(f"{page}: {len(few)} and {len(many)} queries, {total(few)} and {total(many)} rows")
                if len(few) != len(many):
                    over.add((page, f"{len(few)} queries became {len(many)}"))
                elif page not in MORE_TO_SHOW:
                    over |= {(page, found) for found in map(grown, few, many) if found}
    assert over == set()


def grown(few: Read, many: Read) -> str:
    """Empty where this statement of both pages looks at about as many rows."""
    if many.rows <= 2 * few.rows + 100:
        return ""
    return f"{few.rows} rows became {many.rows}: {many.statement[:3000]}"
