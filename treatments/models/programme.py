from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext, ngettext

from assessments.models import Assessment
from clinic.models import (
    CLINICAL,
    CLINICIANS,
    PERSONAL,
    PLAIN,
    Client,
    Membership,
    Practice,
    PracticeRecord,
    ScopedQuerySet,
)  # fmt: skip
from treatments.planning import LIBRARY, Exercise, in_language


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    ENDED = "ended", "Ended"


class ProgrammeQuerySet(ScopedQuerySet):
    staff = CLINICIANS
    client_path = "client__user"
    shared = ~Q(state=State.DRAFT)

    def published(self) -> ProgrammeQuerySet:
        return self.filter(state=State.PUBLISHED)


class Programme(PracticeRecord):
    """What a client does at home until a day, and which findings it answers. At most one is published per client."""

    # Every running programme is written once a day, with all its indexes: so it has few. That of what is published
    # begins with the practice, that of the client's programmes with the client; who published is read from here only.
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="programmes", db_index=False)
    assessment = models.ForeignKey(Assessment, null=True, on_delete=models.PROTECT, related_name="programmes")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    starts_on = models.DateField()
    until = models.DateField(help_text="Last day, in the client's calendar.")
    advice = models.JSONField(default=list, help_text="Sentences for the client, such as the walking line.")
    left_out = models.JSONField(default=list, help_text="Exercise, side and because, as in the result document.")
    no_exercise = models.JSONField(default=list, help_text="Findings that lead to no exercise by themselves, and why.")
    note = models.TextField(blank=True, help_text="From the therapist to the client.")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)
    remind_at = models.DateTimeField(
        null=True, editable=False, help_text="When the reminder next looks at this programme; empty: never again."
    )

    held_at = models.DateTimeField(null=True, blank=True, help_text="Paused because it hurt, until a clinician looked.")
    held_because = models.CharField(max_length=200, blank=True, default="", db_default="")
    smaller_offered_at = models.DateTimeField(
        null=True, blank=True, help_text="When less was offered, once it is decided."
    )
    smaller_taken_at = models.DateTimeField(null=True, blank=True)
    smaller_refused_at = models.DateTimeField(null=True, blank=True)

    privacy = {
        "held_at": PLAIN, "held_because": CLINICAL, "smaller_offered_at": PLAIN, "smaller_taken_at": PLAIN,
        "smaller_refused_at": PLAIN,
        "assessment": PLAIN, "state": PLAIN, "starts_on": PLAIN, "until": PLAIN, "advice": CLINICAL,
        "left_out": CLINICAL, "no_exercise": CLINICAL,
        "note": CLINICAL, "published_at": PLAIN, "published_by": PERSONAL, "ended_at": PLAIN,
        "ended_because": CLINICAL, "remind_at": PLAIN,
    }  # fmt: skip
    objects: ClassVar[ProgrammeQuerySet] = ProgrammeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "client"], condition=Q(state="published"), name="one_published_programme_per_client"
            ),
            models.CheckConstraint(
                condition=Q(until__gte=models.F("starts_on")), name="a_programme_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-created_at"], name="programmes_by_client"),
            models.Index(fields=["remind_at"], name="programmes_to_remind_of", condition=Q(state="published")),
            # Two that hardly any programme is in.
            models.Index(
                fields=["client"], name="programmes_held", condition=Q(state="published", held_at__isnull=False)
            ),
            models.Index(
                fields=["client"], name="programmes_smaller_taken", condition=Q(smaller_taken_at__isnull=False)
            ),
        ]

    @property
    def told_advice(self) -> list[str]:
        """`advice` in the language of the page."""
        return [in_language(sentence, get_language() or "en") for sentence in self.advice]


class ProgrammeItemQuerySet(ScopedQuerySet):
    staff = CLINICIANS
    client_path = "programme__client__user"
    shared = ~Q(programme__state=State.DRAFT)

    def running(self) -> ProgrammeItemQuerySet:
        return self.filter(stopped_at=None)


class ProgrammeItem(PracticeRecord):
    """One exercise of a programme: side, dose and the days of the week it is for."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField(default=0)
    exercise = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    target = models.CharField(max_length=40, blank=True)
    side = models.CharField(max_length=5, blank=True)
    hold_seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    repetitions = models.PositiveSmallIntegerField(null=True, blank=True)
    sets = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of activities.")
    changes = models.JSONField(default=list, help_text="How this client does it differently, in words for them.")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), help_text="ISO: 1 is Monday.")
    for_findings = models.JSONField(default=list)
    # db_default: code from before these two may still add rows while they are deployed
    because = models.TextField(
        blank=True, default="", db_default="", help_text="From finding to exercise to dose, for the therapist."
    )
    maintenance = models.BooleanField(
        default=False, db_default=False, help_text="Its target is reached; it is only kept up."
    )
    suggested = models.JSONField(
        null=True, blank=True, help_text="Side, dose and weekdays as planned; empty: a clinician added it."
    )
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_because = models.CharField(max_length=200, blank=True)

    privacy = {
        "programme": PLAIN, "place": PLAIN, "exercise": CLINICAL, "kind": PLAIN, "target": CLINICAL, "side": CLINICAL,
        "hold_seconds": PLAIN, "repetitions": PLAIN, "sets": PLAIN, "minutes": PLAIN,
        "changes": CLINICAL, "weekdays": PLAIN, "for_findings": CLINICAL,
        "because": CLINICAL, "maintenance": PLAIN, "suggested": CLINICAL,
        "stopped_at": PLAIN, "stopped_because": CLINICAL,
    }  # fmt: skip
    objects: ClassVar[ProgrammeItemQuerySet] = ProgrammeItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["place", "id"]
        indexes = [models.Index(fields=["practice", "programme", "place"], name="items_of_programme")]
        constraints = [
            models.UniqueConstraint(fields=["programme", "exercise", "side"], name="one_item_per_exercise_and_side"),
        ]

    @property
    def days_per_week(self) -> int:
        return len(self.weekdays)

    @property
    def about(self) -> Exercise:
        """What the library says about it. A key that the library no longer knows is a KeyError."""
        return LIBRARY[self.exercise]

    @property
    def told(self) -> Exercise:
        """`about` for who reads it now: in the language of the page."""
        return in_language(self.about, get_language() or "en")

    @property
    def told_changes(self) -> list[str]:
        return [in_language(change, get_language() or "en") for change in self.changes]

    @property
    def neighbours(self) -> list[tuple[str, Exercise]]:
        """("easier", …) and ("harder", …), as far as the library has them."""
        known = {"easier": self.about.easier, "harder": self.about.harder}
        return [(step, LIBRARY[key]) for step, key in known.items() if key]

    @property
    def changed_by_hand(self) -> bool:
        """Side, dose or days are no longer what was suggested."""
        return self.suggested is not None and any(getattr(self, name) != was for name, was in self.suggested.items())

    @property
    def both_sides(self) -> bool:
        return self.about.sided and not self.side

    @property
    def dose(self) -> str:
        """In words, as everybody reads it, in the language of the page."""
        if self.minutes:
            said = [counted("{n} minute", "{n} minutes", self.minutes)]
            often = self.repetitions if (self.repetitions or 1) > 1 else None
            said += [counted("{n} time a day", "{n} times a day", often)]
        else:
            said = [
                counted("hold {n} second", "hold {n} seconds", self.hold_seconds),
                counted("{n} time", "{n} times", self.repetitions),
                counted("{n} round", "{n} rounds", self.sets if self.sets > 1 else None),
                gettext("each side") if self.both_sides else "",
            ]
        words = ", ".join(part for part in said if part)
        return words[:1].upper() + words[1:]


def counted(one: str, many: str, n: int | None) -> str:
    """A number with its word; nothing for no number."""
    return ngettext(one, many, n).format(n=n) if n else ""


class Outcome(models.TextChoices):
    DONE = "done", "Done"
    SKIPPED = "skipped", "Skipped"
    TOO_PAINFUL = "too_painful", "Too painful"


class HomeLogQuerySet(ScopedQuerySet):
    staff = CLINICIANS
    client_path = "client__user"


class HomeLog(PracticeRecord):
    """What the client did with one exercise on one of their calendar days. The last answer of a day counts."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="home_logs")
    item = models.ForeignKey(ProgrammeItem, on_delete=models.CASCADE, related_name="logs")
    local_date = models.DateField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    word = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="By the client's device, where it was offline: the later tap counts."
    )
    seen_at = models.DateTimeField(null=True, blank=True, help_text="A clinician dealt with a too-painful answer.")

    privacy = {
        "item": PLAIN, "local_date": PLAIN, "outcome": CLINICAL, "word": CLINICAL, "changed_at": PLAIN,
        "answered_at": PLAIN, "seen_at": PLAIN,
    }  # fmt: skip
    objects: ClassVar[HomeLogQuerySet] = HomeLogQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-local_date"]
        constraints = [models.UniqueConstraint(fields=["item", "local_date"], name="one_answer_per_item_and_day")]
        indexes = [
            models.Index(fields=["practice", "client", "-local_date"], name="home_log_of_client"),
            models.Index(
                fields=["practice", "-local_date"], name="too_painful_unseen",
                condition=Q(outcome="too_painful", seen_at=None),
            ),
        ]  # fmt: skip


class HomeDayQuerySet(ScopedQuerySet):
    staff = CLINICIANS
    client_path = "client__user"


class HomeDay(PracticeRecord):
    """How a client's day at home was: pain before and after the exercises, 0 to 10."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="home_days", db_index=False)
    local_date = models.DateField()
    pain_before = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_after = models.PositiveSmallIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    privacy = {"local_date": PLAIN, "pain_before": CLINICAL, "pain_after": CLINICAL, "changed_at": PLAIN}
    objects: ClassVar[HomeDayQuerySet] = HomeDayQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-local_date"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "client", "local_date"], name="one_home_day"),
            models.CheckConstraint(
                condition=(Q(pain_before=None) | Q(pain_before__lte=10)) & (Q(pain_after=None) | Q(pain_after__lte=10)),
                name="pain_is_0_to_10",
            ),
        ]
