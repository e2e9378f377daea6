"""Setting up a practice, and everything about it that its owners decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.models import Membership, Practice, Role
from clinic.queries.practice import what_moves
from clinic.services import attention, audit, edits, languages, visits

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

EDITABLE = (
    "name", "address", "phone", "country", "timezone", "emergency_number", "paper", "visit_minutes", "reminder_time",
    "quiet_from", "quiet_until", "visit_reminder_hours", "mail_name", "reply_to", "reassess_after_days",
    "reassess_after_sessions", "keep_years", "language",
)  # fmt: skip
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


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


@transaction.atomic
def change(
    *, practice: Practice, seen: Mapping[str, str], by: audit.Actor, anyway: bool = False, **details: Any
) -> list[str]:
    """Set the given fields as the editor, who saw `seen`, wants them; returns the names of those that changed.

    Raises ValidationError by field for what cannot be, and where somebody else changed the same in between; Asks
    without `anyway` for another time zone, with what moves.
    """
    unknown = set(details) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    current = Practice.objects.select_for_update().get(pk=practice.pk)
    zone = current.timezone
    changed = edits.merge(current, seen, details)
    if not changed:
        return changed
    current.full_clean()
    _require_sound(current, changed)
    if "timezone" in changed and not anyway:
        raise visits.Asks(what_moves(practice, zone, current.timezone))
    current.save(update_fields=changed)
    if {"visit_reminder_hours", "timezone"} & set(changed):
        visits.look_again(practice=current)
    if {"reassess_after_days", "reassess_after_sessions"} & set(changed):
        attention.look_through(current.pk, "reassessment_due")
    audit.record("practice.changed", on=current, by=by, fields=changed)
    return changed


def _require_sound(practice: Practice, changed: list[str]) -> None:
    languages.require_spoken(practice.language)
    wrong = {}
    if CONTROL.search(practice.name):
        wrong["name"] = ["A name is one line of plain text: every mail is sent in it."]
    if CONTROL.search(practice.mail_name):
        wrong["mail_name"] = ["A sender's name is one line of plain text."]
    elif "@" in practice.mail_name:
        wrong["mail_name"] = ["This is a name, no address: where answers go stands below."]
    times = {"reminder_time", "quiet_from", "quiet_until"} & set(changed)
    if times and practice.is_quiet(practice.reminder_time):
        quiet = f"{practice.quiet_from:%H:%M} and {practice.quiet_until:%H:%M}"
        wrong["reminder_time"] = [f"No mail leaves between {quiet}: choose a time outside of that."]
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def forget_ways(*, practice: Practice, by: audit.Actor) -> None:
    """The measuring screen begins with nothing chosen, and learns again from what is measured."""
    current = Practice.objects.select_for_update().get(pk=practice.pk)
    current.measuring = {}
    current.save(update_fields=["measuring"])
    audit.record("practice.measuring_reset", on=current, by=by)
