"""The short form of `make bench-pages`: what a page shows decides about its cost, not what lies about.

The long form holds dashboard and record to 1.5; here the other half of the suite runs beside it.
"""

import pytest

from tests.benchmarks.pages.measure import compare
from tests.benchmarks.pages.seed import seed
from tests.benchmarks.untraced import untraced

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"few": 150, "many": 1_500}
PAGES = ("dashboard", "needs attention", "clients by name", "clients by next visit", "client record")
BOUND = 3


def test_pages_cost_the_same_among_ten_times_the_clients(figures):
    with untraced():
        people = {name: seed(f"bench-{name}", clients)[1] for name, clients in SIZES.items()}
        found = compare(people, rounds=5, only=PAGES)
    for page, ms in found.items():
        figures(
            f"{page}: {ms['few']:.0f} ms among {SIZES['few']:,} clients, {ms['many']:.0f} ms among {SIZES['many']:,}"
        )
    assert {page: ms for page, ms in found.items() if ms["many"] > BOUND * ms["few"]} == {}
