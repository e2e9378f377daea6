"""One row out of two: nothing is left behind, nothing is lost, and nobody of elsewhere can do it."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic import links, merging
from clinic.models import (
    ArchivedReminder,
    Attention,
    AuditEntry,
    Client,
    DeliveryEvent,
    Membership,
    Message,
    Reminder,
    Role,
    SafetyAlert,
)
from clinic.queries import duplicates
from clinic.services import audit, clients, merge
from intake.models import ConditionAnswer, IntakeResponse, Rescreen
from tests.architecture.world import everything_about
from tests.people import make_client, make_member
from treatments.models import HomeDay, HomeLog, Programme, SessionNote

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOW = timezone.now()


def person_with_everything(practice, ref, name) -> Client:
    person = make_client(practice, ref=ref, given_name=name)
    therapist = make_member(practice, Role.THERAPIST, f"T{ref}")
    everything_about(person, therapist)
    own = {"practice": practice, "client": person}
    ConditionAnswer.objects.create(**own, condition="osteoporosis", answer="no", answered_by=therapist)
    Rescreen.objects.create(**own, answers={}, nothing_new=True)
    HomeDay.objects.create(**own, local_date=TODAY, pain_before=3)
    due = {"kind": "visit", "subject": person.pk, "local_date": TODAY, "due_at": NOW, "not_before": NOW}
    ArchivedReminder.objects.create(**own, **due, state="sent")
    Reminder.objects.create(**own, **due | {"kind": "other"}, state="sent", counted=True)
    DeliveryEvent.objects.create(
        **own, reminder=person.pk, what="delivered", source="x", event_id=ref, happened_at=NOW
    )  # fmt: skip
    audit.record("client.changed", on=person, by=person)
    make_client(practice, ref=f"{ref}-old", given_name=f"{name}x", archived_at=NOW, merged_into=person)
    return person


@pytest.fixture
def both(practice):
    return person_with_everything(practice, "C1", "Ada"), person_with_everything(practice, "C2", "Adda")


def rows_of(client):
    return {
        f"{model._meta.label}.{name}": model._base_manager.filter(**{name: client}).count()
        for model, name in merge.references()
    }


def test_every_model_that_refers_to_a_client_says_what_becomes_of_it():
    assert {model._meta.label for model, _name in merge.references()} == {part.key for part in merging.parts}


def test_nothing_is_left_behind(both, owner):
    goes_on, ends = both
    before = {client.pk: rows_of(client) for client in both}
    empty = [name for name, count in before[ends.pk].items() if not count]
    assert empty == []  # a model of which this test has no row proves nothing
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    left = rows_of(ends)
    assert {name: count for name, count in left.items() if count} == {"clinic.AuditEntry.client": 1}
    assert AuditEntry.objects.get(client=ends).verb == "client.merged_into"
    after = rows_of(goes_on)
    joined = {"treatments.HomeDay.client": 1, "clinic.Client.merged_into": 3}
    for name, count in before[goes_on.pk].items():
        if name not in ("clinic.Attention.client", "clinic.AuditEntry.client"):
            assert after[name] == joined.get(name, count + before[ends.pk][name]), name
    assert after["clinic.AuditEntry.client"] > before[goes_on.pk]["clinic.AuditEntry.client"]


def test_an_unregistered_model_stops_it(both, owner, monkeypatch):
    monkeypatch.delitem(merging.parts._entries, "treatments.HomeLog")
    with pytest.raises(ValidationError, match=r"treatments\.HomeLog"):
        merge.merge(goes_on=both[0], ends=both[1], by=owner)


def test_what_is_signed_moves_unchanged_and_stays_locked(both, owner):
    goes_on, ends = both
    models = (SessionNote, IntakeResponse)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    for model, rows in zip(models, before, strict=True):
        assert list(model.objects.order_by("pk").values()) == [row | {"client_id": goes_on.pk} for row in rows]
    note = SessionNote.objects.filter(state="signed").first()
    with pytest.raises(ProgrammingError, match="is signed"), transaction.atomic():
        SessionNote.objects.filter(pk=note.pk).update(client=ends)


def test_of_two_programmes_the_older_ends(both, owner):
    goes_on, ends = both
    Programme.objects.filter(client=ends, state="published").update(published_at=NOW + datetime.timedelta(hours=1))
    newer = Programme.objects.get(client=ends, state="published")
    told = duplicates.plan(goes_on, ends).told
    assert any("the one of C1" in line and "ends" in line for line in told)
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    assert Programme.objects.get(client=goes_on, state="published") == newer
    assert HomeLog.objects.filter(client=goes_on).count() == 2


def test_a_day_that_both_told_of_is_one_with_what_was_said_later(practice, owner):
    goes_on, ends = make_client(practice), make_client(practice, ref="C2", given_name="Bo")
    HomeDay.objects.create(practice=practice, client=goes_on, local_date=TODAY, pain_before=2, pain_after=5)
    HomeDay.objects.create(practice=practice, client=ends, local_date=TODAY, pain_before=7)
    assert any("On 1 day both said" in line for line in duplicates.plan(goes_on, ends).told)
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    day = HomeDay.objects.get()
    assert (day.client, day.pain_before, day.pain_after) == (goes_on, 7, 5)


def test_messages_with_one_key_both_stay(practice, owner):
    goes_on, ends = make_client(practice), make_client(practice, ref="C2", given_name="Bo")
    key = uuid.uuid4()
    for person in (goes_on, ends):
        Message.objects.create(practice=practice, client=person, text=person.ref, sent_key=key)
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    assert Message.objects.filter(client=goes_on).count() == 2


def test_mails_that_were_planned_do_not_leave_and_one_that_leaves_waits(both, owner):
    goes_on, ends = both
    row = Reminder.objects.filter(client=ends, kind="other")
    row.update(state="claimed")
    with pytest.raises(ValidationError, match="just leaving"):
        merge.merge(goes_on=goes_on, ends=ends, by=owner)
    row.update(state="planned", counted=False)
    assert any("do not leave" in line for line in duplicates.plan(goes_on, ends).told)
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    assert Reminder.objects.get(pk=row.model.objects.get(kind="other", subject=ends.pk).pk).state == "skipped"


def test_details_are_chosen_and_the_more_careful_wish_counts(practice, owner):
    goes_on = make_client(practice, email="old@x.example", email_bounced_at=NOW)
    stopped = {"reminders_stopped_at": NOW, "email_refused_at": NOW}
    ends = make_client(practice, ref="C2", given_name="Adah", email="new@x.example", sex="male", **stopped)
    merge.merge(goes_on=goes_on, ends=ends, take=["given_name", "email"], by=owner)
    goes_on.refresh_from_db()
    ends.refresh_from_db()
    assert (goes_on.given_name, goes_on.email, goes_on.sex, goes_on.ref) == ("Adah", "new@x.example", "female", "C0001")
    assert goes_on.email_bounced_at is None
    assert goes_on.reminders_stopped_at
    assert goes_on.email_refused_at
    assert ends.archived_at
    assert ends.merged_into == goes_on
    assert "adah" in goes_on.search


def test_the_mail_says_no_more_than_either_wished_and_comes_as_the_one_who_goes_on_chose(practice, owner):
    day, later = TODAY, NOW + datetime.timedelta(hours=2)
    goes_on = make_client(practice, mail_detail="pictures", reminder_days=[])
    chosen = {"reminder_days": [1], "reminders_skipped_on": day, "snoozed_until": later}
    ends = make_client(practice, ref="C2", given_name="Bo", mail_detail="exercises", **chosen)
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    goes_on.refresh_from_db()
    assert goes_on.mail_detail == "exercises"
    assert (goes_on.reminder_days, goes_on.reminders_skipped_on, goes_on.snoozed_until) == ([], day, later)


def test_two_rows_of_the_audit_say_what_was_done(both, owner):
    goes_on, ends = both
    merge.merge(goes_on=goes_on, ends=ends, take=["email"], by=owner)
    facts = AuditEntry.objects.get(verb="client.merged").facts
    assert (facts["other"], facts["ref"], facts["fields"]) == (str(ends.pk), "C2", ["email"])
    assert facts["moved"]["clinic.Visit"] == 1
    assert AuditEntry.objects.get(verb="client.merged_into").facts["other"] == str(goes_on.pk)


def test_an_open_red_flag_comes_along_and_is_said(both, owner):
    goes_on, ends = both
    SafetyAlert.objects.filter(client=ends).update(level="urgent")
    assert any("locks the programme" in line for line in duplicates.plan(goes_on, ends).told)
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    assert SafetyAlert.objects.filter(client=goes_on).locking().exists()


@pytest.mark.parametrize("who", ["receptionist", "other_therapist"])
def test_only_a_clinician_of_the_practice(practice, who, request):
    by: Membership = request.getfixturevalue(who)
    goes_on, ends = make_client(practice), make_client(practice, ref="C2", given_name="Bo")
    with pytest.raises(ValidationError, match="Only a clinician"):
        merge.merge(goes_on=goes_on, ends=ends, by=by)


def test_not_across_practices_nor_with_itself_nor_twice(practice, other_client, owner):
    goes_on, ends = make_client(practice), make_client(practice, ref="C2", given_name="Bo")
    for one, other in ((goes_on, other_client), (goes_on, goes_on)):
        with pytest.raises(ValidationError):
            merge.merge(goes_on=one, ends=other, by=owner)
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    with pytest.raises(ValidationError, match="merged already"):
        merge.merge(goes_on=goes_on, ends=ends, by=owner)


def test_nothing_has_happened_when_it_fails_at_the_end(both, owner):
    goes_on, ends = both
    Client.objects.filter(pk=ends.pk).update(email="no address")
    before = rows_of(ends)
    with pytest.raises(ValidationError), transaction.atomic():
        merge.merge(goes_on=goes_on, ends=ends, take=["email"], by=owner)
    assert rows_of(ends) == before


def test_old_links_lead_to_the_one_who_goes_on(client, practice, owner):
    goes_on, ends = make_client(practice), make_client(practice, ref="C2", given_name="Bo")
    portal = reverse("treatments:portal", args=[links.sign("portal", ends.pk)])
    stop = reverse("clinic:unsubscribe", args=[links.sign("unsubscribe", ends.pk)])
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    assert client.get(portal).status_code == 200
    client.post(stop, {"List-Unsubscribe": "One-Click"})
    goes_on.refresh_from_db()
    assert goes_on.reminders_stopped_at


def test_a_merged_row_does_not_come_back(practice, owner):
    goes_on, ends = make_client(practice), make_client(practice, ref="C2", given_name="Bo")
    merge.merge(goes_on=goes_on, ends=ends, by=owner)
    ends.refresh_from_db()
    with pytest.raises(ValidationError, match="merged"):
        clients.restore(client=ends, by=owner)


def test_what_needs_somebody_is_worked_out_anew(both, owner):
    merge.merge(goes_on=both[0], ends=both[1], by=owner)
    assert not Attention.objects.filter(client=both[1]).exists()
