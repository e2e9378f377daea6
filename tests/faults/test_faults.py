"""Every scenario keeps the law; `make faults` plays all of them, `make test` the short set."""

import pytest

from tests.faults.conftest import ALL
from tests.faults.scenario import load

PLAYED = [
    pytest.param(one, id=f"{one.group}: {one.name}", marks=pytest.mark.timeout(one.seconds))
    for one in load().values()
    if ALL or one.short
]


@pytest.mark.usefixtures("django_db_setup")  # what each one's database is copied from
@pytest.mark.parametrize("scenario", PLAYED)
def test_nothing_is_lost_and_nothing_comes_twice(scenario, results, tmp_path):
    results.tell(scenario.name, "did not take place")
    try:
        account = scenario.run(tmp_path)
    except pytest.skip.Exception as why:
        results.tell(scenario.name, f"not played: {why}")
        raise
    results.tell(scenario.name, account)
    assert account.breaches() == []
