from __future__ import annotations

import datetime
import unicodedata
import zoneinfo
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from clinic.models.base import PERSONAL, PLAIN, STAFF, PracticeRecord, ScopedQuerySet
from clinic.models.practice import Membership, validate_timezone


class Sex(models.TextChoices):
    """Only to choose norms; says nothing else about a person."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    UNSPECIFIED = "unspecified", "Not specified"


def folded(text: str) -> str:
    """Lower case without accents, so that a search for “Jose” finds “José”."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


class ClientQuerySet(ScopedQuerySet):
    staff = STAFF
    client_path = "user"

    def active(self) -> ClientQuerySet:
        return self.filter(archived_at=None)

    def matching(self, words: str) -> ClientQuerySet:
        """Every word must occur in the name or the reference."""
        found = self
        for word in folded(words).split():
            found = found.filter(search__contains=word)
        return found


class Client(PracticeRecord):
    """A person in care; has no log-in unless they wanted one."""

    ref = models.CharField("reference", max_length=40)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    date_of_birth = models.DateField(null=True, blank=True)
    sex = models.CharField("sex for norms", max_length=12, choices=Sex, default=Sex.UNSPECIFIED)
    email = models.EmailField(blank=True)
    timezone = models.CharField(max_length=64, blank=True, validators=[validate_timezone])
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    therapist = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="clients")
    reminder_time = models.TimeField(null=True, blank=True)
    reminders_paused_until = models.DateField(null=True, blank=True)
    reminders_stopped_at = models.DateTimeField(null=True, blank=True)
    email_bounced_at = models.DateTimeField(null=True, blank=True)
    email_refused_at = models.DateTimeField(
        null=True, blank=True, help_text="The client withdrew their consent to mail of any kind."
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    search = models.CharField(max_length=240, editable=False)

    privacy = {
        "ref": PLAIN, "given_name": PERSONAL, "family_name": PERSONAL, "date_of_birth": PERSONAL, "sex": PERSONAL,
        "email": PERSONAL, "timezone": PERSONAL, "user": PERSONAL, "therapist": PERSONAL, "reminder_time": PLAIN,
        "reminders_paused_until": PLAIN, "reminders_stopped_at": PLAIN, "email_bounced_at": PLAIN,
        "email_refused_at": PLAIN,
        "archived_at": PLAIN, "search": PERSONAL,
    }  # fmt: skip
    objects: ClassVar[ClientQuerySet] = ClientQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["family_name", "given_name", "id"]
        indexes = [models.Index(fields=["practice", "family_name", "given_name", "id"], name="client_by_name")]
        constraints = [
            models.UniqueConstraint(
                "practice",
                Lower("ref"),
                name="one_client_per_reference",
                violation_error_message="Another client of this practice has this reference.",
            ),
            models.UniqueConstraint(
                "practice", Lower("given_name"), Lower("family_name"), "date_of_birth",
                condition=models.Q(archived_at=None), name="one_client_per_person",
                violation_error_message="This practice already has a client of this name and date of birth.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def clean(self) -> None:
        born, today = self.date_of_birth, timezone.localdate()
        if born and not (today.year - 120 <= born.year and born <= today):
            raise ValidationError({"date_of_birth": "A date of birth lies between 120 years ago and today."})
        if self.reminder_time and self.practice_id and self.practice.is_quiet(self.reminder_time):
            quiet = f"{self.practice.quiet_from:%H:%M} and {self.practice.quiet_until:%H:%M}"
            raise ValidationError({"reminder_time": f"No mail leaves between {quiet}: choose a time outside of that."})

    def save(self, *args: object, **kwargs: object) -> None:
        self.search = self.search_text()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def search_text(self) -> str:
        return folded(f"{self.given_name} {self.family_name} {self.ref}")

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone or self.practice.timezone)

    @property
    def today(self) -> datetime.date:
        """The client's own calendar day."""
        return timezone.now().astimezone(self.zone).date()

    @property
    def age(self) -> int | None:
        return self.age_on(self.today)

    @property
    def reminders_paused(self) -> bool:
        return self.reminders_paused_until is not None and self.reminders_paused_until > self.today

    def age_on(self, day: datetime.date) -> int | None:
        """Completed years; None without a date of birth."""
        born = self.date_of_birth
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
