"""What was done in a session, as the therapist notes it: free words, and technique by technique."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from assessments.models import Assessment
from clinic.models import (
    CLINICAL,
    CLINICIANS,
    PERSONAL,
    PLAIN,
    Client,
    Membership,
    PracticeRecord,
    ScopedQuerySet,
    Visit,
)  # fmt: skip


class NoteState(models.TextChoices):
    DRAFT = "draft", "Draft"
    WAITING = "waiting", "Waits for co-signature"
    SIGNED = "signed", "Signed"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"


class SessionNoteQuerySet(ScopedQuerySet):
    staff = CLINICIANS

    def open(self) -> SessionNoteQuerySet:
        """Somebody still has to sign."""
        return self.filter(state__in=[NoteState.DRAFT, NoteState.WAITING])

    def standing(self) -> SessionNoteQuerySet:
        return self.exclude(state=NoteState.ENTERED_IN_ERROR)


CONTENT = (
    "practice_id", "client_id", "visit_id", "assessment_id", "author_id", "held_on", "subjective", "objective",
    "analysis", "plan", "pain_before", "pain_after", "chart", "created_at",
)  # fmt: skip
#: State to state, beside any change of a draft. Of what is no draft any more, nothing else changes.
LATER = (
    ("waiting", "signed"), ("waiting", "draft"), ("waiting", "entered_in_error"), ("signed", "entered_in_error"),
)  # fmt: skip


def _locked() -> str:
    """The trigger's body: content is a draft's, and states go one way."""
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in CONTENT)
    steps = " OR ".join(f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, new in LATER)
    return f"""
        IF OLD.state = 'draft' THEN RETURN NEW; END IF;
        IF {changed} OR NOT ({steps}) THEN
            RAISE EXCEPTION 'session note % is signed and cannot change', OLD.id;
        END IF;
        RETURN NEW;
    """


class SessionNote(PracticeRecord):
    """One session: subjective, objective, assessment and plan. Signing locks it in the database.

    `chart`: strokes on the body, each {"view": "front|back|left|right", "kind": …, "points": [[x, y], …]} in
    thousandths of the drawing. A trainee's note waits until somebody signs with them.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="session_notes", db_index=False)
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="notes")
    assessment = models.ForeignKey(
        Assessment, null=True, blank=True, on_delete=models.PROTECT, related_name="session_notes",
        help_text="What was measured in this session.",
    )  # fmt: skip
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="session_notes", db_index=False)
    held_on = models.DateField()
    subjective = models.TextField(blank=True)
    objective = models.TextField(blank=True)
    analysis = models.TextField("assessment", blank=True)
    plan = models.TextField(blank=True)
    pain_before = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_after = models.PositiveSmallIntegerField(null=True, blank=True)
    chart = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=20, choices=NoteState, default=NoteState.DRAFT)
    revision = models.PositiveIntegerField(default=1, help_text="Counts saves; a second editor gets both to merge.")
    changed_at = models.DateTimeField(auto_now=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    cosigned_at = models.DateTimeField(null=True, blank=True)
    cosigned_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    privacy = {
        "visit": PLAIN, "assessment": PLAIN, "author": PERSONAL, "held_on": PLAIN, "subjective": CLINICAL,
        "objective": CLINICAL, "analysis": CLINICAL, "plan": CLINICAL, "pain_before": CLINICAL,
        "pain_after": CLINICAL, "chart": CLINICAL, "state": PLAIN, "revision": PLAIN, "changed_at": PLAIN,
        "signed_at": PLAIN, "signed_by": PERSONAL, "cosigned_at": PLAIN, "cosigned_by": PERSONAL,
    }  # fmt: skip
    objects: ClassVar[SessionNoteQuerySet] = SessionNoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-held_on", "-created_at"]
        indexes = [
            models.Index(fields=["practice", "client", "-held_on"], name="notes_of_client"),
            models.Index(
                fields=["practice", "author", "held_on"],
                name="open_notes",
                condition=Q(state__in=["draft", "waiting"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="entered_in_error") | Q(signed_at__isnull=False),
                name="a_signed_note_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(pain_before=None) | Q(pain_before__lte=10)) & (Q(pain_after=None) | Q(pain_after__lte=10)),
                name="pain_of_a_session_up_to_ten",
            ),
            models.UniqueConstraint(
                fields=["visit"],
                condition=~Q(state="entered_in_error"),
                name="one_note_per_visit",
                violation_error_message="This visit has a note already.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="signed_note_is_immutable",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_locked(),
            ),
            pgtrigger.Protect(
                name="signed_note_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["waiting", "signed", "entered_in_error"]),
            ),
        ]

    def __str__(self) -> str:
        return f"Session of {self.held_on:%Y-%m-%d}"

    @property
    def is_draft(self) -> bool:
        return self.state == NoteState.DRAFT


class PartQuerySet(ScopedQuerySet):
    staff = CLINICIANS


class SessionTechnique(PracticeRecord):
    """One line of what the hands did: technique × structure × side × minutes, and which finding it was for."""

    note = models.ForeignKey(SessionNote, on_delete=models.CASCADE, related_name="techniques")
    place = models.PositiveSmallIntegerField(default=0)
    technique = models.CharField(max_length=60)
    structure = models.CharField(max_length=60, blank=True)
    side = models.CharField(max_length=5, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    for_finding = models.CharField(max_length=60, blank=True, help_text="Code of the finding it targets.")
    for_side = models.CharField(max_length=5, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    privacy = {
        "note": PLAIN, "place": PLAIN, "technique": CLINICAL, "structure": CLINICAL, "side": CLINICAL,
        "minutes": PLAIN, "for_finding": CLINICAL, "for_side": CLINICAL, "remark": CLINICAL,
    }  # fmt: skip
    objects: ClassVar[PartQuerySet] = PartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["place", "id"]
        indexes = [models.Index(fields=["practice", "note", "place"], name="techniques_of_note")]
        triggers = [
            pgtrigger.Trigger(
                name="techniques_of_signed_are_immutable",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("owners", "uuid[]")],
                func="""
                    IF TG_OP <> 'INSERT' THEN owners := owners || OLD.note_id; END IF;
                    IF TG_OP <> 'DELETE' THEN owners := owners || NEW.note_id; END IF;
                    IF EXISTS (SELECT FROM treatments_sessionnote WHERE id = ANY (owners) AND state <> 'draft') THEN
                        RAISE EXCEPTION 'session note % is signed: its techniques cannot change', owners[1];
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]


class SessionAmendment(PracticeRecord):
    """A dated addition beside a signed note, or why it was entered in error; the original stays as it was."""

    note = models.ForeignKey(SessionNote, on_delete=models.CASCADE, related_name="amendments")
    text = models.TextField()
    in_error = models.BooleanField(default=False, help_text="This is why the note counts for nothing.")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", db_index=False)

    privacy = {"note": PLAIN, "text": CLINICAL, "in_error": PLAIN, "author": PERSONAL}
    objects: ClassVar[PartQuerySet] = PartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["created_at", "id"]
        triggers = [pgtrigger.Protect(name="amendment_stays", operation=pgtrigger.Update | pgtrigger.Delete)]


class Snippet(PracticeRecord):
    """A phrase that somebody types often; without an owner it is the practice's."""

    owner = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.CASCADE, related_name="snippets")
    label = models.CharField(max_length=40)
    section = models.CharField(
        max_length=12, blank=True, help_text="subjective, objective, analysis, plan; empty: any."
    )
    text = models.TextField(max_length=1000)

    privacy = {"owner": PERSONAL, "label": PLAIN, "section": PLAIN, "text": CLINICAL}
    objects: ClassVar[PartQuerySet] = PartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["label", "id"]
        indexes = [models.Index(fields=["practice", "owner", "label"], name="snippets_of_practice")]
