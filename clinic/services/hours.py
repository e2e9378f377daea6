"""When the practice is open, when somebody works, and who is away."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.models import Absence, Hours, Membership, Practice
from clinic.queries.practice import WEEKDAYS, Times, fingerprint, week_of
from clinic.services import audit

MOST_A_DAY = 4
LONGEST_ABSENCE = datetime.timedelta(days=731)
CHANGED = "Somebody changed these hours in the meantime. Look at both, then save again to put yours in their place."


@transaction.atomic
def write(
    *, practice: Practice, member: Membership | None, week: Mapping[int, Sequence[Times]], seen: str, by: audit.Actor
) -> None:
    """The whole week of the practice (`member` None) or of one person. `week`: ISO weekday → from and to.

    Raises ValidationError with a line per day that cannot be, and where it is not what the editor saw any more.
    """
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    require_sound(week)
    current = week_of(practice, member)
    if fingerprint(week) == fingerprint(current):
        return
    if fingerprint(current) != seen:
        raise ValidationError(CHANGED, code="changed")
    Hours.objects.filter(practice=practice, member=member).delete()
    Hours.objects.bulk_create(
        Hours(practice=practice, member=member, weekday=day, opens=opens, closes=closes)
        for day, times in week.items()
        for opens, closes in sorted(times)
    )
    audit.record("hours.changed", on=member or practice, by=by, days=sorted(day for day in week if week[day]))


def require_sound(week: Mapping[int, Sequence[Times]]) -> None:
    lines = [line for day in sorted(week) for line in _wrong(WEEKDAYS[day - 1], sorted(week[day]))]
    if lines:
        raise ValidationError(lines)


def _wrong(day: str, times: Sequence[Times]) -> list[str]:
    lines = [f"{day}: {closes:%H:%M} is not after {opens:%H:%M}." for opens, closes in times if closes <= opens]
    for (opens, closes), (later, ends) in pairwise(times):
        if later < closes:
            lines.append(f"{day}: {opens:%H:%M} to {closes:%H:%M} and {later:%H:%M} to {ends:%H:%M} overlap.")
    if len(times) > MOST_A_DAY:
        lines.append(f"{day}: at most {MOST_A_DAY} times a day.")
    return lines


@transaction.atomic
def add_absence(
    *, practice: Practice, member: Membership | None, starts_at: datetime.datetime, ends_at: datetime.datetime,
    by: audit.Actor, reason: str = "",
) -> Absence:  # fmt: skip
    """Somebody is away, or the practice is closed. Visits in that time stay; who sees the list decides about them.

    Raises ValidationError by field.
    """
    if ends_at <= starts_at:
        raise ValidationError({"until": ["It ends after it begins."]})
    if ends_at - starts_at > LONGEST_ABSENCE:
        raise ValidationError({"until": ["At most two years at a time."]})
    if member and member.practice_id != practice.pk:
        raise ValidationError({"member": ["Nobody of this practice."]})
    absence = Absence(practice=practice, member=member, starts_at=starts_at, ends_at=ends_at, reason=reason.strip())
    absence.full_clean()
    absence.save()
    audit.record("absence.added", on=absence, by=by)
    return absence


@transaction.atomic
def remove_absence(*, absence: Absence, by: audit.Actor) -> None:
    audit.record("absence.removed", on=absence, by=by)
    absence.delete()
