"""The demo's diary: opening hours, two rooms, somebody away, and visits of two weeks around today.

Always the same for the same day, so that a demo can be shown twice.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import CLINICIANS, Absence, Client, Hours, Location, Membership, Practice, Purpose, Room, Visit
from clinic.queries.visits import local
from clinic.services import visits
from clinic.services.audit import Machine

DAY = datetime.timedelta(days=1)
WEEKDAYS = (("08:00", "12:30"), ("13:30", "18:00"))
SATURDAY = (("09:00", "13:00"),)
#: hour, minute, minutes; each therapist skips every third, one after the other.
TIMES = ((8, 0, 60), (9, 15, 45), (10, 15, 60), (11, 30, 60), (13, 30, 60), (14, 45, 30), (15, 30, 60), (17, 0, 60))


def open_the_diary(practice: Practice) -> None:
    """Nothing is left half done; a time that is taken is left out."""
    today = timezone.localdate(timezone=practice.zone)
    rooms = open_the_house(practice, today)
    therapists = list(Membership.objects.filter(practice=practice, role__in=CLINICIANS).order_by("display_name"))
    clients = list(Client.objects.filter(practice=practice).active().order_by("ref"))
    away(practice, therapists[0], today)
    come_next(therapists, clients, rooms)
    for number, (day, therapist, at, minutes) in enumerate(planned(therapists, today)):
        starts_at = local(day, at, practice.zone)
        client = clients[number * 5 % len(clients)]
        visit = book(client, therapist, rooms[therapists.index(therapist) % len(rooms)], starts_at, minutes)
        if visit and visit.ends_at < timezone.now():
            (visits.no_show if number % 11 == 5 else visits.came)(visit=visit, revision=None, by=therapist)


def come_next(therapists: Sequence[Membership], clients: Sequence[Client], rooms: Sequence[Room]) -> None:
    """Somebody for each at the next full hour, as long as it is today: in the evening a demo isn't over."""
    zone = therapists[0].practice.zone
    now = timezone.now().astimezone(zone)
    soon = now.replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)
    if soon.date() == now.date():
        for number, therapist in enumerate(therapists):
            book(clients[(number * 3 + 1) % len(clients)], therapist, rooms[number % len(rooms)], soon, 45)


def open_the_house(practice: Practice, today: datetime.date) -> list[Room]:
    """Open on the weekday of today whichever it is: a demo is looked at on the day on which it is made."""
    for weekday in {*range(1, 7), today.isoweekday()}:
        for opens, closes in SATURDAY if weekday == 6 != today.isoweekday() else WEEKDAYS:
            Hours.objects.create(practice=practice, weekday=weekday, opens=opens, closes=closes)
    Practice.objects.filter(pk=practice.pk).update(address="Mill Lane 4, 10115 Berlin", phone="+49 30 901820")
    location = Location.objects.create(practice=practice, name="Riverside", address="Mill Lane 4, 10115 Berlin")
    return [Room.objects.create(practice=practice, location=location, name=name) for name in ("Room 1", "Room 2")]


def away(practice: Practice, member: Membership, today: datetime.date) -> None:
    day = next(today + DAY * n for n in range(2, 9) if (today + DAY * n).isoweekday() < 6)
    starts_at, ends_at = (local(day, datetime.time(hour, 30), practice.zone) for hour in (13, 18))
    Absence.objects.create(practice=practice, member=member, starts_at=starts_at, ends_at=ends_at, reason="Training")


def planned(
    therapists: Sequence[Membership], today: datetime.date
) -> Iterator[tuple[datetime.date, Membership, datetime.time, int]]:
    for step in range(-7, 8):
        day = today + DAY * step
        for number, therapist in enumerate(therapists):
            for which, (hour, minute, minutes) in enumerate(TIMES):
                free = day.isoweekday() == 7 or (day.isoweekday() == 6 and not 9 <= hour <= 11)
                if (step == 0 or not free) and (which + number + step) % 3:
                    yield day, therapist, datetime.time(hour, minute), minutes


def book(client: Client, therapist: Membership, room: Room, starts_at: datetime.datetime, minutes: int) -> Visit | None:
    try:
        with transaction.atomic():
            return visits.book(
                client=client,
                therapist=therapist,
                room=room,
                starts_at=starts_at,
                ends_at=starts_at + datetime.timedelta(minutes=minutes),
                purpose=Purpose.FOLLOW_UP,
                by=Machine.SEED,
                anyway=True,
            )
    except ValidationError:
        return None  # the room or the therapist is taken
