from __future__ import annotations

from typing import ClassVar

from django.db import models

from clinic.models.base import CLINICAL, CLINICIANS, PERSONAL, PLAIN, PracticeRecord, ScopedQuerySet
from clinic.models.people import Client
from clinic.models.practice import Membership


class ClientFileQuerySet(ScopedQuerySet):
    staff = CLINICIANS

    def kept(self) -> ClientFileQuerySet:
        return self.filter(removed_at=None)


def where_it_lies(file: ClientFile, name: str) -> str:
    """By ids only: a path says nothing about anybody."""
    return f"clients/{file.practice_id}/{file.pk}"


class ClientFile(PracticeRecord):
    """A document about a client, such as a referral. What is removed leaves the list, not the disk."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="files", db_index=False)
    name = models.CharField(max_length=200)
    about = models.CharField(max_length=200, blank=True)
    content = models.FileField(upload_to=where_it_lies, max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    privacy = {
        "name": CLINICAL, "about": CLINICAL, "content": PLAIN, "media_type": PLAIN, "size": PLAIN, "sha256": PLAIN,
        "added_by": PERSONAL, "removed_at": PLAIN,
    }  # fmt: skip
    objects: ClassVar[ClientFileQuerySet] = ClientFileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["practice", "client", "-created_at"], name="files_of_client")]

    def __str__(self) -> str:
        return self.name
