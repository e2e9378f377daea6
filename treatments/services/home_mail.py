"""What the daily mail of a home programme says: as much as its client lets it say, and the subject always nothing.

Neutral is where everybody begins. The names of exercises tell about a body, so they stand in a mail only where the
client asked for them, and never in what a locked phone shows: subject and preheader.
"""

from __future__ import annotations

import copy
import datetime
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from clinic import links
from clinic.mail import letter, portal_token
from clinic.models import Client, MailDetail, Reminder
from clinic.reminders import Image, Letter
from treatments.models import HomeLog, Programme, ProgrammeItem
from treatments.queries import first_day
from treatments.queries.pictures import picture

SUBJECT = _("Your part for today")
MOST = 3  # exercises in a mail; how many more there are is said
#: A signed link would act for the client.
TOKEN = re.compile(r"[0-9A-Za-z]{15,}:[0-9A-Za-z]+:[\w-]{20,}")


@dataclass(frozen=True)
class Shown:
    """One exercise of a mail."""

    item: ProgrammeItem
    image: Image | None


def compose(rows: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
    """The mail of each row. Two queries for those that may say what to do, however many; none for the others."""
    telling = [row for row in rows if row.client.mail_detail != MailDetail.NEUTRAL]
    items = open_items(telling) if telling else {}
    return {row.pk: written(row, items.get(row.pk, [])) for row in rows}


def open_items(rows: Sequence[Reminder]) -> Mapping[uuid.UUID, list[ProgrammeItem]]:
    """What is left to do on each row's day, in the programme's order."""
    subjects, days = {row.subject for row in rows}, {row.local_date for row in rows}
    logs = HomeLog.objects.filter(item__programme__in=subjects, local_date__in=days)
    answered = set(logs.values_list("item_id", "local_date"))
    items = list(ProgrammeItem.objects.running().filter(programme__in=subjects).order_by("place", "pk"))
    return {
        row.pk: [
            item
            for item in items
            if item.programme_id == row.subject
            and row.local_date.isoweekday() in item.weekdays
            and (item.pk, row.local_date) not in answered
        ]
        for row in rows
    }


def written(row: Reminder, items: Sequence[ProgrammeItem]) -> Letter:
    """No diagnosis, and no exercise unless the client asked for it: what to do stands behind the link."""
    drawn = row.client.mail_detail == MailDetail.PICTURES
    shown = [Shown(item, picture(item.exercise, item.side) if drawn else None) for item in items[:MOST]]
    return letter(
        row,
        "treatments/mail/home_stretch",
        subject=SUBJECT,
        images=tuple({one.image.cid: one.image for one in shown if one.image}.values()),
        url=links.absolute("treatments:portal", portal_token(row)),
        shown=shown,
        more=max(len(items) - MOST, 0),
    )


def sample(programme: Programme, kind: str, *, detail: str = "", language: str = "") -> Letter:
    """The mail of the first day that has something to do, before anything was answered, as the client would get it;
    with another `MailDetail` or language where given. Its links lead nowhere."""
    reader: Client = copy.copy(programme.client)
    reader.mail_detail, reader.language = detail or reader.mail_detail, language or reader.language
    day: datetime.date = first_day(programme)
    row = Reminder(practice=reader.practice, client=reader, kind=kind, subject=programme.pk, local_date=day)
    items = programme.items.running().filter(weekdays__contains=[day.isoweekday()]).order_by("place", "pk")
    made = written(row, list(items) if reader.mail_detail != MailDetail.NEUTRAL else [])
    return Letter(made.subject, without_links(made.text), without_links(made.html), images=made.images)


def without_links(text: str) -> str:
    return TOKEN.sub("preview", text)
