"""Looks around for what needs somebody, and puts off what can wait.

`look_at` goes with the write that changed something, so that a row comes and goes in the same transaction.
`look_around` finds what nobody wrote: time went by. Both run the same statement of each kind, and running it again
changes nothing.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from clinic.attention import ROUND, AttentionKind, kinds
from clinic.models import Attention, Client, Membership
from clinic.services import audit

PUT_OFF = datetime.timedelta(weeks=2)
LOCK = 7_205_113  # of `look_around` in PostgreSQL: one at a time

#: `since` and what was put off stay as they were while it goes on being so.
APPLY = """
WITH so AS MATERIALIZED ({so}), gone AS (
    DELETE FROM clinic_attention a
     WHERE a.kind = %(kind)s AND {kept}
       AND NOT EXISTS (SELECT FROM so WHERE so.practice_id = a.practice_id AND so.client_id = a.client_id
                                        AND so.subject = a.subject)
)
INSERT INTO clinic_attention AS a (id, created_at, practice_id, kind, client_id, subject, since, facts, rank)
SELECT clinic_uuid7(), %(now)s, practice_id, %(kind)s, client_id, subject, since, facts, %(rank)s FROM so
    ON CONFLICT (practice_id, kind, client_id, subject) DO UPDATE SET facts = EXCLUDED.facts, rank = EXCLUDED.rank
 WHERE (a.facts, a.rank) IS DISTINCT FROM (EXCLUDED.facts, EXCLUDED.rank)
"""


def look_at(client: Client, *names: str) -> None:
    """All kinds, or those named, for one client, in the caller's transaction. A name nobody registered is left out."""
    for kind in kinds:
        if not names or kind.key in names:
            refresh(kind, practice_id=client.practice_id, client_id=client.pk)


def look_through(practice_id: uuid.UUID, *names: str) -> None:
    """The same for everybody of one practice, where a write changed many of them."""
    for kind in kinds:
        if not names or kind.key in names:
            refresh(kind, practice_id=practice_id)


def look_around(now: datetime.datetime | None = None) -> None:
    """Every kind whose turn it is, each in a transaction of its own; nothing while another looks around."""
    now = now or timezone.now()
    turn = int(now.timestamp() // ROUND.total_seconds())
    for kind in kinds:
        if turn % max(round(kind.every / ROUND), 1) == 0:
            _all_of(kind, now)


def _all_of(kind: AttentionKind, now: datetime.datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone()[0]:
            refresh(kind, now=now)


def refresh(
    kind: AttentionKind,
    *,
    practice_id: uuid.UUID | None = None,
    client_id: uuid.UUID | None = None,
    now: datetime.datetime | None = None,
) -> None:
    """Adds what is so and takes away what no longer is: everywhere, in a practice, or of a client of a practice."""
    values: dict[str, Any] = {
        **kind.parameters, "kind": kind.key, "rank": kind.rank, "now": now or timezone.now(),
        "practice": practice_id, "client": client_id,
    }  # fmt: skip
    so = kind.so.format(scope=_scope(kind.of_practice, kind.of_client, practice_id, client_id))
    kept = _scope("a.practice_id", "a.client_id", practice_id, client_id)
    with connection.cursor() as cursor:
        cursor.execute(APPLY.format(so=so, kept=kept), values)


def _scope(practice: str, client: str, practice_id: uuid.UUID | None, client_id: uuid.UUID | None) -> str:
    parts = [f"{practice} = %(practice)s"] if practice_id else []
    parts += [f"{client} = %(client)s"] if client_id else []
    return " AND ".join(parts) or "TRUE"


@transaction.atomic
def put_off(*, row: Attention, by: Membership) -> Attention:
    """Out of sight for two weeks, by the practice's days; it comes back when it is still so."""
    _refuse_strangers(row, by)
    today = timezone.localdate(timezone=by.practice.zone)
    row.put_off_until, row.put_off_by = today + PUT_OFF, by
    row.save(update_fields=["put_off_until", "put_off_by"])
    audit.record("attention.put_off", on=row, by=by, client=row.client, until=row.put_off_until.isoformat())
    return row


@transaction.atomic
def take_up(*, row: Attention, by: Membership) -> Attention:
    """Undoes a put-off."""
    _refuse_strangers(row, by)
    row.put_off_until = row.put_off_by = None
    row.save(update_fields=["put_off_until", "put_off_by"])
    audit.record("attention.taken_up", on=row, by=by, client=row.client)
    return row


def _refuse_strangers(row: Attention, by: Membership) -> None:
    if row.practice_id != by.practice_id or row.kind not in kinds or by.role not in kinds[row.kind].roles:
        raise ValidationError("This is not yours to put off.")
