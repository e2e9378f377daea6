from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q, Value

from assessments import rules
from clinic.models import CLINICAL, CLINICIANS, PERSONAL, PLAIN, Client, Membership, PracticeRecord, ScopedQuerySet


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    SIGNED = "signed", "Signed"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"


class AssessmentQuerySet(ScopedQuerySet):
    staff = CLINICIANS

    def unsigned(self) -> AssessmentQuerySet:
        return self.filter(state=State.DRAFT)

    def signed(self) -> AssessmentQuerySet:
        return self.filter(state=State.SIGNED)


class Assessment(PracticeRecord):
    """What the hands measured on one day. A draft until signed; immutable in the database afterwards."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="assessments")
    assessed_on = models.DateField()
    examiner = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(
        default=1, help_text="Counts saves; a second editor is told, never overwritten."
    )
    protocol_key = models.CharField(max_length=40, blank=True)
    protocol_version = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),  # code from before it may still add rows while this is deployed
        help_text="What the rules saw besides the readings: age, sex, answers.",
    )
    typed = models.JSONField(
        null=True, blank=True, help_text="Of a draft: the sheet as it stands on the screen, half-typed numbers too."
    )
    source = models.CharField(max_length=20, default="screen", help_text="screen, api, import or seed.")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")

    privacy = {
        "assessed_on": PLAIN, "examiner": PERSONAL, "state": PLAIN, "note": CLINICAL, "revision": PLAIN,
        "protocol_key": PLAIN, "protocol_version": PLAIN, "facts": CLINICAL, "typed": CLINICAL, "source": PLAIN,
        "signed_at": PLAIN, "signed_by": PERSONAL,
    }  # fmt: skip
    objects: ClassVar[AssessmentQuerySet] = AssessmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-assessed_on", "-created_at"]
        indexes = [
            models.Index(fields=["practice", "client", "-assessed_on"], name="assessments_of_client"),
            models.Index(fields=["practice", "assessed_on"], name="unsigned_assessments", condition=Q(state="draft")),
            models.Index(  # what a change of the protocol is tried on
                fields=["practice", "-assessed_on", "-id"],
                name="latest_signed_assessments",
                condition=Q(state="signed"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_at__isnull=False), name="a_signed_assessment_says_when"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_assessment_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["signed", "entered_in_error"])
                & ~pgtrigger.Q(old__state="signed", new__state="entered_in_error"),
            ),
            pgtrigger.Protect(
                name="signed_assessment_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["signed", "entered_in_error"]),
            ),
        ]

    def __str__(self) -> str:
        return f"Assessment of {self.assessed_on:%Y-%m-%d}"

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_signed(self) -> bool:
        return self.state == State.SIGNED


def parent_must_be_draft(name: str) -> pgtrigger.Trigger:
    """Rows of a signed assessment can be neither added, changed, taken away nor moved to another."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("owners", "uuid[]")],
        func="""
            IF TG_OP <> 'INSERT' THEN owners := owners || OLD.assessment_id; END IF;
            IF TG_OP <> 'DELETE' THEN owners := owners || NEW.assessment_id; END IF;
            IF EXISTS (SELECT FROM assessments_assessment WHERE id = ANY (owners) AND state <> 'draft') THEN
                RAISE EXCEPTION 'assessment % is signed: its % cannot change', owners[1], TG_TABLE_NAME;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class ReadingQuerySet(ScopedQuerySet):
    staff = CLINICIANS


class Reading(PracticeRecord):
    """One reading: a number, a grade or an observation, and how it was taken."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="readings")
    measure = models.CharField(max_length=60)
    side = models.CharField(max_length=5, blank=True)
    value = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    observed = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=10, blank=True)
    typed_value = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    typed_unit = models.CharField(max_length=10, blank=True)
    mode = models.CharField(max_length=10, blank=True)
    position = models.CharField(max_length=20, blank=True)
    instrument = models.CharField(max_length=20, blank=True)
    trial = models.PositiveSmallIntegerField(default=1)
    examiner = models.CharField(max_length=120, blank=True)
    pelvis_controlled = models.BooleanField(null=True, blank=True)
    pain = models.PositiveSmallIntegerField(null=True, blank=True)

    privacy = {
        "assessment": PLAIN, "measure": CLINICAL, "side": CLINICAL, "value": CLINICAL, "grade": CLINICAL,
        "observed": CLINICAL, "unit": PLAIN, "typed_value": CLINICAL, "typed_unit": PLAIN, "mode": CLINICAL,
        "position": CLINICAL, "instrument": PLAIN, "trial": PLAIN, "examiner": PERSONAL,
        "pelvis_controlled": CLINICAL, "pain": CLINICAL,
    }  # fmt: skip
    objects: ClassVar[ReadingQuerySet] = ReadingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "measure", "side", "mode", "position", "instrument", "trial"],
                name="one_reading_per_trial",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(grade="") | ~Q(observed=""), name="a_reading_says_something"
            ),
        ]
        indexes = [models.Index(fields=["practice", "measure"], name="readings_of_measure")]
        triggers = [parent_must_be_draft("readings_of_signed_are_immutable")]

    def as_rule(self) -> rules.Reading:
        """The reading as the rules take it: empty words become None, decimals floats."""
        return rules.Reading(
            measure=self.measure,
            side=self.side or None,
            value=None if self.value is None else float(self.value),
            grade=self.grade or None,
            observed=self.observed or None,
            unit=self.unit,
            mode=self.mode or None,
            position=self.position or None,
            instrument=self.instrument or None,
            trial=self.trial,
            examiner=self.examiner,
            pelvis_controlled=self.pelvis_controlled,
            pain=self.pain,
            typed_value=None if self.typed_value is None else float(self.typed_value),
            typed_unit=self.typed_unit,
        )
