"""Pain at or above the practice's limit: everything waits until a clinician looked."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic import links
from clinic.models import Attention, AuditEntry, Reminder
from treatments.models import HomeDay, Programme
from treatments.queries import adherence, local_today, portal_day
from treatments.queries.why_not import HELD, why_not
from treatments.services import holds, home_logs
from treatments.services.home_stretch import HomeStretch

pytestmark = pytest.mark.usefixtures("at_noon")


def said(client, on=None, **pain):
    day, _ = HomeDay.objects.update_or_create(
        practice=client.practice, client=client, local_date=on or local_today(client), defaults=pain
    )
    return HomeDay.objects.select_related("client__practice").get(pk=day.pk)


def hurts(client, number=8):
    return holds.after_pain(day=said(client, pain_after=number), by=client, said=number)


@pytest.mark.parametrize(("number", "held"), [(6, False), (7, True), (10, True)])
def test_pain_from_the_practices_limit_on_holds_the_programme(running, client_person, number, held):
    hurts(client_person, number)
    assert bool(Programme.objects.get(pk=running.pk).held_at) is held
    assert Attention.objects.filter(kind="programme_held").exists() is held
    assert AuditEntry.objects.filter(verb="programme.held", actor_client=client_person).exists() is held


def test_a_practice_without_a_limit_never_holds(running, client_person, practice):
    practice.pain_pause_from = None
    practice.save()
    assert hurts(client_person, 10) is None


def test_while_it_is_held_no_mail_leaves_and_the_page_says_what_happens(running, client_person, client):
    hurts(client_person)
    row = Reminder(
        practice=running.practice, client=client_person, kind="home_stretch", subject=running.pk,
        local_date=local_today(client_person),
    )  # fmt: skip
    assert HomeStretch().unwanted([row]) == {row.pk: HELD}
    assert why_not(client_person, local_today(client_person)) == HELD
    assert portal_day(client_person, local_today(client_person)).state == "held"
    page = client.get(reverse("treatments:portal", args=[links.sign("portal", client_person.pk)]))
    assert b"Your programme is paused" in page.content
    assert b"112" in page.content


def test_a_wrong_number_is_put_right_on_the_same_day(running, client_person):
    hurts(client_person, 9)
    holds.after_pain(day=said(client_person, pain_after=1), by=client_person, said=1)
    running.refresh_from_db()
    assert running.held_at is None
    assert not Attention.objects.filter(kind="programme_held").exists()
    assert AuditEntry.objects.filter(verb="programme.hold_taken_back").exists()


def test_the_next_day_only_a_clinician_lets_it_go_on(running, client_person, time_machine):
    hurts(client_person, 9)
    time_machine.move_to(datetime.datetime(2026, 3, 5, 12, 0, tzinfo=datetime.UTC), tick=False)
    yesterday = local_today(client_person) - datetime.timedelta(days=1)
    holds.after_pain(day=said(client_person, on=yesterday, pain_after=1), by=client_person, said=1)
    holds.after_pain(day=said(client_person, pain_before=1), by=client_person, said=1)
    assert Programme.objects.get(pk=running.pk).held_at


def test_a_named_clinician_lets_it_go_on_and_the_days_between_are_not_planned(
    running, client_person, therapist, time_machine
):
    hurts(client_person, 9)
    time_machine.move_to(datetime.datetime(2026, 3, 6, 12, 0, tzinfo=datetime.UTC), tick=False)
    goes_on = holds.release(programme=running, by=therapist)
    running.refresh_from_db()
    assert (running.state, bool(running.held_at), goes_on.held_at) == ("ended", True, None)
    assert (goes_on.starts_on.day, goes_on.until) == (6, running.until)
    assert [item.exercise for item in goes_on.items.all()] == [item.exercise for item in running.items.all()]
    assert AuditEntry.objects.get(verb="programme.released").actor_user_id == therapist.user_id
    assert adherence(running, local_today(client_person)).planned == 0
    # a number that does not hurt does not bring back what was answered; a new one that hurts does
    holds.after_pain(day=said(client_person, pain_before=9, pain_after=2), by=client_person, said=2)
    assert Programme.objects.get(pk=goes_on.pk).held_at is None
    hurts(client_person, 8)
    assert Programme.objects.get(pk=goes_on.pk).held_at


def test_only_a_clinician_of_the_practice_and_only_once(running, client_person, receptionist, other_therapist, owner):
    hurts(client_person)
    for stranger in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="Only a clinician"):
            holds.release(programme=running, by=stranger)
    holds.release(programme=running, by=owner)
    with pytest.raises(ValidationError, match="does not wait"):
        holds.release(programme=running, by=owner)


def test_from_the_attention_row_in_one_tap(running, client_person, therapist, client):
    hurts(client_person)
    client.force_login(therapist.user)
    page = client.get(reverse("clinic:dashboard")).content.decode()
    assert "Pain 8 of 10 after the exercises on 4 March." in page
    assert f'action="/programmes/{running.pk}/release/"' in page
    client.post(reverse("treatments:release", args=[running.pk]))
    assert Programme.objects.published().get(client=client_person).held_at is None
    assert not Attention.objects.filter(kind="programme_held").exists()


def test_by_the_api(running, client_person, therapist, client):
    hurts(client_person)
    client.force_login(therapist.user)
    answer = client.post(f"/api/v1/programmes/{running.pk}/release/", content_type="application/json")
    assert (answer.status_code, answer.json()["held_at"], answer.json()["state"]) == (200, None, "published")


def test_days_after_the_hold_cannot_be_answered_and_that_of_the_hold_can(running, client_person):
    hurts(client_person)
    running.refresh_from_db()
    holds.refuse_held(running, local_today(client_person))
    with pytest.raises(ValidationError, match="paused"):
        holds.refuse_held(running, local_today(client_person) + datetime.timedelta(days=1))


def test_the_next_day_nothing_is_answered_but_that_it_hurts(running, client_person, time_machine):
    hurts(client_person)
    time_machine.move_to(datetime.datetime(2026, 3, 5, 12, 0, tzinfo=datetime.UTC), tick=False)
    item = running.items.filter(weekdays__contains=[4]).first()
    common = {"item": item, "local_date": local_today(client_person), "by": client_person}
    with pytest.raises(ValidationError, match="paused"):
        home_logs.log(**common, outcome="done")
    home_logs.log(**common, outcome="too_painful")
