"""Session notes of the demo: some signed, one waiting for a co-signature, one half written."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.utils import timezone

from clinic.figure.chart import marked
from clinic.models import Client, Membership
from clinic.models.base import uuid7
from treatments.models import SessionNote
from treatments.queries import local_today
from treatments.services import sessions
from treatments.services.sessions import Content, Row

DAY = datetime.timedelta(days=1)
PHRASES = (
    ("tol", "", "Tolerated well, no new symptoms."),
    ("asis", "objective", "Tender at the anterior superior iliac spine, no referral."),
    ("hep", "plan", "Home programme unchanged; see in a week."),
)
#: Days ago, pain before and after, what was done.
VISITS: Sequence[tuple[int, int, int, tuple[Row, ...]]] = (
    (
        15,
        6,
        4,
        (Row("trigger_point_pressure", "psoas", "right", 8), Row("contract_relax", "rectus_femoris", "right", 6)),
    ),
    (
        8,
        5,
        3,
        (
            Row("trigger_point_pressure", "iliacus", "right", 6, "hip_extension_limited", "right"),
            Row("contract_relax", "psoas", "right", 8, "hip_extension_limited", "right"),
            Row("myofascial_release", "thoracolumbar_fascia", "both", 10),
            Row("therapeutic_exercise", "gluteus_maximus", "right", 10, remark="bridge, slow"),
        ),
    ),
)


def phrases(by: Membership) -> None:
    for label, section, text in PHRASES:
        sessions.add_snippet(by=by, label=label, section=section, text=text, shared=True)


def sessions_of(client: Client, by: Membership) -> None:
    """Two signed sessions."""
    for days_ago, before, after, rows in VISITS:
        note = written(client, by, days_ago, pain_before=before, pain_after=after, techniques=rows)
        move_back(sessions.sign(note=note, by=by), days_ago)


def half_written(client: Client, by: Membership) -> None:
    written(client, by, 0, subjective="Stiff after the drive.", analysis="", plan="", techniques=())


def written(client: Client, by: Membership, days_ago: int, **different: Any) -> SessionNote:
    content = {
        "held_on": local_today(client) - days_ago * DAY,
        "subjective": "Stiff in the morning, better after ten minutes. Sitting at the desk brings it on.",
        "objective": "Walks freely. Hip extension on the right stops early, firm end feel.",
        "analysis": "Short hip flexors on the right, nothing new.",
        "plan": "Half-kneeling stretch daily. Measure again in four weeks.",
        "chart": [marked("back-right_low_back", "pain"), marked("front-right_front_of_the_hip", "tight")],
        **different,
    }
    note = sessions.save(client=client, pk=uuid7(), revision=0, content=Content(**content), by=by)
    if note is None:
        raise AssertionError("a note of the demo says something")
    return note


def move_back(note: SessionNote, days_ago: int) -> None:
    """The services know no yesterday, and a signed note can't be changed: only here, where it is made up."""
    then = timezone.now() - days_ago * DAY
    with pgtrigger.ignore("treatments.SessionNote:signed_note_is_immutable"):
        SessionNote.objects.filter(pk=note.pk).update(created_at=then, signed_at=then)
