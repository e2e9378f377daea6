"""Locations and rooms: added, renamed, out of use, in use again."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic import undo
from clinic.models import Location, Room
from clinic.services import places
from tests.clinic.practice.test_details import fields_of, lines

PLACES = reverse("clinic:places")


def test_a_location_and_its_room(as_owner, practice):
    as_owner.post(PLACES, {"name": "House", "address": "River road 1", "seen": "{}"})
    location = Location.objects.get()
    as_owner.post(reverse("clinic:add_room", args=[location.pk]), {"name": "Blue room"})
    assert (location.practice, Room.objects.get().name) == (practice, "Blue room")
    text = as_owner.get(PLACES).content.decode()
    assert "River road 1" in text
    assert "Blue room" in text


def test_names_are_there_once(as_owner, room):
    add = reverse("clinic:add_room", args=[room.location_id])
    assert lines(as_owner.post(add, {"name": "blue ROOM"})) == ["Blue room is there already."]
    Room.objects.update(is_active=False)
    assert lines(as_owner.post(add, {"name": "Blue room"})) == ["Blue room was used before: use it again below."]
    answer = as_owner.post(PLACES, {"name": "house", "address": ""})
    assert lines_of_new(answer) == ["House is there already."]


def lines_of_new(answer):
    return [line for lines in answer.context["new"].errors.values() for line in lines]


def test_a_room_with_visits_ahead_stays(as_owner, room, therapist, book, owner):
    visit = book(therapist, 24, room=room)
    text = as_owner.post(reverse("clinic:remove_room", args=[room.pk]), follow=True).content.decode()
    assert "Blue room has 1 visit ahead: give it another room first." in text
    visit.delete()
    book(therapist, -24, room=room)
    assert not places.remove(place=room, by=owner).is_active


def test_a_location_with_rooms_stays(room, owner):
    with pytest.raises(ValidationError, match="House has rooms in use: remove them first"):
        places.remove(place=room.location, by=owner)


def test_undo_brings_a_room_back_and_its_location(as_owner, room, owner):
    page = as_owner.post(reverse("clinic:remove_room", args=[room.pk]), follow=True)
    (offered,) = [undo.of_message(message) for message in page.context["messages"]]
    places.remove(place=room.location, by=owner)
    as_owner.post(offered.url, dict(offered.fields))
    room.refresh_from_db()
    room.location.refresh_from_db()
    assert room.is_active
    assert room.location.is_active


def test_two_owners_rename_one_room(as_owner, room):
    url = reverse("clinic:room", args=[room.pk])
    mine = fields_of(as_owner.get(url))
    as_owner.post(url, {**mine, "name": "Green room"})
    answer = as_owner.post(url, {**mine, "name": "Red room"})
    assert "it is now “Green room”" in lines(answer)[0]
    room.refresh_from_db()
    assert room.name == "Green room"


def test_the_list_asks_as_often_for_three_as_for_one(as_owner, practice, room, django_assert_num_queries):
    with django_assert_num_queries(5):
        as_owner.get(PLACES)
    for name in ("Red", "Green"):
        house = Location.objects.create(practice=practice, name=name)
        Room.objects.create(practice=practice, location=house, name=name)
    with django_assert_num_queries(5):
        as_owner.get(PLACES)
