"""What every row has: a UUIDv7, a practice, a privacy class for each field, and nobody who sees it by default."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

import uuid_utils.compat
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    User = AbstractBaseUser | AnonymousUser


class Privacy(StrEnum):
    """How a field may travel. Logs, admin lists, exports, dumps and mail read it."""

    PLAIN = "plain"  # says nothing about a person
    PERSONAL = "personal"  # says who somebody is or how to reach them
    CLINICAL = "clinical"  # says something about somebody's health


PLAIN, PERSONAL, CLINICAL = Privacy.PLAIN, Privacy.PERSONAL, Privacy.CLINICAL


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    THERAPIST = "therapist", "Therapist"
    RECEPTIONIST = "receptionist", "Receptionist"


NOBODY: frozenset[Role] = frozenset()
CLINICIANS = frozenset({Role.OWNER, Role.THERAPIST})
STAFF = frozenset(Role)


def uuid7() -> uuid.UUID:
    return uuid_utils.compat.uuid7()


class ScopedQuerySet(models.QuerySet):
    """Rows of a practice. Starts from nothing: a subclass names who sees them.

    `staff`: the roles that see every row of their practice. `client_path`: the lookup from the row to the client's own
    log-in, empty where a client sees nothing. `shared`: which of a client's rows the practice has shared with them.
    """

    staff: ClassVar[frozenset[Role]] = NOBODY
    client_path: ClassVar[str] = ""
    shared: ClassVar[Q] = Q()

    def visible_to(self, user: User) -> Self:
        """The rows that `user` may see; none for anonymous and for inactive users."""
        if not user.is_active or user.pk is None:
            return self.none()
        seen = Q(**{f"{self._practice_path()}__in": practices_of(user, self.staff)})
        if self.client_path:
            seen |= Q(**{self.client_path: user}) & self.shared
        return self.filter(seen)

    def _practice_path(self) -> str:
        return "practice_id"


def practices_of(user: User, roles: frozenset[Role]) -> models.QuerySet[Any]:
    """Ids of the practices in which `user` works in one of `roles`, as a subquery."""
    membership = apps.get_model("clinic", "Membership")  # its file builds on this one
    return membership.objects.filter(user_id=user.pk, is_active=True, role__in=sorted(roles)).values("practice_id")  # type: ignore[misc]


class Record(models.Model):
    """A row with a time-ordered id and a privacy class for every field (`tests/architecture` fails without one)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    privacy: ClassVar[dict[str, Privacy]] = {}
    BASE_PRIVACY: ClassVar[dict[str, Privacy]] = {
        "id": PLAIN,
        "created_at": PLAIN,
        "practice": PLAIN,
        "client": PERSONAL,
    }

    class Meta:
        abstract = True

    @classmethod
    def privacy_of(cls, field: str) -> Privacy:
        """The privacy class of `field`; KeyError where nobody decided."""
        return cls.privacy.get(field) or cls.BASE_PRIVACY[field]


class PracticeRecord(Record):
    """A row that belongs to one practice: tenant boundary today, shard key later."""

    practice = models.ForeignKey("clinic.Practice", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True
