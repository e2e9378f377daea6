from __future__ import annotations

import datetime
import zoneinfo
from functools import cache
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models

from clinic.models.base import PERSONAL, PLAIN, STAFF, PracticeRecord, Record, Role, ScopedQuerySet


def validate_timezone(name: str) -> None:
    """Area/Location or UTC: short names such as CET mean a fixed offset to PostgreSQL and not to Python.

    The database plans the mails, and an old one does not know a zone that is newer than itself.
    """
    if name == "UTC":
        return
    if "/" not in name or name not in zoneinfo.available_timezones():
        raise ValidationError("“%(name)s” is no time zone. Use a name such as Europe/Berlin.", params={"name": name})
    if name not in zones_of_the_database():
        raise ValidationError(
            "The database does not know the time zone “%(name)s” yet. Choose another with the same time.",
            params={"name": name},
        )


@cache
def zones_of_the_database() -> frozenset[str]:
    """Asked once a process: it reads some hundred files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names")
        return frozenset(name for (name,) in cursor.fetchall())


class PracticeQuerySet(ScopedQuerySet):
    staff = STAFF

    def _practice_path(self) -> str:
        return "pk"


class Practice(Record):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_timezone])
    reply_to = models.EmailField(blank=True, help_text="Where a client's answer to a mail goes.")
    emergency_number = models.CharField(max_length=20, default="112")
    reminder_time = models.TimeField(default=datetime.time(18, 0), help_text="Client's local time, unless they chose.")
    quiet_from = models.TimeField(default=datetime.time(21, 0), help_text="No mail from here, client's local time.")
    quiet_until = models.TimeField(default=datetime.time(7, 0))
    client_counter = models.PositiveIntegerField(default=0, editable=False)

    privacy = {
        "slug": PLAIN, "name": PLAIN, "timezone": PLAIN, "reply_to": PLAIN, "emergency_number": PLAIN,
        "reminder_time": PLAIN, "quiet_from": PLAIN, "quiet_until": PLAIN, "client_counter": PLAIN,
    }  # fmt: skip
    objects: ClassVar[PracticeQuerySet] = PracticeQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    def is_quiet(self, at: datetime.time) -> bool:
        """Whether no mail leaves at that time of a client's day. Equal times mean that there are no quiet hours."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until


class MembershipQuerySet(ScopedQuerySet):
    staff = STAFF


class Membership(PracticeRecord):
    """Somebody who works at a practice, in one role."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    display_name = models.CharField(max_length=120, help_text="As colleagues and clients read it.")
    is_active = models.BooleanField(default=True)

    privacy = {"user": PERSONAL, "role": PLAIN, "display_name": PERSONAL, "is_active": PLAIN}
    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "user"], name="one_membership_per_practice")]

    def __str__(self) -> str:
        return self.display_name
