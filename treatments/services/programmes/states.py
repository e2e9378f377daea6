from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from clinic.models import Level, Membership
from clinic.services import audit
from treatments.models import Programme, State
from treatments.queries import local_today, referral_of
from treatments.queries.precautions import answers_of, clearance_of
from treatments.services.programmes.drafts import set_details
from treatments.services.programmes.kept import is_answered_for

REPLACED = "replaced by a newer programme"
LONGEST_REASON = 200


def publish_problems(programme: Programme) -> list[str]:
    """What stands in the way of publishing, one line each; empty when nothing does."""
    problems = safety_problems(programme) or list(forbidden(programme))
    if not programme.items.exists():
        problems.append("There is no exercise in it yet.")
    if programme.until < local_today(programme.client):
        problems.append(f"Its last day, {programme.until:%-d %B %Y}, is over: choose a later one.")
    return problems


def forbidden(programme: Programme) -> Iterator[str]:
    """Exercises that an answer which came after the draft speaks against, and that no clinician answered for."""
    clearance = clearance_of(programme)
    for item in programme.items.all():
        against = clearance.against(item.about, item.side or None)
        if against and not is_answered_for(programme, item.exercise, item.side):
            what = f"{item.about.name}: {'; '.join(against)}"
            yield f"{what}. Leave it out, or add it again and say why it is right here."


def safety_problems(programme: Programme) -> list[str]:
    level = referral_of(programme.client).level
    if level in (Level.URGENT, Level.EMERGENCY):
        return ["A red flag is open: a clinician answers it before anything is done at home."]
    if level == Level.ASK:
        return ["A safety question is open: a clinician answers it before anything is done at home."]
    unanswered = len(answers_of(programme.client).unanswered_red_flags)
    return [f"{unanswered} safety questions of the intake are not answered yet."] if unanswered else []


@transaction.atomic
def publish(
    *, programme: Programme, by: audit.Actor, because: str = "", ends_today: bool = False, **details: Any
) -> Programme:
    """Give a draft to the client, with `details` as `change` takes them. The programme that was running ends today:
    replaced, and `because` is why.

    Raises ValidationError with what stands in the way, see `publish_problems`, and for days without a programme before
    this one starts, unless `ends_today` says that they are meant.
    """
    lock_programmes_of(programme)
    if programme.state != State.DRAFT:
        raise ValidationError("Only a draft can be published.")
    set_details(programme, details)
    if problems := publish_problems(programme):
        raise ValidationError(problems)
    now = timezone.now()
    if not ends_today:
        refuse_a_gap(programme, local_today(programme.client, now))
    ended = {"state": State.ENDED, "ended_at": now, "ended_because": replaced_because(because), "remind_at": None}
    replaced = published_of(programme).update(**ended)
    programme.state, programme.published_at, programme.remind_at = State.PUBLISHED, now, now
    programme.published_by = by if isinstance(by, Membership) else None
    programme.starts_on = max(programme.starts_on, local_today(programme.client, now))
    programme.save()
    audit.record("programme.published", on=programme, by=by, client=programme.client, replaced=replaced)
    return programme


@transaction.atomic
def end(*, programme: Programme, because: str, by: audit.Actor) -> Programme:
    """No more exercises and reminders from now on; what was done stays on record. `because` is for the record."""
    lock_programmes_of(programme)
    if programme.state != State.PUBLISHED:
        raise ValidationError("Only a running programme can be ended.")
    programme.state, programme.ended_at, programme.remind_at = State.ENDED, timezone.now(), None
    programme.ended_because = because.strip() or "ended by the therapist"
    programme.clean_fields(exclude={field.name for field in Programme._meta.fields} - {"ended_because"})
    programme.save()
    audit.record("programme.ended", on=programme, by=by, client=programme.client)
    return programme


def refuse_a_gap(programme: Programme, today: datetime.date) -> None:
    """A client has one programme at a time: what runs ends when the next one is given, and not when that one starts."""
    before = published_of(programme).filter(starts_on__lt=programme.starts_on, until__gte=today)
    if programme.starts_on > today and before.exists():
        line = f"The programme that runs would end today, with nothing to do until {programme.starts_on:%-d %B}."
        raise ValidationError({"ends_today": f"{line} Start this one today, or say that it is meant so."})


def replaced_because(because: str) -> str:
    said = f"{REPLACED}: {because.strip()}" if because.strip() else REPLACED
    if len(said) > LONGEST_REASON:
        raise ValidationError({"because": f"At most {LONGEST_REASON - len(REPLACED) - 2} letters."})
    return said


def lock_programmes_of(programme: Programme) -> None:
    """Two people who publish for one client at the same time do it one after the other."""
    lock_programmes(programme.practice_id, programme.client_id)
    programme.refresh_from_db(fields=["state", "starts_on", "until"])


def lock_programmes(practice_id: uuid.UUID, client_id: uuid.UUID) -> None:
    """Whoever changes or replaces what a client has at home does it one after the other. It comes before anything of
    it is read: what was read earlier may be of a version that does not run any more."""
    rows = Programme.objects.filter(practice_id=practice_id, client_id=client_id)
    list(rows.select_for_update().order_by("id").values_list("id"))


def published_of(programme: Programme) -> models.QuerySet[Programme]:
    return Programme.objects.filter(
        practice_id=programme.practice_id, client_id=programme.client_id, state=State.PUBLISHED
    )
