from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from clinic.models.base import PLAIN, STAFF, PracticeRecord, Record, ScopedQuerySet
from clinic.models.people import Client
from clinic.models.practice import Practice


class State(models.TextChoices):
    PLANNED = "planned", "Planned"
    CLAIMED = "claimed", "Being sent"
    SENT = "sent", "Sent"
    SKIPPED = "skipped", "Not sent"
    FAILED = "failed", "Failed"
    UNCERTAIN = "uncertain", "Uncertain"


FINAL = (State.SENT, State.SKIPPED, State.FAILED, State.UNCERTAIN)


class ReminderQuerySet(ScopedQuerySet):
    staff = STAFF

    def needing_a_person(self) -> ReminderQuerySet:
        return self.filter(state__in=[State.FAILED, State.UNCERTAIN], seen_at=None)


class ReminderRow(PracticeRecord):
    """One message to one client on one local day. The row decides; Celery only wakes up.

    `due_at` is when it should leave, `not_before` when it may next be tried. `handing_over_at` is set in the moment
    before the mail server gets the message: a row claimed without it has provably not left. `counted` is set in the
    same moment, for kinds that take the client's one message of the day.
    """

    kind = models.CharField(max_length=40)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="%(class)ss")
    subject = models.UUIDField(help_text="What it is about, such as a programme.")
    local_date = models.DateField(help_text="The client's calendar day.")
    slot = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    not_before = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was skipped, failed or is uncertain.")
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    handing_over_at = models.DateTimeField(null=True, blank=True)
    counted = models.BooleanField(default=False, help_text="Takes the client's one message of the day.")
    settled_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="A person dealt with the failure.")
    provider_id = models.CharField(max_length=200, blank=True, db_default="", help_text="The mail service's own name.")

    privacy = dict.fromkeys(
        [
            "kind", "subject", "local_date", "slot", "due_at", "not_before", "state", "reason", "attempts",
            "claimed_at", "claimed_by", "handing_over_at", "counted", "settled_at",
            "seen_at", "provider_id",
        ],
        PLAIN,
    )  # fmt: skip
    objects: ClassVar[ReminderQuerySet] = ReminderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True
        ordering = ["-due_at"]


class Reminder(ReminderRow):
    """What is planned, under way, or was settled lately."""

    # Others begin with the practice, and every index is written three times a mail.
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="reminders", db_index=False)

    class Meta(ReminderRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "client", "kind", "subject", "local_date", "slot"],
                name="one_reminder_per_occurrence",
            ),
            models.UniqueConstraint(
                fields=["practice", "client", "local_date"], condition=Q(counted=True), name="one_counted_message_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], name="reminders_to_claim", condition=Q(state=State.PLANNED)),
            # Practices take turns: the oldest of each one is one step in this index.
            models.Index(
                fields=["practice", "not_before", "id"], name="reminders_by_practice",
                condition=Q(state=State.PLANNED),
            ),
            models.Index(fields=["claimed_at"], name="reminders_claimed", condition=Q(state=State.CLAIMED)),
            models.Index(
                fields=["practice", "-due_at"], name="reminders_for_a_person",
                condition=Q(state__in=[State.FAILED, State.UNCERTAIN], seen_at=None),
            ),
            models.Index(fields=["practice", "-due_at", "-id"], name="reminders_newest_first"),
            models.Index(fields=["practice", "client", "-due_at"], name="reminders_of_client"),
            # Reports of a mail service come without a practice.
            models.Index(fields=["provider_id"], name="reminders_by_provider_id", condition=~Q(provider_id="")),
        ]  # fmt: skip


class ArchivedReminder(ReminderRow):
    """What was settled long ago, moved here so that the working table stays small."""

    archived_at = models.DateTimeField(db_default=Now())

    privacy = {**ReminderRow.privacy, "archived_at": PLAIN}

    class Meta(ReminderRow.Meta):
        indexes = [
            models.Index(fields=["practice", "client", "-due_at"], name="archived_of_client"),
            models.Index(fields=["practice", "-due_at"], name="archived_of_practice"),
        ]


class PlanningMark(Record):
    """Up to when a kind's occurrences have been planned, so that an outage leaves no gap."""

    kind = models.CharField(max_length=40, unique=True)
    planned_at = models.DateTimeField()

    privacy = {"kind": PLAIN, "planned_at": PLAIN}

    def __str__(self) -> str:
        return self.kind
