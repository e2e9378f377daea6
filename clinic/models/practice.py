from __future__ import annotations

import datetime
import zoneinfo
from functools import cache
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
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


class Paper(models.TextChoices):
    A4 = "a4", "A4"
    LETTER = "letter", "Letter"


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
    # db_default: code from before these may still add rows while they are deployed
    address = models.CharField(max_length=200, blank=True, default="", db_default="")
    phone = models.CharField(max_length=40, blank=True, default="", db_default="")
    country = models.CharField(
        max_length=2, blank=True, default="", db_default="", validators=[RegexValidator(r"^[A-Z]{2}$")],
        help_text="Two letters, such as DE: how phone numbers without a country code are read.",
    )  # fmt: skip
    mail_name = models.CharField(
        max_length=80, blank=True, default="", db_default="", help_text="The sender's name in mails; empty: the name."
    )
    paper = models.CharField(max_length=6, choices=Paper, default=Paper.A4, db_default=Paper.A4.value)
    visit_minutes = models.PositiveSmallIntegerField(
        default=60, db_default=60, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    visit_reminder_hours = models.PositiveSmallIntegerField(
        default=24, db_default=24, validators=[MaxValueValidator(168)],
        help_text="How long before a visit its reminder leaves; 0: none does.",
    )  # fmt: skip
    reassess_after_days = models.PositiveSmallIntegerField(
        default=42, db_default=42, validators=[MinValueValidator(7), MaxValueValidator(365)]
    )
    reassess_after_sessions = models.PositiveSmallIntegerField(
        default=6, db_default=6, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    keep_years = models.PositiveSmallIntegerField(
        default=10, db_default=10, validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text="How long records are kept after the last contact.",
    )  # fmt: skip
    measuring = models.JSONField(
        default=dict, blank=True, db_default=models.Value({}, models.JSONField()),
        help_text="What the measuring screen begins with: the instrument, and mode and position of each measure.",
    )  # fmt: skip

    language = models.CharField(
        max_length=10,
        default="en",
        db_default="en",
        help_text="Of mails and portal, unless a client chose another.",
    )
    check_birth_date = models.BooleanField(
        default=True, db_default=True, help_text="A form opened by its link first asks for the date of birth."
    )
    pain_pause_from = models.PositiveSmallIntegerField(
        null=True, blank=True, default=7, db_default=7, validators=[MaxValueValidator(10)],
        help_text="Pain out of 10 at which a client's programme pauses until a clinician looked; empty: never.",
    )  # fmt: skip
    offer_smaller = models.BooleanField(
        default=False, db_default=False,
        help_text="A client who does less than half for two weeks is offered a smaller programme.",
    )  # fmt: skip

    privacy = {
        "slug": PLAIN, "name": PLAIN, "timezone": PLAIN, "reply_to": PLAIN, "emergency_number": PLAIN,
        "reminder_time": PLAIN, "quiet_from": PLAIN, "quiet_until": PLAIN, "client_counter": PLAIN,
        "address": PLAIN, "phone": PLAIN, "country": PLAIN, "mail_name": PLAIN, "paper": PLAIN, "visit_minutes": PLAIN,
        "visit_reminder_hours": PLAIN, "reassess_after_days": PLAIN, "reassess_after_sessions": PLAIN,
        "keep_years": PLAIN, "measuring": PLAIN, "language": PLAIN, "check_birth_date": PLAIN, "pain_pause_from": PLAIN,
        "offer_smaller": PLAIN,
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


class LogoQuerySet(ScopedQuerySet):
    staff = STAFF


class Logo(PracticeRecord):
    """The practice's picture at the top of mails and of the portal. In the database: every machine has it."""

    picture = models.BinaryField()
    media_type = models.CharField(max_length=40)
    width = models.PositiveSmallIntegerField(help_text="Pixels.")
    height = models.PositiveSmallIntegerField(help_text="Pixels.")

    privacy = {"picture": PLAIN, "media_type": PLAIN, "width": PLAIN, "height": PLAIN}
    objects: ClassVar[LogoQuerySet] = LogoQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice"], name="one_logo_per_practice")]


class MembershipQuerySet(ScopedQuerySet):
    staff = STAFF


class Membership(PracticeRecord):
    """Somebody who works at a practice, in one role."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    display_name = models.CharField(max_length=120, help_text="As colleagues and clients read it.")
    is_active = models.BooleanField(default=True)
    supervisor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="trainees", db_index=False,
        help_text="Of a trainee: who signs their session notes with them.",
    )  # fmt: skip
    calendar_key = models.PositiveIntegerField(
        default=1,
        db_default=1,
        editable=False,
        help_text="Part of the feed’s address; a new one ends the old.",
    )

    privacy = {
        "user": PERSONAL, "role": PLAIN, "display_name": PERSONAL, "is_active": PLAIN, "supervisor": PERSONAL,
        "calendar_key": PLAIN,
    }  # fmt: skip
    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "user"], name="one_membership_per_practice")]

    def __str__(self) -> str:
        return self.display_name
