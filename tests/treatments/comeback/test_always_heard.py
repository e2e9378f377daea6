"""Who is in pain is heard: while a red flag is open, and from a phone that was long without a network."""

import datetime
import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import links
from clinic.models import Attention, AuditEntry, SafetyAlert
from clinic.models.base import uuid7
from clinic.services import attention, audit, safety
from tests.treatments.conftest import NOON, TODAY, make_running
from treatments.models import HomeDay, HomeLog, Programme
from treatments.services import home_days, programmes
from treatments.services.programmes.renew import renew

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def programme(client_person, at_noon):
    return make_running(client_person, starts_on=TODAY - 9 * DAY, weekdays=(range(1, 8),) * 2)


def lock(person, level="urgent"):
    return safety.raise_alert(
        client=person, level=level, because=["Fever"], source="intake", source_id=uuid7(), by=audit.Machine.COMMAND
    )


def tell(person, **said):
    return home_days.tell(client=person, local_date=TODAY, by=person, **said)


def sync(http, person, *taps):
    address = reverse("treatments:portal_sync", args=[links.sign("portal", person.pk)])
    body = json.dumps({"sent_at": timezone.now().isoformat(), "taps": taps})
    return [result["why"] for result in http.post(address, body, content_type="application/json").json()["results"]]


def tap(at, **said):
    day = at.astimezone(datetime.UTC).date().isoformat()
    return {"key": str(uuid.uuid4()), "local_date": day, "answered_at": at.isoformat(), **said}


def told_to_the_practice(person):
    return list(Attention.objects.filter(client=person, kind="pain_while_locked").values_list("facts", flat=True))


def test_pain_is_taken_while_a_red_flag_is_open_and_nothing_else_changes(programme, client_person, therapist):
    alert = lock(client_person)
    was = list(Programme.objects.values()), list(SafetyAlert.objects.values())
    tell(client_person, before=4)
    assert HomeDay.objects.get().pain_before == 4
    assert (list(Programme.objects.values()), list(SafetyAlert.objects.values())) == was
    assert told_to_the_practice(client_person) == [{"day": TODAY.isoformat(), "before": 4, "after": None}]
    safety.clear(alert=alert, note="Seen by the doctor", by=therapist)
    assert told_to_the_practice(client_person) == []


def test_what_was_said_before_the_red_flag_or_beside_a_question_is_no_news(programme, client_person, time_machine):
    tell(client_person, before=4)
    lock(client_person, "ask")
    time_machine.move_to(NOON + HOUR, tick=False)
    attention.look_at(client_person, "pain_while_locked")
    assert told_to_the_practice(client_person) == []
    lock(client_person)
    attention.look_at(client_person, "pain_while_locked")
    assert told_to_the_practice(client_person) == []


def test_no_pain_is_no_news(programme, client_person):
    lock(client_person)
    tell(client_person, before=0)
    assert told_to_the_practice(client_person) == []
    tell(client_person, after=2)
    assert told_to_the_practice(client_person) == [{"day": TODAY.isoformat(), "before": 0, "after": 2}]
    tell(client_person, after=0)
    assert told_to_the_practice(client_person) == []


def test_the_same_number_said_again_while_locked_is_told_once(programme, client_person, time_machine):
    tell(client_person, before=4)
    time_machine.move_to(NOON + HOUR, tick=False)
    lock(client_person)
    time_machine.move_to(NOON + 2 * HOUR, tick=False)
    for _ in range(3):
        tell(client_person, before=4)
    assert [facts["before"] for facts in told_to_the_practice(client_person)] == [4]
    assert AuditEntry.objects.filter(verb="home_day.told").count() == 2


def test_a_number_sent_twice_by_a_phone_is_not_said_again(programme, client_person, client, time_machine):
    """It was heard before the flag; the answer got lost on its way back to the phone."""
    pain = tap(NOON - HOUR, before="4")
    assert sync(client, client_person, pain) == [""]
    time_machine.move_to(NOON + HOUR, tick=False)
    lock(client_person)
    assert sync(client, client_person, pain) == [""]
    assert told_to_the_practice(client_person) == []


def test_a_flag_that_opens_again_and_is_cleared_brings_and_takes_the_row_at_once(programme, client_person, therapist):
    alert = lock(client_person)
    tell(client_person, before=4)
    safety.clear(alert=alert, note="Seen by the doctor", by=therapist)
    assert told_to_the_practice(client_person) == []
    safety.raise_alert(
        client=client_person, level="urgent", because=["Night pain"], source="intake", source_id=alert.source_id,
        by=audit.Machine.COMMAND,
    )  # fmt: skip
    assert len(told_to_the_practice(client_person)) == 1


def test_pain_at_the_limit_holds_the_programme_whoever_clears_the_flag_first(programme, client_person):
    client_person.practice.pain_pause_from = 7
    client_person.practice.save()
    lock(client_person)
    tell(client_person, before=8)
    programme.refresh_from_db()
    assert programme.held_at == NOON


def test_the_dashboard_says_it_with_the_way_to_the_flag(programme, client_person, therapist, client):
    lock(client_person)
    tell(client_person, before=4)
    tell(client_person, after=6)
    client.force_login(therapist.user)
    page = client.get(reverse("clinic:dashboard")).content.decode()
    assert "Pain 4 of 10 before and 6 of 10 after the exercises on 4 March, while a red flag is open." in page


@pytest.mark.parametrize("flags", [1, 3])
def test_several_flags_are_one_row_by_one_statement(programme, client_person, flags, django_assert_num_queries):
    for _ in range(flags):
        lock(client_person)
    tell(client_person, before=1)
    with django_assert_num_queries(1):
        attention.look_at(client_person, "pain_while_locked")
    assert len(told_to_the_practice(client_person)) == 1


def test_pain_and_too_painful_from_a_phone_are_taken_though_a_flag_came_meanwhile(
    programme, client_person, client, time_machine
):
    item, other = programme.items.all()
    time_machine.move_to(NOON + 2 * DAY, tick=False)
    lock(client_person)
    at = NOON - HOUR
    hurt, pain = tap(at, item=str(item.pk), outcome="too_painful"), tap(at, before="5")
    done = tap(at, item=str(other.pk), outcome="done")
    refused = "Please talk to your practice first; the exercises wait until then."
    assert sorted(sync(client, client_person, hurt, pain, done)) == ["", "", refused]
    assert (HomeLog.objects.get().outcome, HomeDay.objects.get().pain_before) == ("too_painful", 5)
    item.refresh_from_db()
    assert item.stopped_at
    assert Attention.objects.filter(kind="too_painful").exists()
    assert told_to_the_practice(client_person)


def test_too_painful_counts_for_the_version_that_came_before_the_tap(
    programme, client_person, client, intake, therapist, time_machine
):
    """The phone still shows the version that was there when it last had a network."""
    item = programme.items.first()
    version = renew(programme=programme, items=list(programme.items.all()), by=therapist, because="as before")
    time_machine.move_to(NOON + 2 * HOUR, tick=False)
    assert sync(client, client_person, tap(NOON + HOUR, item=str(item.pk), outcome="done")) != [""]
    assert sync(client, client_person, tap(NOON + HOUR, item=str(item.pk), outcome="too_painful")) == [""]
    stopped = version.items.get(exercise=item.exercise, side=item.side)
    assert stopped.stopped_at


def test_too_painful_is_heard_of_what_ended_of_what_is_stopped_and_after_a_week(
    programme, client_person, client, therapist, time_machine
):
    first, second = programme.items.all()
    first.stopped_at = NOON
    first.save()
    programmes.end(programme=programme, because="Moved away", by=therapist)
    time_machine.move_to(NOON + 9 * DAY, tick=False)
    taps = [tap(NOON + HOUR, item=str(item.pk), outcome="too_painful") for item in (first, second)]
    assert sync(client, client_person, *taps) == ["", ""]
    assert Attention.objects.filter(kind="too_painful").count() == 2
    late = tap(NOON + HOUR, item=str(second.pk), outcome="done")
    assert sync(client, client_person, late) == ["This was tapped more than a week ago."]
