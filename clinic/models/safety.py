from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.models.base import CLINICAL, CLINICIANS, PERSONAL, PLAIN, PracticeRecord, ScopedQuerySet
from clinic.models.people import Client
from clinic.models.practice import Membership


class Level(models.TextChoices):
    ASK = "ask", "Question open"
    URGENT = "urgent", "Urgent"
    EMERGENCY = "emergency", "Emergency"


LOCKING = (Level.URGENT, Level.EMERGENCY)


HEADLINES = {
    Level.ASK: "To be answered before a programme is published",
    Level.URGENT: "Urgent: medical review before any treatment",
    Level.EMERGENCY: "Emergency: call the client now",
}


class SafetyAlertQuerySet(ScopedQuerySet):
    staff = CLINICIANS

    def open(self) -> SafetyAlertQuerySet:
        return self.filter(cleared_at=None)

    def locking(self) -> SafetyAlertQuerySet:
        """Those that lock the programme and pause the reminders."""
        return self.open().filter(level__in=LOCKING)


class SafetyAlert(PracticeRecord):
    """A red flag that a clinician has to answer. Stays on record; cleared only by a named clinician with a note."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="safety_alerts")
    level = models.CharField(max_length=10, choices=Level)
    because = models.JSONField(help_text="Sentences for the clinician, one per reason.")
    source = models.CharField(max_length=40, help_text="What raised it, such as intake or assessment.")
    source_id = models.UUIDField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cleared_note = models.TextField(blank=True)

    privacy = {
        "level": CLINICAL, "because": CLINICAL, "source": PLAIN, "source_id": PLAIN,
        "cleared_at": PLAIN, "cleared_by": PERSONAL, "cleared_note": CLINICAL,
    }  # fmt: skip
    objects: ClassVar[SafetyAlertQuerySet] = SafetyAlertQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["practice", "client"], name="open_safety_alerts", condition=Q(cleared_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_at=None) | (Q(cleared_by__isnull=False) & ~Q(cleared_note="")),
                name="cleared_by_a_named_clinician_with_a_note",
            ),
            models.UniqueConstraint(fields=["practice", "source", "source_id"], name="one_alert_per_source"),
        ]

    @property
    def headline(self) -> str:
        return HEADLINES[Level(self.level)]

    @property
    def locks_programme(self) -> bool:
        return self.cleared_at is None and self.level in LOCKING
