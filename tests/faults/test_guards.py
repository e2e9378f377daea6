"""Every guard is needed: without it, its scenario breaks the law. (`make faults`; two of them with `make test`.)"""

import pytest

from tests.faults.conftest import ALL
from tests.faults.guards import GUARDS
from tests.faults.scenario import load

SHORT = {"sweep-rule", "unanswered"}
TRIED = [pytest.param(one, id=key) for key, one in GUARDS.items() if ALL or key in SHORT]
PATIENCE = 12  # seconds; what has no end by then would have none for ten minutes


@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("guard", TRIED)
def test_a_guard_that_is_taken_away_is_missed(guard, results, tmp_path):
    results.tell_guard(guard.key, False, "did not take place")
    account = load()[guard.breaks].run(tmp_path, without=guard.key, patience=PATIENCE)
    assert any(f"guard removed: {guard.key}" in log.read_text() for log in tmp_path.glob("process-*.log"))
    breaches = account.breaches()
    results.tell_guard(guard.key, bool(breaches), "; ".join(breaches) or "nothing happens")
    assert breaches
