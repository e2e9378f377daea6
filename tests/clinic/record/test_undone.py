"""What is cheap to take back is done at once, and the button that is offered takes it back."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEntry, Client, Reminder
from clinic.services import clients
from tests.people import make_client

TODAY = datetime.date.today


def press_undo(client, html):
    """Sends the form of the message, as a browser would."""
    form = re.search(r'<form method="post" action="([^"]+)" data-undo>(.*?)</form>', html, re.DOTALL)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.group(2))
    sent = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    return client.post(form.group(1), sent, follow=True)


def state(person):
    known = Client.objects.get(pk=person.pk)
    return (
        known.archived_at is not None, known.reminders_stopped_at is not None, known.reminders_paused_until,
        known.email_refused_at is not None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("page", "before"),
    [
        ("archive_client", {}),
        ("restore_client", {"archived_at": timezone.now()}),
        ("refuse_mail", {}),
        ("allow_mail", {"email_refused_at": timezone.now()}),
        ("stop_reminders", {}),
        ("stop_reminders", {"reminders_paused_until": TODAY() + datetime.timedelta(days=20)}),
        ("pause_reminders", {}),
        ("start_reminders", {"reminders_stopped_at": timezone.now()}),
        ("start_reminders", {"reminders_paused_until": TODAY() + datetime.timedelta(days=20)}),
    ],
)
def test_what_is_done_is_taken_back(client, receptionist, practice, page, before):
    person = make_client(practice, **before)
    was = state(person)
    client.force_login(receptionist.user)
    html = client.post(reverse(f"clinic:{page}", args=[person.pk]), follow=True).text
    assert state(person) != was
    press_undo(client, html)
    assert state(person) == was


def test_each_write_is_one_audit_row(client, receptionist, client_person):
    client.force_login(receptionist.user)
    for _ in range(2):
        clients.restore(client=client_person, by=receptionist)
    client.post(reverse("clinic:archive_client", args=[client_person.pk]))
    client.post(reverse("clinic:restore_client", args=[client_person.pk]))
    verbs = AuditEntry.objects.order_by("created_at").values_list("verb", flat=True)
    assert list(verbs) == ["client.archived", "client.restored"]


def test_nobody_comes_back_beside_their_double(client, receptionist, client_person):
    client.force_login(receptionist.user)
    client.post(reverse("clinic:archive_client", args=[client_person.pk]))
    make_client(client_person.practice, ref="C2")
    html = client.post(reverse("clinic:restore_client", args=[client_person.pk]), follow=True).text
    assert "already has a client of this name and date of birth" in html
    assert Client.objects.get(pk=client_person.pk).archived_at


@pytest.mark.parametrize("until", ["tomorrow", "2020-01-01", "2999-01-01"])
def test_a_pause_needs_a_day_ahead(client, receptionist, client_person, until):
    client.force_login(receptionist.user)
    url = reverse("clinic:pause_reminders", args=[client_person.pk])
    assert "toast-error" in client.post(url, {"until": until}, follow=True).text
    assert Client.objects.get().reminders_paused_until is None


def failed_mail(person, number=0):
    now = timezone.now()
    return Reminder.objects.create(
        practice=person.practice, client=person, kind="intake_link", subject=person.pk, slot=number,
        local_date=now.date(), due_at=now, not_before=now, state="failed", reason="Refused.",
    )  # fmt: skip


def test_seen_mails_need_a_person_again(client, receptionist, client_person):
    one, two, seen_before = (failed_mail(client_person, number) for number in range(3))
    Reminder.objects.filter(pk=seen_before.pk).update(seen_at=timezone.now())
    client.force_login(receptionist.user)
    html = client.post(reverse("clinic:reminder_seen", args=[one.pk]), follow=True).text
    press_undo(client, html)
    assert Reminder.objects.filter(seen_at=None).count() == 2
    given = {"mail": [one.pk, two.pk, seen_before.pk]}
    html = client.post(reverse("clinic:reminders_seen"), given, follow=True).text
    assert Reminder.objects.filter(seen_at=None).count() == 0
    assert "Needs a person again: 2 mails." in press_undo(client, html).text
    assert set(Reminder.objects.filter(seen_at=None)) == {one, two}


def test_mails_elsewhere_cannot_be_marked(client, receptionist, other_client):
    theirs = failed_mail(other_client)
    Reminder.objects.update(seen_at=timezone.now())
    client.force_login(receptionist.user)
    client.post(reverse("clinic:reminders_unseen"), {"mail": [theirs.pk]})
    assert Reminder.objects.get().seen_at
