"""Too painful: it stops at once, the client reads what happens now, and a clinician decides in one tap."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic import links
from clinic.models import Attention, AuditEntry
from tests.treatments.comeback.conftest import a_question
from tests.treatments.conftest import TODAY
from treatments.models import HomeLog, Programme, ProgrammeItem
from treatments.queries import adherence, local_today, portal_day
from treatments.queries.weekly import by_week
from treatments.services import home_logs, programmes, too_painful
from treatments.services.programmes.renew import renew

pytestmark = pytest.mark.usefixtures("at_noon")
DAY = datetime.timedelta(days=1)


@pytest.fixture
def hurts(running, client_person, time_machine):
    """The answer to an exercise of today that has an easier neighbour."""
    item = next(item for item in running.items.all() if item.about.easier and 3 in item.weekdays)
    time_machine.move_to(datetime.datetime(2026, 3, 4, 13, tzinfo=datetime.UTC), tick=False)
    return home_logs.log(item=item, local_date=TODAY, outcome="too_painful", by=client_person, word="stabbing")


def test_it_stops_at_once_and_the_client_reads_what_happens_now(hurts, client, client_person):
    hurts.item.refresh_from_db()
    assert hurts.item.stopped_at
    token = links.sign("portal", client_person.pk)
    page = client.get(reverse("treatments:portal_item", args=[token, hurts.item_id])).content.decode()
    assert "This exercise is stopped." in page
    assert "112" in page


def test_the_row_says_it_and_offers_all_three_in_one_tap(hurts, therapist, client):
    client.force_login(therapist.user)
    page = client.get(reverse("clinic:dashboard")).content.decode()
    assert "“stabbing”. It is stopped." in page
    assert [page.count(f">{label}<") for label in ("Leave it out", "Easier one", "Go on with it")] == [1, 1, 1]
    client.post(reverse("treatments:decide_painful", args=[hurts.pk]), {"what": "easier"})
    assert not Attention.objects.filter(kind="too_painful").exists()
    now = Programme.objects.published().get()
    assert hurts.item.about.easier in [item.exercise for item in now.items.all()]


def test_going_on_is_another_version_with_everything_else_as_it_was(hurts, running, therapist, time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 9, 12, tzinfo=datetime.UTC), tick=False)
    version = too_painful.restart(answer=hurts, by=therapist)
    assert version.starts_on == TODAY + 5 * DAY
    assert [(item.exercise, item.side, item.weekdays) for item in version.items.all()] == [
        (item.exercise, item.side, item.weekdays) for item in running.items.all()
    ]
    assert not version.items.exclude(stopped_at=None).exists()
    running.refresh_from_db()
    assert running.ended_because.endswith(f"{hurts.item.about.name} goes on")
    assert HomeLog.objects.get(pk=hurts.pk).seen_at
    assert AuditEntry.objects.filter(verb="home_log.seen", actor_user_id=therapist.user_id).exists()
    # the days on which it was stopped were not planned, and are not now
    assert adherence(running, TODAY + 9 * DAY).too_painful == 1
    days = [day for day in (TODAY, TODAY + DAY, TODAY + 2 * DAY) if day.isoweekday() in hurts.item.weekdays]
    alone = ProgrammeItem.objects.filter(programme=running).exclude(pk=hurts.item_id)
    others = sum(day.isoweekday() in item.weekdays for item in alone for day in [TODAY + n * DAY for n in range(5)])
    assert len(days) > 1
    assert adherence(running, TODAY + 9 * DAY).planned == others + 1


def test_the_easier_one_comes_at_its_own_dose_for_the_same_findings_and_side(hurts, therapist):
    version = too_painful.make_easier(answer=hurts, by=therapist)
    easier = version.items.get(exercise=hurts.item.about.easier)
    assert (easier.for_findings, easier.place) == (hurts.item.for_findings, hurts.item.place)
    assert easier.side == (hurts.item.side if easier.about.sided else "")
    assert easier.because.startswith(f"{easier.about.name} instead of {hurts.item.about.name}, which was too painful.")
    assert not version.items.filter(exercise=hurts.item.exercise).exists()


def test_a_draft_in_the_making_is_left_alone(hurts, assessment, client_person, therapist):
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    too_painful.restart(answer=hurts, by=therapist)
    assert Programme.objects.get(pk=draft.pk).state == "draft"


def test_what_was_done_today_counts_once_and_is_not_asked_for_again(
    hurts, running, client_person, therapist, time_machine
):
    done = next(item for item in running.items.all() if 3 in item.weekdays and item.pk != hurts.item_id)
    home_logs.log(item=done, local_date=TODAY, outcome="done", by=client_person)
    too_painful.restart(answer=hurts, by=therapist)
    day = portal_day(client_person, local_today(client_person))
    assert {task.item.exercise: task.outcome for task in day.tasks}[done.exercise] == "done"
    assert {task.item.exercise: task.outcome for task in day.tasks}[hurts.item.exercise] == ""
    time_machine.move_to(datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC), tick=False)
    (week,) = by_week([client_person], datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC), weeks=1)[
        client_person.pk
    ]
    assert (week.planned, week.done) == (len(day.tasks), 1)


def test_an_open_safety_question_stands_in_the_way_and_nothing_is_written(hurts, client_person, therapist):
    a_question(client_person)
    before = Programme.objects.count()
    with pytest.raises(ValidationError):
        too_painful.restart(answer=hurts, by=therapist)
    assert Programme.objects.count() == before
    assert HomeLog.objects.get(pk=hurts.pk).seen_at is None


def test_reception_and_another_practice_decide_nothing(hurts, receptionist, other_therapist):
    for stranger in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="Only a clinician"):
            too_painful.restart(answer=hurts, by=stranger)
    assert Programme.objects.count() == 1


def test_without_a_running_programme_nothing_goes_on(hurts, running, therapist):
    programmes.end(programme=running, because="Moved away", by=therapist)
    with pytest.raises(ValidationError, match="No programme is running"):
        too_painful.restart(answer=hurts, by=therapist)


def test_said_offline_before_another_version_it_stops_in_that_version_too(
    running, client_person, therapist, time_machine
):
    item = running.items.filter(weekdays__contains=[3]).first()
    time_machine.move_to(datetime.datetime(2026, 3, 4, 13, tzinfo=datetime.UTC), tick=False)
    version = renew(programme=running, items=list(running.items.all()), by=therapist, because="as before")
    time_machine.move_to(datetime.datetime(2026, 3, 4, 14, tzinfo=datetime.UTC), tick=False)
    tapped = datetime.datetime(2026, 3, 4, 12, 30, tzinfo=datetime.UTC)
    home_logs.log(item=item, local_date=TODAY, outcome="too_painful", by=client_person, answered_at=tapped)
    stopped = version.items.exclude(stopped_at=None)
    assert [(one.exercise, one.side) for one in stopped] == [(item.exercise, item.side)]


def test_while_everything_waits_nothing_goes_on_and_nothing_easier_comes(hurts, running, therapist):
    Programme.objects.update(held_at=running.published_at)
    for decide in (too_painful.restart, too_painful.make_easier):
        with pytest.raises(ValidationError, match="Let the programme go on first"):
            decide(answer=hurts, by=therapist)
    assert Programme.objects.get().held_at
    assert HomeLog.objects.get(pk=hurts.pk).seen_at is None


def test_another_day_taken_back_restarts_nothing_that_a_therapist_left_out(hurts, running, client_person, therapist):
    home_logs.mark_seen(answer=hurts, by=therapist)
    ProgrammeItem.objects.filter(pk=hurts.item_id).update(weekdays=[*range(1, 8)])
    Programme.objects.update(starts_on=TODAY - DAY)
    for outcome in ("too_painful", "done"):
        home_logs.log(item=hurts.item, local_date=TODAY - DAY, outcome=outcome, by=client_person)
    hurts.item.refresh_from_db()
    assert hurts.item.stopped_at


def test_what_somebody_else_stopped_stays_stopped_for_their_reason(running, client_person):
    item = running.items.filter(weekdays__contains=[3]).first()
    item.stopped_at, item.stopped_because = running.published_at, "after the operation"
    item.save()
    for outcome in ("too_painful", "done"):
        home_logs.log(item=item, local_date=TODAY, outcome=outcome, by=client_person)
    item.refresh_from_db()
    assert (item.stopped_at, item.stopped_because) == (running.published_at, "after the operation")


def test_a_wrong_tap_does_not_restart_what_was_said_of_the_version_before(
    running, client_person, therapist, time_machine
):
    item = running.items.filter(weekdays__contains=[3]).first()
    time_machine.move_to(datetime.datetime(2026, 3, 4, 13, tzinfo=datetime.UTC), tick=False)
    version = renew(programme=running, items=list(running.items.all()), by=therapist, because="as before")
    time_machine.move_to(datetime.datetime(2026, 3, 4, 14, tzinfo=datetime.UTC), tick=False)
    home_logs.log(item=item, local_date=TODAY, outcome="too_painful", by=client_person)
    now = version.items.get(exercise=item.exercise, side=item.side)
    for outcome in ("too_painful", "done"):
        home_logs.log(item=now, local_date=TODAY, outcome=outcome, by=client_person)
    now.refresh_from_db()
    assert now.stopped_at
