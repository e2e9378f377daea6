"""The private calendar of somebody who works at a practice, for the calendar program of their own choice.

It says when they are taken, and a given name with one letter; nothing about anybody's health.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid

import icalendar
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from clinic.links import BadLink
from clinic.models import STANDING, Client, Membership, Visit
from clinic.queries.visits import feed_of
from clinic.services import audit

AGAIN_AFTER = datetime.timedelta(minutes=15)
SIGNER = "clinic.calendar"


def token_of(member: Membership) -> str:
    """Always the same until there is a new key."""
    return signing.Signer(salt=SIGNER).sign(f"{signing.b62_encode(member.pk.int)}-{member.calendar_key}")


def address_of(member: Membership) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("clinic:calendar_feed", args=[token_of(member)])


def member_of(token: str) -> Membership:
    """Whose calendar. Raises BadLink for an address that is forged or ended, and for who left the practice."""
    try:
        packed, key = signing.Signer(salt=SIGNER).unsign(token).split("-")
        pk = uuid.UUID(int=signing.b62_decode(packed))
    except (signing.BadSignature, ValueError) as error:
        raise BadLink from error
    rows = Membership.objects.filter(pk=pk, calendar_key=int(key), is_active=True, user__is_active=True)
    member = rows.select_related("practice").first()
    if member is None:
        raise BadLink
    return member


@transaction.atomic
def new_address(*, member: Membership, by: audit.Actor) -> Membership:
    """The old address ends."""
    Membership.objects.filter(pk=member.pk).update(calendar_key=F("calendar_key") + 1)
    member.refresh_from_db(fields=["calendar_key"])
    audit.record("calendar.address_changed", on=member, by=by)
    return member


def feed(member: Membership) -> bytes:
    """RFC 5545. The same visits give the same bytes."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Plumbline//Diary//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{member.practice.name}: visits")
    calendar.add("x-wr-timezone", member.practice.timezone)
    calendar.add("refresh-interval", AGAIN_AFTER, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", AGAIN_AFTER)
    for visit in feed_of(member):
        calendar.add_component(_event(visit))
    return bytes(calendar.to_ical())


def etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _event(visit: Visit) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{visit.pk}@plumbline")
    event.add("summary", f"Visit · {_short(visit.client)}")
    event.add("dtstart", visit.starts_at.astimezone(datetime.UTC))
    event.add("dtend", visit.ends_at.astimezone(datetime.UTC))
    event.add("dtstamp", visit.changed_at.astimezone(datetime.UTC))
    event.add("last-modified", visit.changed_at.astimezone(datetime.UTC))
    event.add("created", visit.created_at.astimezone(datetime.UTC))
    event.add("sequence", visit.revision)
    event.add("status", "CONFIRMED" if visit.state in STANDING else "CANCELLED")
    event.add("class", "PRIVATE")
    if visit.room:
        event.add("location", ", ".join(filter(None, [visit.room.name, visit.room.location.address])))
    return event


def _short(client: Client) -> str:
    """“Nadia K.”"""
    return f"{client.given_name} {client.family_name[:1].upper()}."
