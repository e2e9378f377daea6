"""What needs somebody, as a list that is the same at a hundred times the clients: found ahead, read by an index."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from clinic.models.base import CLINICAL, PERSONAL, PLAIN, STAFF, PracticeRecord, ScopedQuerySet
from clinic.models.people import Client
from clinic.models.practice import Membership


class AttentionQuerySet(ScopedQuerySet):
    staff = STAFF  # which kinds a role sees is the kind's to say: `clinic.attention`


class Attention(PracticeRecord):
    """A client who needs somebody, and why. It goes when what it says is no longer so, or is put off until a day."""

    kind = models.CharField(max_length=40)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = models.UUIDField(help_text="What it is about, such as a programme; the client where nothing else.")
    since = models.DateTimeField(help_text="When it began to be so.")
    facts = models.JSONField(default=dict, help_text="What its sentence says: numbers and days.")
    rank = models.PositiveSmallIntegerField(default=50, help_text="Lower comes first.")
    put_off_until = models.DateField(null=True, blank=True)
    put_off_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    privacy = {
        "kind": CLINICAL, "subject": PLAIN, "since": PLAIN, "facts": CLINICAL, "rank": PLAIN,
        "put_off_until": PLAIN, "put_off_by": PERSONAL,
    }  # fmt: skip
    objects: ClassVar[AttentionQuerySet] = AttentionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["rank", "-since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "kind", "client", "subject"], name="one_attention_per_subject"),
        ]
        indexes = [
            models.Index(fields=["practice", "rank", "-since", "id"], name="attention_in_order"),
            models.Index(fields=["practice", "client"], name="attention_of_client"),
        ]
