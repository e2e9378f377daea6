from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from assessments import rules
from assessments.models.assessment import Assessment, parent_must_be_draft
from clinic.models import CLINICAL, CLINICIANS, PERSONAL, PLAIN, Membership, PracticeRecord, ScopedQuerySet


class FindingQuerySet(ScopedQuerySet):
    staff = CLINICIANS


class Finding(PracticeRecord):
    """What a rule made of the readings, with everything needed to explain it years later."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=60)
    side = models.CharField(max_length=5, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    confidence = models.CharField(max_length=10)
    because = models.JSONField(help_text="Readings, threshold and source, as in the result document.")
    rule_key = models.CharField(max_length=60)
    rule_version = models.PositiveIntegerField()
    protocol_version = models.CharField(max_length=40)
    evidence = models.CharField(max_length=20)
    text = models.TextField()
    client_text = models.TextField(blank=True)

    privacy = {
        "assessment": PLAIN, "code": CLINICAL, "side": CLINICAL, "grade": CLINICAL, "confidence": CLINICAL,
        "because": CLINICAL, "rule_key": CLINICAL, "rule_version": PLAIN, "protocol_version": PLAIN,
        "evidence": PLAIN, "text": CLINICAL, "client_text": CLINICAL,
    }  # fmt: skip
    objects: ClassVar[FindingQuerySet] = FindingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "code", "side"], name="one_finding_per_side")]
        indexes = [models.Index(fields=["practice", "code"], name="findings_by_code")]
        triggers = [parent_must_be_draft("findings_of_signed_are_immutable")]

    def as_rule(self) -> rules.Finding:
        """The finding as the rules gave it and as planning takes it."""
        return rules.Finding(
            code=self.code,
            side=self.side or None,
            grade=self.grade or None,
            confidence=self.confidence,
            because=tuple(rules.Because(**reason) for reason in self.because),
            rule=rules.Rule(self.rule_key, self.rule_version),
            evidence=self.evidence,
            text=self.text,
            client_text=self.client_text,
        )


class Decision(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    EDITED = "edited", "Edited"
    REJECTED = "rejected", "Rejected"


class FindingDecisionQuerySet(ScopedQuerySet):
    staff = CLINICIANS


class FindingDecision(PracticeRecord):
    """A therapist's word on a finding. Apart from the finding, so that re-evaluation never overwrites it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="decisions")
    code = models.CharField(max_length=60)
    side = models.CharField(max_length=5, blank=True)
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.CharField(max_length=300, blank=True)
    # db_default: code from before these two may still add rows while they are deployed
    grade = models.CharField(
        max_length=10, blank=True, default="", db_default="", help_text="Of an edited finding: the therapist's grade."
    )
    text = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Of an edited finding: the therapist's words, instead of the rule's.",
    )
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    privacy = {
        "assessment": PLAIN, "code": CLINICAL, "side": CLINICAL, "decision": CLINICAL, "reason": CLINICAL,
        "grade": CLINICAL, "text": CLINICAL, "decided_by": PERSONAL,
    }  # fmt: skip
    objects: ClassVar[FindingDecisionQuerySet] = FindingDecisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["practice", "assessment", "created_at"], name="decisions_of_assessment")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="accepted") | ~Q(reason=""), name="an_edit_or_rejection_has_a_reason"
            ),
        ]
