"""What the world says about our mail: what became of it after it left, and whether it leaves at all."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models

from clinic.models.base import PERSONAL, PLAIN, STAFF, PracticeRecord, Record, ScopedQuerySet
from clinic.models.people import Client
from clinic.models.reminder import ReminderRow

CLOCKS_DIFFER = datetime.timedelta(minutes=1)  # and some services tell whole seconds only


class Delivery(models.TextChoices):
    """In the order of what counts more, whatever arrives first: a complaint after a delivery is a complaint."""

    DEFERRED = "deferred", "On its way"
    DELIVERED = "delivered", "Delivered"
    REJECTED = "rejected", "Refused"
    BOUNCED = "bounced", "Came back"
    COMPLAINED = "complained", "Marked as unwanted"


class DeliveryEventQuerySet(ScopedQuerySet):
    staff = STAFF


class DeliveryEvent(PracticeRecord):
    """One report about one mail. `reminder` is no foreign key: its row may be archived, or not be settled yet."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="delivery_events")
    reminder = models.UUIDField()
    what = models.CharField(max_length=10, choices=Delivery)
    permanent = models.BooleanField(default=False, help_text="It will not get better by trying again.")
    code = models.CharField(max_length=20, blank=True, help_text="Status of RFC 3463, such as 5.1.1.")
    source = models.CharField(max_length=40, help_text="A provider, `mailbox`, or `smtp`.")
    event_id = models.CharField(max_length=200, help_text="The source's own name of this report.")
    sent_to = models.CharField(
        max_length=16, blank=True, db_default="", help_text="Fingerprint of the address it went to."
    )
    happened_at = models.DateTimeField()

    privacy = {
        **dict.fromkeys(["reminder", "what", "permanent", "code", "source", "event_id", "happened_at"], PLAIN),
        "sent_to": PERSONAL,
    }
    objects: ClassVar[DeliveryEventQuerySet] = DeliveryEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["happened_at"]
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="one_row_per_report")]
        indexes = [models.Index(fields=["practice", "reminder", "happened_at"], name="reports_of_reminder")]


def counts_for(row: ReminderRow, event: DeliveryEvent) -> bool:
    """Whether a report is about the row's latest try, not about one before it was sent again."""
    return row.handing_over_at is not None and event.happened_at >= row.handing_over_at - CLOCKS_DIFFER


class MailServer(Record):
    """Whether the way out works, shared by all workers. `rest_until`: nobody tries before that."""

    key = models.CharField(max_length=120, unique=True, help_text="Host and port, or the e-mail backend.")
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    down_since = models.DateTimeField(null=True, blank=True)
    rest_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    privacy = dict.fromkeys(["key", "failures", "down_since", "rest_until", "reason"], PLAIN)

    def __str__(self) -> str:
        return self.key


class MailDomain(PracticeRecord):
    """How many mails of a practice went to a recipient domain in a minute, and since when it writes there at all.

    `minute` and `used`: the last minute that was booked, and how much of it.
    """

    domain = models.CharField(max_length=255)
    first_used_at = models.DateTimeField()
    minute = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    privacy = dict.fromkeys(["domain", "first_used_at", "minute", "used"], PLAIN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "domain"], name="one_row_per_domain")]

    def __str__(self) -> str:
        return self.domain


class PulseOf(models.TextChoices):
    CLOCK = "clock", "Clock"
    WORKER = "worker", "Worker"
    TOTAL = "total", "All workers together"


class Pulse(Record):
    """Who is alive, and what was done: the clock, a worker on each host, and one row that counts for all of them."""

    role = models.CharField(max_length=10, choices=PulseOf)
    name = models.CharField(max_length=120, blank=True, help_text="The host.")
    at = models.DateTimeField()
    lag = models.FloatField(default=0, help_text="Seconds from the clock's tick to the work, last time.")
    sent = models.PositiveBigIntegerField(default=0)
    skipped = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)
    uncertain = models.PositiveBigIntegerField(default=0)
    retried = models.PositiveBigIntegerField(default=0)

    privacy = dict.fromkeys(["role", "name", "at", "lag", "sent", "skipped", "failed", "uncertain", "retried"], PLAIN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "name"], name="one_pulse_each")]

    def __str__(self) -> str:
        return f"{self.role} {self.name}".strip()
