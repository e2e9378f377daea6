from __future__ import annotations

import datetime
import re
import unicodedata
import uuid
import zoneinfo
from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from phonenumber_field.modelfields import PhoneNumberField

from clinic.models.base import PERSONAL, PLAIN, STAFF, PracticeRecord, ScopedQuerySet
from clinic.models.practice import Membership, validate_timezone

WORD = re.compile(r"\w+")


class Sex(models.TextChoices):
    """Only to choose norms; says nothing else about a person."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    UNSPECIFIED = "unspecified", "Not specified"


def folded(text: str) -> str:
    """Lower case without accents, so that a search for “Jose” finds “José”."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


class MailDetail(models.TextChoices):
    """How much the daily mail may say; anybody who sees the phone sees it too."""

    NEUTRAL = "neutral", "Only that something is waiting"
    EXERCISES = "exercises", "What to do today, in words"
    PICTURES = "pictures", "What to do today, with pictures"


class ClientQuerySet(ScopedQuerySet):
    staff = STAFF
    client_path = "user"

    def active(self) -> ClientQuerySet:
        return self.filter(archived_at=None)

    def behind(self, pk: uuid.UUID) -> ClientQuerySet:
        """The one of that id; of a row that was merged the one that goes on: what leads to the old row leads there."""
        goes_on = Client.objects.filter(pk=pk).values("merged_into")
        return self.filter(pk=Coalesce(models.Subquery(goes_on), models.Value(pk, models.UUIDField())))

    def matching(self, words: str) -> ClientQuerySet:
        """Every word must begin a word of the name, the reference or the phone number. By an index."""
        wanted = " & ".join(f"{word}:*" for word in WORD.findall(folded(words)))
        if not wanted:
            return self if not words.strip() else self.none()
        query = SearchQuery(wanted, search_type="raw", config="simple")
        return self.alias(found=SearchVector("search", config="simple")).filter(found=query)


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
    therapist = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="clients", db_index=False
    )
    reminder_time = models.TimeField(null=True, blank=True)
    reminders_paused_until = models.DateField(null=True, blank=True)
    reminders_stopped_at = models.DateTimeField(null=True, blank=True)
    email_bounced_at = models.DateTimeField(null=True, blank=True)
    email_refused_at = models.DateTimeField(
        null=True, blank=True, help_text="The client withdrew their consent to mail of any kind."
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    # db_default: code from before it may still add rows while it is deployed
    phone = PhoneNumberField(blank=True, default="", db_default="")
    search = models.CharField(max_length=400, editable=False)
    language = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        help_text="Of mails and portal; empty: the practice's.",
    )
    mail_detail = models.CharField(
        max_length=10, choices=MailDetail, default=MailDetail.NEUTRAL, db_default=MailDetail.NEUTRAL.value
    )
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(), null=True, blank=True,
        help_text="ISO weekdays of the daily mail; not set: every day with something to do; empty: none, they look.",
    )  # fmt: skip
    reminders_skipped_on = models.DateField(null=True, blank=True, help_text="The day the client wants nothing more.")
    snoozed_until = models.DateTimeField(null=True, blank=True, help_text="Later today; then the mail comes once more.")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False,
        help_text="Of a person who was here twice: the row that goes on.",
    )  # fmt: skip

    privacy = {
        "ref": PLAIN, "given_name": PERSONAL, "family_name": PERSONAL, "date_of_birth": PERSONAL, "sex": PERSONAL,
        "email": PERSONAL, "timezone": PERSONAL, "user": PERSONAL, "therapist": PERSONAL, "reminder_time": PLAIN,
        "reminders_paused_until": PLAIN, "reminders_stopped_at": PLAIN, "email_bounced_at": PLAIN,
        "email_refused_at": PLAIN,
        "archived_at": PLAIN, "phone": PERSONAL, "search": PERSONAL, "language": PERSONAL, "mail_detail": PLAIN,
        "reminder_days": PLAIN, "reminders_skipped_on": PLAIN, "snoozed_until": PLAIN, "merged_into": PERSONAL,
    }  # fmt: skip
    objects: ClassVar[ClientQuerySet] = ClientQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["family_name", "given_name", "id"]
        indexes = [
            models.Index(fields=["practice", "family_name", "given_name", "id"], name="client_by_name"),
            GinIndex(SearchVector("search", config="simple"), name="client_search"),
            models.Index(fields=["practice", "-id"], name="client_newest_first"),
            models.Index(
                fields=["practice", "family_name", "given_name", "id"], name="client_archived_by_name",
                condition=models.Q(archived_at__isnull=False),
            ),
            models.Index(
                fields=["practice"], name="client_mail_came_back", condition=models.Q(email_bounced_at__isnull=False)
            ),
            models.Index(fields=["therapist", "family_name", "given_name", "id"], name="client_of_therapist_by_name"),
            models.Index(
                fields=["practice", "date_of_birth"], name="clients_by_birth", condition=models.Q(archived_at=None)
            ),
        ]  # fmt: skip
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
            raise ValidationError({"date_of_birth": _("A date of birth lies between 120 years ago and today.")})
        if self.reminder_time and self.practice_id and self.practice.is_quiet(self.reminder_time):
            quiet = {"since": f"{self.practice.quiet_from:%H:%M}", "until": f"{self.practice.quiet_until:%H:%M}"}
            said = _("No mail leaves between %(since)s and %(until)s: choose a time outside of that.") % quiet
            raise ValidationError({"reminder_time": said})

    def save(self, *args: object, **kwargs: object) -> None:
        self.search = self.search_text()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def search_text(self) -> str:
        """Words that the database finds by how they begin: names, the reference and its number, the phone number as
        it is written at home and abroad."""
        return " ".join([*WORD.findall(folded(f"{self.given_name} {self.family_name} {self.ref}")), *self._numbers()])

    def _numbers(self) -> Iterator[str]:
        yield "".join(letter for letter in self.ref if letter.isdigit()).lstrip("0")
        if self.phone:
            number = str(self.phone.national_number)
            yield from (f"{self.phone.country_code}{number}", f"0{number}", number, number[-4:])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone or self.practice.timezone)

    @property
    def speaks(self) -> str:
        """Code of the language for mails and portal."""
        return self.language or self.practice.language

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
