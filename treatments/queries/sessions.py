"""Session notes as pages and panels read them."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse

from assessments import queries as assessed
from assessments.models import Assessment
from assessments.models import State as AssessmentState
from assessments.queries import Judged
from assessments.rules import Change
from clinic.figure import chart as body_chart
from clinic.models import Client, Membership, Visit
from treatments.models import (
    NoteState,
    Programme,
    SessionAmendment,
    SessionNote,
    SessionTechnique,
    Snippet,
)
from treatments.planning.vocabulary import STRUCTURES, TECHNIQUES, name_of
from treatments.queries.programmes import running
from treatments.queries.today import local_today

RECENT_NOTES = 30
SHOWN = 20
SIDE_LETTERS = {"left": "L", "right": "R", "both": "L+R"}


def with_parts(rows: Any) -> Any:
    """Everything a page or an answer says of a note, without a query for each."""
    people = ("author", "signed_by", "cosigned_by")
    return rows.select_related(
        "client__practice", "client__therapist", "visit", "assessment", *people
    ).prefetch_related(
        Prefetch("techniques", SessionTechnique.objects.order_by("place", "id")),
        Prefetch("amendments", SessionAmendment.objects.select_related("author").order_by("created_at", "id")),
    )


@dataclass(frozen=True)
class AtHand:
    """What stands beside a note while it is written."""

    assessment: Assessment | None
    judged: list[Judged]
    programme: Programme | None
    items: list[Any]
    last: SessionNote | None
    last_chart: list[str] = field(default_factory=list)


def at_hand(client: Client, note_id: uuid.UUID | None = None) -> AtHand:
    """Findings of the latest signed assessment that nobody rejected, the programme that runs, the note before."""
    assessment = assessed.latest_signed(client)
    judged = assessed.findings_with_decisions(assessment) if assessment else []
    programme = running(client, local_today(client))
    last = last_note(client, note_id)
    return AtHand(
        assessment,
        [row for row in judged if not row.rejected],
        programme,
        list(programme.items.all()) if programme else [],
        last,
        body_chart.in_words(last.chart) if last else [],
    )


def last_note(client: Client, but: uuid.UUID | None = None) -> SessionNote | None:
    """The newest signed note of this client, by whomever."""
    rows = SessionNote.objects.filter(practice_id=client.practice_id, client=client)
    rows = rows.filter(state__in=[NoteState.SIGNED, NoteState.WAITING])
    rows = rows.exclude(pk=but) if but else rows
    note: SessionNote | None = with_parts(rows).first()
    return note


def own_drafts(client: Client, membership: Membership) -> list[SessionNote]:
    """What this person began to write of this client and did not sign."""
    rows = SessionNote.objects.filter(practice_id=client.practice_id, client=client, author=membership)
    return list(rows.filter(state=NoteState.DRAFT)[:3])


def finding_choices(judged: Sequence[Judged]) -> list[tuple[str, str]]:
    """`code:side` and words, for the technique rows."""
    return [
        (f"{row.finding.code}:{row.finding.side}", finding_words(row.finding.code, row.finding.side)) for row in judged
    ]


def finding_words(code: str, side: str) -> str:
    return f"{side} {code.replace('_', ' ')}".strip().capitalize() if code else ""


def recent_words(membership: Membership) -> tuple[list[str], list[str]]:
    """Keys of the techniques and structures that this person used lately, the most used first."""
    notes = SessionNote.objects.filter(practice_id=membership.practice_id, author=membership)
    newest = list(notes.order_by("-held_on", "-created_at").values_list("pk", flat=True)[:RECENT_NOTES])
    rows = SessionTechnique.objects.filter(practice_id=membership.practice_id, note__in=newest)
    pairs = list(rows.values_list("technique", "structure"))
    techniques, structures = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    return (
        [key for key, _ in techniques.most_common() if key in TECHNIQUES],
        [key for key, _ in structures.most_common() if key in STRUCTURES],
    )


def snippets_for(membership: Membership) -> list[Snippet]:
    """One's own and the practice's, by label; one's own first where both have the same."""
    rows = Snippet.objects.filter(practice_id=membership.practice_id).filter(Q(owner=membership) | Q(owner=None))
    return sorted(rows, key=lambda row: (row.label, row.owner_id is None))


def measured_on_the_day(note: SessionNote) -> list[Assessment]:
    """What may have been measured in this session: assessments of the same day, drafts too."""
    return measured_on(note.client, note.held_on)


def measured_on(client: Client, day: datetime.date) -> list[Assessment]:
    rows = Assessment.objects.filter(practice_id=client.practice_id, client=client, assessed_on=day)
    return list(rows.exclude(state=AssessmentState.ENTERED_IN_ERROR).order_by("created_at"))


def measured_changes(note: SessionNote) -> list[Change]:
    """What was measured in the session, against the assessments before it."""
    if note.assessment is None:
        return []
    note.assessment.client = note.client
    return [change for change in assessed.changes_into(note.assessment) if change.verdict != "not_comparable"]


def technique_words(row: SessionTechnique) -> str:
    """`Trigger-point pressure, R psoas, 5 min`."""
    where = f"{SIDE_LETTERS.get(row.side, '')} {name_of(row.structure, STRUCTURES)}".strip()
    minutes = f"{row.minutes} min" if row.minutes else ""
    return ", ".join(filter(None, (name_of(row.technique, TECHNIQUES), where, minutes)))


def pain_words(note: SessionNote) -> str:
    """`Pain 6 → 3`, or the one that is known; empty where nobody asked."""
    before, after = note.pain_before, note.pain_after
    if before is not None and after is not None:
        return f"Pain {before} → {after}"
    if before is None and after is None:
        return ""
    return f"Pain before {before}" if after is None else f"Pain after {after}"


def in_short(note: SessionNote) -> str:
    """Pain and the first techniques, in one line."""
    rows = list(note.techniques.all())
    said = [name_of(row.technique, TECHNIQUES) + (f" ({where})" if (where := place_words(row)) else "") for row in rows]
    shown = list(dict.fromkeys(said))
    more = f"and {len(shown) - 3} more" if len(shown) > 3 else ""
    return " · ".join(filter(None, (pain_words(note), ", ".join(shown[:3]), more)))


def place_words(row: SessionTechnique) -> str:
    return f"{SIDE_LETTERS.get(row.side, '')} {name_of(row.structure, STRUCTURES)}".strip()


@dataclass(frozen=True)
class Words:
    """Amendments of a note, sorted by what they are."""

    returned: list[SessionAmendment]
    added: list[SessionAmendment]
    in_error: list[SessionAmendment]


def words_beside(note: SessionNote) -> Words:
    """A word said before the note was (last) signed is why it came back; later ones are amendments."""
    rows = list(note.amendments.all())
    plain = [row for row in rows if not row.in_error]
    signed = note.signed_at
    returned = [row for row in plain if signed is None or row.created_at < signed]
    return Words(returned, [row for row in plain if row not in returned], [row for row in rows if row.in_error])


def sessions_panel(membership: Membership, client: Client) -> dict[str, Any]:
    """Newest first; more on the page of all of them."""
    rows = SessionNote.objects.filter(practice_id=client.practice_id, client=client)
    notes = list(with_parts(rows)[: SHOWN + 1])
    return {"notes": [(note, in_short(note)) for note in notes[:SHOWN]], "more": len(notes) > SHOWN}


def note_address(visit: Visit) -> str:
    """Where the note of a visit is written or read; empty for a visit that nobody came to."""
    if not visit.is_standing:
        return ""
    return f"{reverse('treatments:new_note', args=[visit.client_id])}?visit={visit.pk}"
