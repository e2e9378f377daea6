import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinic.models import AuditEntry
from tests.people import make_client
from tests.treatments.conftest import TODAY
from tests.treatments.portal.conftest import DAY
from treatments.models import HomeDay, Programme
from treatments.services import home_days, programmes
from treatments.services.programmes.renew import renew

pytestmark = pytest.mark.django_db


def tell(person, day=TODAY, **said):
    return home_days.tell(client=person, local_date=day, by=person, **said)


def test_before_and_after_stand_side_by_side_and_the_last_number_counts(client_person, everyday):
    tell(client_person, before=3)
    tell(client_person, after=4)
    tell(client_person, before=2)
    day = HomeDay.objects.get()
    assert (day.pain_before, day.pain_after) == (2, 4)
    assert AuditEntry.objects.filter(verb="home_day.told", actor_client=client_person).count() == 3


def test_the_same_number_again_changes_nothing(client_person, everyday):
    first = tell(client_person, before=0)
    assert tell(client_person, before=0).changed_at == first.changed_at
    assert AuditEntry.objects.filter(verb="home_day.told").count() == 1


@pytest.mark.parametrize("said", [{}, {"before": 11}, {"after": -1}])
def test_what_is_no_number_from_0_to_10_is_refused(client_person, everyday, said):
    with pytest.raises(ValidationError, match="0 to 10"):
        tell(client_person, **said)
    assert not HomeDay.objects.exists()


@pytest.mark.parametrize(("days", "allowed"), [(-2, False), (-1, True), (0, True), (1, False)])
def test_only_today_and_yesterday_can_be_told(client_person, everyday, days, allowed):
    if allowed:
        assert tell(client_person, TODAY + days * DAY, before=1)
        return
    with pytest.raises(ValidationError, match="today and yesterday"):
        tell(client_person, TODAY + days * DAY, before=1)


def test_a_tap_without_a_network_belongs_to_its_day_and_yields_to_a_later_one(client_person, everyday, time_machine):
    tapped = timezone.now()
    time_machine.move_to(tapped + datetime.timedelta(days=3))
    late = TODAY + 3 * DAY
    tell(client_person, TODAY, before=5, answered_at=tapped)
    assert HomeDay.objects.get().pain_before == 5
    tell(client_person, late, before=2)
    tell(client_person, late, before=7, answered_at=timezone.now() - datetime.timedelta(hours=1))
    assert HomeDay.objects.get(local_date=late).pain_before == 2


def test_nobody_tells_for_somebody_else_and_nothing_without_a_programme(client_person, everyday):
    other = make_client(client_person.practice, ref="C0002", given_name="Bo", email="bo@clients.example")
    with pytest.raises(ValidationError, match="somebody else"):
        home_days.tell(client=client_person, local_date=TODAY, by=other, before=1)
    with pytest.raises(ValidationError, match="does not run"):
        tell(other, before=1)


def test_pain_at_the_limit_holds_the_programme_and_a_put_right_number_lets_it_go_on(client_person, everyday):
    client_person.practice.pain_pause_from = 7
    client_person.practice.save()
    tell(client_person, before=6)
    assert Programme.objects.get().held_at is None
    tell(client_person, before=7)
    assert Programme.objects.get().held_at
    tell(client_person, before=2)
    assert Programme.objects.get().held_at is None


def test_pain_of_a_day_of_an_earlier_version_holds_the_one_that_runs_now(
    client_person, everyday, intake, therapist, time_machine
):
    tapped = timezone.now()
    time_machine.move_to(tapped + DAY)
    version = renew(programme=everyday, items=list(everyday.items.all()), by=therapist, because="as before")
    assert version.starts_on == TODAY + DAY
    tell(client_person, before=9, answered_at=tapped)
    assert HomeDay.objects.get().local_date == TODAY
    assert Programme.objects.get(held_at__isnull=False) == version
    everyday.refresh_from_db()
    assert everyday.state == "ended"


def test_what_ended_is_told_of_only_where_it_was_tapped_before(client_person, everyday, therapist, time_machine):
    tapped = timezone.now()
    time_machine.move_to(tapped + datetime.timedelta(hours=1))
    programmes.end(programme=everyday, because="Moved away", by=therapist)
    with pytest.raises(ValidationError, match="does not run"):
        tell(client_person, before=9)
    tell(client_person, before=9, answered_at=tapped)
    assert HomeDay.objects.get().pain_before == 9
    assert not Programme.objects.exclude(held_at=None).exists()
