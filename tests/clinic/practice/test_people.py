"""Coming, changing, handing over and leaving; the practice never loses its last owner."""

import contextlib
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from clinic.models import AuditEntry, Client, Membership, Role, Visit
from clinic.services import edits, people
from tests.clinic.practice.test_details import fields_of, lines
from tests.people import make_client, make_member, make_user

PEOPLE = reverse("clinic:people")
NEW = {"email": "Vera@new.example", "display_name": "Vera", "role": "therapist", "supervisor": ""}


def change(member, by, **details):
    seen = edits.texts(member, tuple(details))
    return people.change(member=member, seen=seen, by=by, **details)


def test_somebody_new_gets_a_link_and_chooses_their_own_password(as_owner, practice, mail_server, client, settings):
    settings.PUBLIC_URL = "http://testserver"
    assert as_owner.post(PEOPLE, NEW).status_code == 302
    member = Membership.objects.get(display_name="Vera")
    assert (member.practice, member.role) == (practice, "therapist")
    assert not member.user.has_usable_password()
    (mail,) = mail_server.to("vera@new.example")
    text = mail.get_content()
    assert mail["Subject"] == "You can log in at Riverside Bodywork"
    as_owner.logout()
    link = re.search(r"http://testserver(\S+)", text).group(1)
    form = client.get(link, follow=True)
    words = {"password1": "four quiet river bends", "password2": "four quiet river bends"}
    client.post(form.request["PATH_INFO"], words)
    member.user.refresh_from_db()
    assert member.user.check_password("four quiet river bends")


def test_somebody_with_a_log_in_gets_no_new_password(as_owner, practice, mail_server):
    user = make_user("vera@new.example")
    as_owner.post(PEOPLE, NEW)
    assert Membership.objects.get(display_name="Vera").user == user
    user.refresh_from_db()
    assert user.check_password("a long enough password")
    assert "the password that you have" in mail_server.to("vera@new.example")[0].get_content()
    assert get_user_model().objects.filter(email__iexact="vera@new.example").count() == 1


def test_without_a_mail_server_they_work_here_and_the_page_says_so(as_owner, practice, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    text = as_owner.post(PEOPLE, NEW, follow=True).content.decode()
    assert "Vera works here now. The mail to Vera did not leave." in text


def test_who_works_or_worked_here_is_not_added_twice(as_owner, therapist, mail_server):
    again = {**NEW, "email": therapist.user.email.upper()}
    assert lines(as_owner.post(PEOPLE, again)) == ["Tomas works here already."]
    Membership.objects.filter(pk=therapist.pk).update(is_active=False)
    assert lines(as_owner.post(PEOPLE, again)) == ["Tomas worked here: let them back in below."]
    assert mail_server.messages == []


def test_the_last_owner_stays_one(owner, therapist):
    with pytest.raises(ValidationError, match="Olga is the only owner"):
        change(owner, owner, role="therapist")
    with pytest.raises(ValidationError, match="Olga is the only owner"):
        people.leave(member=owner, by=owner)
    change(therapist, owner, role="owner")
    people.leave(member=owner, by=therapist)
    with pytest.raises(ValidationError, match="Tomas is the only owner"):
        people.leave(member=therapist, by=therapist)


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_once_one_stays(owner, practice, monkeypatch):
    other = make_member(practice, Role.OWNER, "Oda")
    both_have_looked = threading.Barrier(2, timeout=2)
    look = people._require_another_owner

    def look_and_wait(*args):
        look(*args)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_looked.wait()

    monkeypatch.setattr(people, "_require_another_owner", look_and_wait)

    def leave(member):
        try:
            people.leave(member=member, by=member)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, [owner, other])) == [False, True]
    assert Membership.objects.filter(role=Role.OWNER, is_active=True).count() == 1


def test_trainees_have_somebody_who_signs_with_them(owner, therapist, colleague, receptionist, other_therapist):
    change(colleague, owner, supervisor=therapist)
    assert Membership.objects.get(pk=colleague.pk).supervisor == therapist
    for member, supervisor, line in (
        (owner, colleague, "Nadia is a trainee: choose who signs for both."),
        (owner, receptionist, "Choose somebody who works here and sees clients."),
        (owner, other_therapist, "Choose somebody who works here and sees clients."),
        (receptionist, owner, "Only who sees clients is somebody’s trainee."),
        (owner, owner, "Nobody is their own trainee."),
        (therapist, owner, "Tomas signs for trainees: give them somebody else first."),
    ):
        with pytest.raises(ValidationError) as refused:
            change(member, owner, supervisor=supervisor)
        assert refused.value.message_dict == {"supervisor": [line]}


def test_a_second_owner_is_told_what_was_changed_meanwhile(as_owner, therapist):
    url = reverse("clinic:member", args=[therapist.pk])
    mine = fields_of(as_owner.get(url))
    as_owner.post(url, {**mine, "display_name": "Tom"})
    answer = as_owner.post(url, {**mine, "display_name": "Thomas"})
    assert answer.status_code == 422
    assert "it is now “Tom”" in lines(answer)[0]
    therapist.refresh_from_db()
    assert therapist.display_name == "Tom"


def test_who_has_clients_cannot_stop_seeing_clients(owner, therapist, book):
    book(therapist, 24)
    with pytest.raises(ValidationError, match="Tomas has 1 client and 1 visit ahead: hand them over first"):
        change(therapist, owner, role="receptionist")


def test_leaving_shows_and_hands_over_in_one_step(as_owner, therapist, colleague, practice, book):
    free, taken, past = book(therapist, 24), book(therapist, 48), book(therapist, -48)
    book(colleague, 48)
    trainee = make_member(practice, Role.THERAPIST, "Tara")
    Membership.objects.filter(pk=trainee.pk).update(supervisor=therapist)
    url = reverse("clinic:leave", args=[therapist.pk])
    shown = as_owner.get(url).content.decode()
    assert str(free.client) in shown
    assert "Tara" in shown
    text = as_owner.post(url, {"to": colleague.pk}, follow=True).content.decode()
    assert "Nadia has 3 clients and 1 visit of Tomas now." in text
    assert "1 visit stays with Tomas: Nadia has somebody else then." in text
    kept = {visit.pk: visit.therapist for visit in Visit.objects.all()}
    assert (kept[free.pk], kept[taken.pk], kept[past.pk]) == (colleague, therapist, therapist)
    assert not Client.objects.filter(therapist=therapist).exists()
    assert AuditEntry.objects.filter(verb="client.handed_over").count() == 3
    trainee.refresh_from_db()
    therapist.refresh_from_db()
    assert (trainee.supervisor, therapist.is_active) == (colleague, False)


def test_leaving_without_anybody_keeps_names_and_can_be_undone(as_owner, therapist, book, client):
    visit = book(therapist, 24)
    as_owner.post(reverse("clinic:leave", args=[therapist.pk]), {"to": ""})
    assert Visit.objects.get(pk=visit.pk).therapist == therapist
    assert not Client.objects.visible_to(therapist.user).exists()
    as_owner.post(reverse("clinic:come_back", args=[therapist.pk]))
    assert Client.objects.visible_to(therapist.user).exists()


def test_only_handing_over_needs_somebody(as_owner, therapist, receptionist, book):
    book(therapist, 24)
    url = reverse("clinic:leave", args=[therapist.pk])
    assert lines(as_owner.post(url, {"to": "", "only": "1"})) == ["Choose who takes over."]
    assert "Select a valid choice" in lines(as_owner.post(url, {"to": receptionist.pk, "only": "1"}))[0]
    therapist.refresh_from_db()
    assert therapist.is_active


def test_nobody_is_handed_over_to_another_practice(owner, therapist, other_therapist, receptionist):
    for to in (other_therapist, receptionist, therapist):
        with pytest.raises(ValidationError, match="Choose somebody else who works here"):
            people.hand_over(member=therapist, to=to, by=owner)


def test_the_list_asks_as_often_for_three_as_for_one(as_owner, practice, therapist, django_assert_num_queries):
    make_client(practice, therapist=therapist)
    with django_assert_num_queries(5):
        as_owner.get(PEOPLE)
    for name in ("Nora", "Nils"):
        make_member(practice, Role.THERAPIST, name)
    with django_assert_num_queries(5):
        as_owner.get(PEOPLE)
