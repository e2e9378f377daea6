from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.models.base import CLINICAL, PERSONAL, PLAIN, STAFF, PracticeRecord, ScopedQuerySet
from clinic.models.people import Client
from clinic.models.practice import Membership


class MessageQuerySet(ScopedQuerySet):
    staff = STAFF
    client_path = "client__user"

    def from_clients(self) -> MessageQuerySet:
        return self.filter(written_by=None)

    def from_practice(self) -> MessageQuerySet:
        return self.exclude(written_by=None)

    def unread(self) -> MessageQuerySet:
        return self.filter(read_at=None)


class Message(PracticeRecord):
    """A few words between a client and the practice. `written_by` empty: the client wrote it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="messages", db_index=False)
    written_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.TextField(max_length=2000)
    sent_key = models.UUIDField(help_text="Made by the page it was written on: sent twice, it is kept once.")
    read_at = models.DateTimeField(null=True, blank=True, help_text="By the other side.")
    read_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    privacy = {
        "written_by": PERSONAL, "text": CLINICAL, "sent_key": PLAIN, "read_at": PLAIN, "read_by": PERSONAL,
    }  # fmt: skip
    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["practice", "client", "-created_at"], name="messages_of_client"),
            models.Index(
                fields=["practice", "client", "created_at"], name="messages_for_the_practice",
                condition=Q(written_by=None, read_at=None),
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["practice", "client", "sent_key"], name="a_message_is_kept_once"),
        ]
