"""What owners decide about the practice: written once, refused with a line, never over somebody else's change."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.models import AuditEntry, Visit
from clinic.services import edits, practices

DETAILS = reverse("clinic:practice_details")
MAIL = reverse("clinic:practice_reminders")


def fields_of(answer):
    """What the form on the page would send unchanged."""
    form = answer.context["form"]
    return {name: value if (value := form[name].value()) is not None else "" for name in form.fields}


def post(client, url, page=None, **changes):
    fields = fields_of(page or client.get(url))
    return client.post(url, {**fields, **changes})


def lines(answer):
    return [line for lines in answer.context["form"].errors.values() for line in lines]


def test_what_was_changed_is_saved_and_noted(as_owner, practice, owner):
    answer = post(as_owner, DETAILS, name="Riverside", country="de", paper="letter", timezone="Europe/Berlin")
    assert answer.status_code == 302
    practice.refresh_from_db()
    assert (practice.name, practice.country, practice.paper) == ("Riverside", "DE", "letter")
    entry = AuditEntry.objects.get(verb="practice.changed")
    assert (entry.facts, entry.actor_user) == ({"fields": ["country", "name", "paper"]}, owner.user)


def test_a_page_that_changes_nothing_writes_nothing(as_owner, practice):
    answer = as_owner.post(DETAILS, fields_of(as_owner.get(DETAILS)), follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="practice.changed").exists()


@pytest.mark.parametrize(
    ("url", "changes", "line"),
    [
        (DETAILS, {"country": "XX"}, "No country has these two letters. Germany is DE, the United States are US."),
        (DETAILS, {"timezone": "Atlantis"}, "“Atlantis” is no time zone. Use a name such as Europe/Berlin."),
        (DETAILS, {"name": ""}, "This field is required."),
        (DETAILS, {"visit_minutes": "3"}, "Ensure this value is greater than or equal to 5."),
        (MAIL, {"mail_name": "desk@riverside.example"}, "This is a name, no address: where answers go stands below."),
        (MAIL, {"reminder_time": "23:00"}, "No mail leaves between 21:00 and 07:00: choose a time outside of that."),
        (MAIL, {"reply_to": "nowhere"}, "Enter a valid email address."),
    ],
)
def test_what_cannot_be_is_refused_with_one_line(url, changes, line, as_owner, practice):
    answer = post(as_owner, url, **changes)
    assert answer.status_code == 422
    assert lines(answer) == [line]
    assert not AuditEntry.objects.filter(verb="practice.changed").exists()


@pytest.mark.parametrize("bad", ["Line\nBcc: all@example.org", "Bell\x07", "Line\u2028Two"])
@pytest.mark.parametrize("field", ["name", "mail_name"])
def test_no_name_can_begin_another_header(field, bad, practice, owner):
    with pytest.raises(ValidationError) as refused:
        practices.change(practice=practice, seen=edits.texts(practice, (field,)), by=owner, **{field: bad})
    assert "one line of plain text" in str(refused.value.message_dict[field])


def test_two_owners_at_once_overwrite_nothing(as_owner, practice):
    mine = as_owner.get(DETAILS)
    post(as_owner, DETAILS, phone="030 111", address="Old street 1")
    answer = post(as_owner, DETAILS, page=mine, phone="030 222")
    assert answer.status_code == 422
    line = "Somebody changed this in the meantime: it is now “030 111”. Save again to put yours in its place."
    assert answer.context["form"].errors == {"phone": [line]}
    practice.refresh_from_db()
    assert (practice.phone, practice.address) == ("030 111", "Old street 1")
    again = post(as_owner, DETAILS, page=answer, address="Old street 1")
    assert again.status_code == 302
    practice.refresh_from_db()
    assert (practice.phone, practice.address) == ("030 222", "Old street 1")


def test_two_owners_who_change_different_things_both_have_their_way(as_owner, practice):
    mine = as_owner.get(DETAILS)
    post(as_owner, DETAILS, address="New street 2")
    assert post(as_owner, DETAILS, page=mine, phone="030 222").status_code == 302
    practice.refresh_from_db()
    assert (practice.phone, practice.address) == ("030 222", "New street 2")


@pytest.mark.parametrize("seen", ["", "no json", json.dumps([1])])
def test_a_form_that_does_not_know_what_it_saw_overwrites_nothing(seen, as_owner, practice):
    answer = post(as_owner, DETAILS, name="Blind", seen=seen)
    assert answer.status_code == 422
    practice.refresh_from_db()
    assert practice.name == "Riverside Bodywork"


def test_another_time_zone_first_says_what_moves(as_owner, practice, therapist, book, monday):
    book(therapist, 24)
    asked = post(as_owner, DETAILS, timezone="lisbon")
    assert asked.status_code == 422
    text = asked.content.decode()
    assert "The clocks of the practice go from Europe/Berlin to Europe/Lisbon." in text
    assert "The visit ahead keeps its moment, so the diary shows other times: 10:00 becomes 09:00." in text
    practice.refresh_from_db()
    assert practice.timezone == "Europe/Berlin"
    before = Visit.objects.get().starts_at
    assert post(as_owner, DETAILS, page=asked, anyway="on").status_code == 302
    practice.refresh_from_db()
    assert practice.timezone == "Europe/Lisbon"
    assert Visit.objects.get().starts_at == before


def test_another_lead_of_the_visit_reminder_plans_them_anew(as_owner, practice, therapist, book, monday):
    visit = book(therapist, 72)
    monday.shift(60)
    post(as_owner, MAIL, visit_reminder_hours="48")
    was = visit.changed_at
    visit.refresh_from_db()
    assert visit.changed_at > was


def test_the_measuring_screen_begins_afresh(as_owner, practice):
    practice.measuring = {"ways": {"hip_flexion": {"instrument": "goniometer", "position": "supine", "mode": ""}}}
    practice.save()
    assert "goniometer" in as_owner.get(reverse("clinic:practice_clinical")).content.decode()
    as_owner.post(reverse("clinic:forget_ways"))
    practice.refresh_from_db()
    assert practice.measuring == {}


def test_a_therapist_changes_only_their_own_name(client, therapist, owner):
    client.force_login(therapist.user)
    page = client.get(reverse("clinic:my_name"))
    assert (
        client.post(reverse("clinic:my_name"), {**fields_of(page), "display_name": "Tom", "role": "owner"}).status_code
        == 302
    )
    therapist.refresh_from_db()
    assert (therapist.display_name, therapist.role) == ("Tom", "therapist")
    start = client.get(reverse("clinic:practice")).content.decode()
    assert reverse("clinic:my_name") in start
    assert reverse("clinic:people") not in start
