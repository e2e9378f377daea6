"""Reads of what a client and the practice wrote to each other."""

from __future__ import annotations

import datetime
import math
import uuid
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from clinic.attention import Action, AttentionKind, day_of
from clinic.models import Attention, Client, Membership, Message, Practice
from clinic.panels import Event, record_url
from clinic.queries.holding import held_back, unreachable

PAGE = 20
EXCERPT = 140
ENOUGH = 10  # answers, before we say how long they take
LATELY = datetime.timedelta(days=90)
ASKED = datetime.timedelta(days=14)  # who wrote since then waits for an answer

TOOK = """
SELECT count(*), percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM answer.at - m.created_at))
  FROM clinic_message m
  CROSS JOIN LATERAL (
      SELECT min(created_at) AS at FROM clinic_message
       WHERE practice_id = m.practice_id AND client_id = m.client_id AND written_by_id IS NOT NULL
         AND created_at > m.created_at
  ) answer
 WHERE m.practice_id = %s AND m.written_by_id IS NULL AND m.created_at > %s::timestamptz AND answer.at IS NOT NULL
"""


@dataclass(frozen=True)
class Day:
    """What was written on one day, oldest first."""

    date: datetime.date
    messages: list[Message]


@dataclass(frozen=True)
class Thread:
    """A page of what was written, newest last. `unread`: of the other side, on this page. `older`: mark of the page
    before it. `waits`: the last word is the client's."""

    days: list[Day]
    unread: list[Message]
    older: uuid.UUID | None
    waits: bool

    @property
    def older_mark(self) -> str:
        return str(self.older or "")


def thread(client: Client, *, reads: str, zone: zoneinfo.ZoneInfo, before: uuid.UUID | None = None) -> Thread:
    """`reads`: "client" or "practice". Two queries, one more for an older page."""
    rows = _of(client).select_related("written_by")
    if before and (mark := rows.filter(pk=before).first()):
        rows = rows.filter(Q(created_at__lt=mark.created_at) | Q(created_at=mark.created_at, pk__lt=mark.pk))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE][::-1]
    days = [Day(day, list(of)) for day, of in groupby(shown, lambda row: row.created_at.astimezone(zone).date())]
    unread = [row for row in shown if row.read_at is None and (row.written_by_id is None) == (reads == "practice")]
    older = shown[0].pk if len(found) > PAGE else None
    return Thread(days, unread, older, bool(shown) and shown[-1].written_by_id is None)


def waiting_for(client: Client) -> int:
    """How many messages of the practice the client has not read."""
    return _of(client).from_practice().unread().count()


def asked_lately(client: Client, now: datetime.datetime) -> bool:
    """Whether what the practice writes now is an answer."""
    return bool(_of(client).from_clients().filter(created_at__gt=now - ASKED).exists())


def heard_by(client: Client, now: datetime.datetime) -> str:
    """How the client comes to know of what was just written."""
    held = "" if asked_lately(client, now) else held_back(client, client.today, locked=False)
    if reason := unreachable(client) or held:
        return f"No mail says so: {reason[:1].lower()}{reason[1:]}"
    return "A short mail says that something waits, and not what."


def days_to_answer(practice: Practice) -> int | None:
    """Within how many days nine of ten messages of the last three months were answered; None where too few were."""
    with connection.cursor() as cursor:
        cursor.execute(TOOK, [practice.pk, timezone.now() - LATELY])
        count, seconds = cursor.fetchone()
    return math.ceil(float(seconds) / 86400) if count >= ENOUGH else None


def events(membership: Membership, client: Client, before: datetime.datetime | None, limit: int) -> Sequence[Event]:
    rows = _of(client).select_related("written_by")
    rows = rows.filter(created_at__lt=before) if before else rows
    return [_event(row, client) for row in rows[:limit]]


def _event(row: Message, client: Client) -> Event:
    excerpt = row.text if len(row.text) <= EXCERPT else f"{row.text[:EXCERPT].rstrip()}…"
    mine = row.written_by_id is None
    return Event(
        row.created_at, "message", "Wrote a message" if mine else "The practice wrote", " ".join(excerpt.split()),
        record_url(client.pk, "messages"), by=str(client if mine else row.written_by),
        status="waiting" if mine and row.read_at is None else "", news=mine,
    )  # fmt: skip


def _of(client: Client) -> Any:
    return Message.objects.filter(practice_id=client.practice_id, client=client)


class MessageUnread(AttentionKind):
    """A client wrote, and nobody has answered or put it away."""

    key = "message"
    label = "Messages to read"
    icon = "message"
    rank = 20
    so = """
        SELECT m.practice_id, m.client_id, m.client_id AS subject, min(m.created_at) AS since,
               jsonb_build_object('count', count(*), 'on', min((m.created_at AT TIME ZONE p.timezone)::date)) AS facts
          FROM clinic_message m
          JOIN clinic_client c ON c.id = m.client_id JOIN clinic_practice p ON p.id = m.practice_id
         WHERE m.written_by_id IS NULL AND m.read_at IS NULL AND c.archived_at IS NULL AND {scope}
         GROUP BY m.practice_id, m.client_id
    """
    of_practice, of_client = "m.practice_id", "m.client_id"

    def sentence(self, row: Attention) -> str:
        on, count = f"{day_of(row, 'on'):%-d %B %Y}", row.facts["count"]
        return f"Wrote on {on}." if count == 1 else f"{count} messages to read, the first of {on}."

    def action(self, row: Attention) -> Action:
        return Action("Read and answer", f"{reverse('clinic:messages', args=[row.client_id])}#newest")
