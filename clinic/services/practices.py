"""Setting up a practice and who works there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from clinic.models import Membership, Practice, Role
from clinic.services import audit

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@transaction.atomic
def open_practice(*, slug: str, name: str, timezone: str, by: audit.Actor, **details: object) -> Practice:
    """A new practice without people. Raises ValidationError for a taken slug or an unknown zone."""
    practice = Practice(slug=slug, name=name, timezone=timezone, **details)
    practice.full_clean()
    practice.save()
    audit.record("practice.opened", on=practice, by=by)
    return practice


@transaction.atomic
def add_member(
    *, practice: Practice, user: AbstractBaseUser, role: Role, display_name: str, by: audit.Actor
) -> Membership:
    """`user` works at `practice` from now on, in one role."""
    member = Membership.objects.create(practice=practice, user_id=user.pk, role=role, display_name=display_name)
    audit.record("member.added", on=member, by=by, role=role.value)
    return member
