"""The diary: who comes when, to whom and where; when the practice is open and who is away."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from clinic.models.base import CLINICAL, PERSONAL, PLAIN, STAFF, PracticeRecord, ScopedQuerySet
from clinic.models.people import Client
from clinic.models.practice import Membership


class PlaceQuerySet(ScopedQuerySet):
    staff = STAFF

    def in_use(self) -> PlaceQuerySet:
        return self.filter(is_active=True)


class Location(PracticeRecord):
    """A house that the practice works in."""

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)

    privacy = {"name": PLAIN, "address": PLAIN, "is_active": PLAIN}
    objects: ClassVar[PlaceQuerySet] = PlaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["practice", "name"], name="one_location_per_name")]

    def __str__(self) -> str:
        return self.name


class Room(PracticeRecord):
    """A room of a location; one visit at a time."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    privacy = {"location": PLAIN, "name": PLAIN, "is_active": PLAIN}
    objects: ClassVar[PlaceQuerySet] = PlaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["location", "name"], name="one_room_per_name")]

    def __str__(self) -> str:
        return self.name


class HoursQuerySet(ScopedQuerySet):
    staff = STAFF


class Hours(PracticeRecord):
    """On one day of the week, from when to when, on the clocks of the practice. Several a day leave a break between."""

    member = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.CASCADE, related_name="hours",
        help_text="Whose working hours; empty: the practice is open.",
    )  # fmt: skip
    weekday = models.PositiveSmallIntegerField(help_text="ISO: 1 is Monday.")
    opens = models.TimeField()
    closes = models.TimeField()

    privacy = {"member": PERSONAL, "weekday": PLAIN, "opens": PLAIN, "closes": PLAIN}
    objects: ClassVar[HoursQuerySet] = HoursQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="hours_end_after_they_begin"),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="hours_are_of_a_weekday"),
        ]
        indexes = [models.Index(fields=["practice", "weekday"], name="hours_of_practice")]


class Absence(PracticeRecord):
    """Somebody is away, or the practice is closed."""

    member = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.CASCADE, related_name="absences",
        help_text="Who is away; empty: the practice is closed.",
    )  # fmt: skip
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)

    privacy = {"member": PERSONAL, "starts_at": PLAIN, "ends_at": PLAIN, "reason": PERSONAL}
    objects: ClassVar[HoursQuerySet] = HoursQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="an_absence_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["practice", "ends_at"], name="absences_of_practice")]


A_DAY = datetime.timedelta(days=1)


class VisitState(models.TextChoices):
    BOOKED = "booked", "Booked"
    DONE = "done", "Came"
    NO_SHOW = "no_show", "Did not come"
    CANCELLED = "cancelled", "Cancelled"


class Purpose(models.TextChoices):
    FIRST = "first", "First visit"
    FOLLOW_UP = "follow_up", "Follow-up"
    REASSESSMENT = "reassessment", "Re-assessment"


class VisitQuerySet(ScopedQuerySet):
    staff = STAFF

    def standing(self) -> VisitQuerySet:
        """Takes its time in the diary: neither cancelled nor missed."""
        return self.filter(state__in=STANDING)

    def between(self, start: datetime.datetime, end: datetime.datetime) -> VisitQuerySet:
        """Those that overlap that time. None lasts a day, so an index by the beginning leaves out all of the past."""
        return self.filter(starts_at__gt=start - A_DAY, starts_at__lt=end, ends_at__gt=start)


STANDING = (VisitState.BOOKED, VisitState.DONE)


def _only(field: str) -> Func:
    """A range of one id: what the exclusion constraint compares, without an extension of PostgreSQL."""
    return Func(F(field), F(field), Value("[]"), function="clinic_uuidrange")


class _Time(Func):
    function = "tstzrange"
    output_field = DateTimeRangeField()


class Visit(PracticeRecord):
    """A client comes at a time, to somebody, perhaps in a room; neither twice at once: the database sees to it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="visits", db_index=False)
    therapist = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="visits", db_index=False)
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="visits")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.FOLLOW_UP)
    note = models.CharField(max_length=300, blank=True, help_text="For the practice only.")
    state = models.CharField(max_length=10, choices=VisitState, default=VisitState.BOOKED)
    state_because = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1, help_text="Counts changes; a second editor is told.")
    booked_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField(auto_now=True)

    privacy = {
        "therapist": PERSONAL, "room": PLAIN, "starts_at": PERSONAL, "ends_at": PERSONAL, "purpose": PERSONAL,
        "note": CLINICAL, "state": PLAIN, "state_because": CLINICAL, "revision": PLAIN, "booked_by": PERSONAL,
        "changed_at": PLAIN,
    }  # fmt: skip
    objects: ClassVar[VisitQuerySet] = VisitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["practice", "starts_at"], name="visits_of_practice"),
            models.Index(fields=["client", "-starts_at"], name="visits_of_client"),
            models.Index(fields=["therapist", "starts_at"], name="visits_of_therapist"),
            models.Index(fields=["changed_at"], name="visits_changed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_visit_ends_after_it_begins"),
            ExclusionConstraint(
                name="nobody_works_twice_at_once",
                expressions=[
                    (_only("therapist"), RangeOperators.OVERLAPS),
                    (_Time("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=STANDING),
            ),
            ExclusionConstraint(
                name="no_room_twice_at_once",
                expressions=[
                    (_only("room"), RangeOperators.OVERLAPS),
                    (_Time("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=STANDING, room__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Visit of {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)
