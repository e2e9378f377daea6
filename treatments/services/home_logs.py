"""What the client did, said by one tap."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.models import CLINICIANS, Client, Membership
from clinic.services import attention, audit
from treatments.models import HomeLog, Outcome, ProgrammeItem, State
from treatments.queries import local_today, locked_because
from treatments.services.holds import refuse_held
from treatments.services.programmes.states import lock_programmes

TOO_PAINFUL = "too painful for the client"
STILL_ANSWERABLE = datetime.timedelta(days=1)  # who opens the mail after midnight means yesterday


@transaction.atomic
def log(
    *, item: ProgrammeItem, local_date: datetime.date, outcome: str, by: audit.Actor, word: str = "",
    answered_at: datetime.datetime | None = None,
) -> HomeLog:  # fmt: skip
    """Answer one exercise of one day; the last answer counts. Too painful stops the exercise at once.

    `local_date` is a day in the client's calendar: theirs today or yesterday. `answered_at`: when it was tapped on a
    device that had no network; that day is today then, the later tap counts, and the same tap again changes nothing.
    Raises ValidationError.
    """
    at = min(answered_at or timezone.now(), timezone.now())
    lock_programmes(item.practice_id, item.programme.client_id)
    item = (
        ProgrammeItem.objects.select_for_update(of=("self",))
        .select_related("programme__client__practice")
        .get(pk=item.pk)
    )
    client = item.programme.client
    refuse_strangers(item, by)
    known = HomeLog.objects.filter(item=item, local_date=local_date).first()
    if known and answered_at and is_old_news(known, outcome, word.strip(), at):
        return known
    refuse_impossible(item, local_date, outcome, known, at)
    answer = known or HomeLog(practice_id=item.practice_id, client=client, item=item, local_date=local_date)
    answer.outcome, answer.word, answer.answered_at = outcome, word.strip(), at
    answer.full_clean(validate_unique=False, validate_constraints=False)
    answer.save()
    stop_or_restart(item, outcome)
    attention.look_at(client, "too_painful")
    audit.record("home_log.answered", on=answer, by=by, client=client, day=local_date.isoformat())
    return answer


def refuse_strangers(item: ProgrammeItem, by: audit.Actor) -> None:
    theirs = by.pk == item.programme.client_id if isinstance(by, Client) else True
    staff = by.practice_id == item.practice_id and by.role in CLINICIANS if isinstance(by, Membership) else True
    if not theirs or not staff:
        raise ValidationError("This exercise belongs to somebody else.")


def is_old_news(known: HomeLog, outcome: str, word: str, at: datetime.datetime) -> bool:
    return (known.outcome, known.word) == (outcome, word) or at <= (known.answered_at or known.changed_at)


def refuse_impossible(
    item: ProgrammeItem, day: datetime.date, outcome: str, known: HomeLog | None, at: datetime.datetime
) -> None:
    programme = item.programme
    today = local_today(programme.client, at)
    hurt = outcome == Outcome.TOO_PAINFUL  # is never turned away: no lock, end or stop keeps it from being heard
    ran = programme.state == State.PUBLISHED or (programme.ended_at is not None and (hurt or programme.ended_at > at))
    if outcome not in Outcome.values:
        raise ValidationError({"outcome": f"“{outcome}” is no answer; there are {', '.join(Outcome.values)}."})
    if locked_because(programme.client) and not hurt:
        raise ValidationError(_("Please talk to your practice first; the exercises wait until then."))
    if not ran or not programme.starts_on <= day <= programme.until:
        raise ValidationError(_("This programme does not run on that day."))
    if not hurt:
        refuse_held(programme, day)
    if not today - STILL_ANSWERABLE <= day <= today:
        raise ValidationError({"local_date": _("Only today and yesterday can be answered.")})
    if day.isoweekday() not in item.weekdays:
        raise ValidationError({"local_date": _("This exercise is not for that day.")})
    if known and known.outcome == Outcome.TOO_PAINFUL and known.seen_at:
        raise ValidationError(_("Your therapist has already read this. Talk to them before you go on with it."))
    if item.stopped_at and not hurt and not (known and known.outcome == Outcome.TOO_PAINFUL):
        raise ValidationError(_("This exercise is stopped."))


def stop_or_restart(item: ProgrammeItem, outcome: str) -> None:
    """A wrong tap is undone by answering again; then the exercise goes on, where nothing else has stopped it."""
    if outcome == Outcome.TOO_PAINFUL:
        if item.stopped_at is None:
            item.stopped_at, item.stopped_because = timezone.now(), TOO_PAINFUL
    elif item.stopped_at and item.stopped_because == TOO_PAINFUL and not hurts_still(item):
        item.stopped_at, item.stopped_because = None, ""
    else:
        return
    item.save(update_fields=["stopped_at", "stopped_because"])
    if item.stopped_at:
        stop_in_later_version(item)
    item.programme.remind_at = timezone.now()  # the days with something to do may be others now
    item.programme.save(update_fields=["remind_at"])


def hurts_still(item: ProgrammeItem) -> bool:
    """Too painful stands on a day of it, read or not; or it was heard of an earlier version since this one is given."""
    same = HomeLog.objects.filter(
        practice_id=item.practice_id, client=item.programme.client_id, outcome=Outcome.TOO_PAINFUL,
        item__exercise=item.exercise, item__side=item.side,
    )  # fmt: skip
    return same.filter(Q(item=item) | Q(changed_at__gt=item.programme.published_at)).exists()


def stop_in_later_version(item: ProgrammeItem) -> None:
    """Said on a phone without a network, and another version came before it was heard: there it stops, too."""
    if item.programme.state != State.PUBLISHED:
        now = ProgrammeItem.objects.running().filter(
            practice_id=item.practice_id, programme__client=item.programme.client_id, exercise=item.exercise,
            side=item.side, programme__state=State.PUBLISHED,
        )  # fmt: skip
        now.update(stopped_at=timezone.now(), stopped_because=TOO_PAINFUL)


@transaction.atomic
def mark_seen(*, answer: HomeLog, by: Membership) -> HomeLog:
    """A clinician deals with a too-painful answer; the exercise stays stopped."""
    if by.role not in CLINICIANS or by.practice_id != answer.practice_id:
        raise ValidationError("Only a clinician of the practice can do this.")
    if answer.seen_at is None:
        answer.seen_at = timezone.now()
        answer.save(update_fields=["seen_at"])
        attention.look_at(answer.client, "too_painful")
        audit.record("home_log.seen", on=answer, by=by, client=answer.client)
    return answer


@transaction.atomic
def mark_unseen(*, answer: HomeLog, by: Membership) -> HomeLog:
    """Takes `mark_seen` back: it needs a clinician again."""
    if by.role not in CLINICIANS or by.practice_id != answer.practice_id:
        raise ValidationError("Only a clinician of the practice can do this.")
    if answer.seen_at is not None:
        answer.seen_at = None
        answer.save(update_fields=["seen_at"])
        attention.look_at(answer.client, "too_painful")
        audit.record("home_log.unseen", on=answer, by=by, client=answer.client)
    return answer
