"""How a day at home was: pain before and after the exercises, said by one tap."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.models import Client
from clinic.services import attention, audit
from treatments.models import HomeDay, Programme
from treatments.queries import local_today
from treatments.queries.comeback import locked_since
from treatments.services import holds

STILL_SAID = datetime.timedelta(days=1)  # who opens the mail after midnight means yesterday
WORST = 10


@transaction.atomic
def tell(
    *,
    client: Client,
    local_date: datetime.date,
    by: Client,
    before: int | None = None,
    after: int | None = None,
    answered_at: datetime.datetime | None = None,
) -> HomeDay:
    """Pain from 0 to 10 before or after the exercises of one day; None leaves what was said, the last number counts.

    `local_date` is theirs today or yesterday, seen from `answered_at`: the moment of the tap, where a phone without a
    network kept it; what was said later than that stays. Taken while a red flag is open, too: who is in pain is heard.
    Raises ValidationError.
    """
    said = {name: number for name, number in (("pain_before", before), ("pain_after", after)) if number is not None}
    refuse_impossible(client, local_date, by, said, answered_at)
    HomeDay.objects.get_or_create(practice_id=client.practice_id, client=client, local_date=local_date)
    day = HomeDay.objects.select_for_update().get(practice_id=client.practice_id, client=client, local_date=local_date)
    news = {name: number for name, number in said.items() if getattr(day, name) != number}
    news = news or (said if was_before_the_flag(day) else {})  # the same number again: now somebody is to be told
    if not news or is_overtaken(day, news, answered_at):
        return day
    for name, number in news.items():
        setattr(day, name, number)
    day.save()
    audit.record("home_day.told", on=day, by=by, client=client, day=local_date.isoformat())
    holds.after_pain(day=day, by=by, said=max(news.values()))
    attention.look_at(client, "pain_while_locked")
    return day


def was_before_the_flag(day: HomeDay) -> bool:
    since = locked_since(day.client)
    return since is not None and day.changed_at < since


def is_overtaken(day: HomeDay, news: dict[str, int], answered_at: datetime.datetime | None) -> bool:
    """Something else was said after the tap that comes only now."""
    known = any(getattr(day, name) is not None for name in news)
    return known and answered_at is not None and day.changed_at > answered_at


def refuse_impossible(
    client: Client, day: datetime.date, by: Client, said: dict[str, int], answered_at: datetime.datetime | None
) -> None:
    if by.pk != client.pk:
        raise ValidationError(_("This day belongs to somebody else."))
    if not said:
        raise ValidationError(_("Choose a number from 0 to 10."))
    if any(not 0 <= number <= WORST for number in said.values()):
        raise ValidationError(_("Pain is a number from 0 to 10."))
    at = min(answered_at or timezone.now(), timezone.now())
    today = local_today(client, at)
    if not today - STILL_SAID <= day <= today:
        raise ValidationError(_("Only today and yesterday can be answered."))
    if not ran(client, day, at):
        raise ValidationError(_("This programme does not run on that day."))


def ran(client: Client, day: datetime.date, at: datetime.datetime) -> bool:
    """A version covers the day, and at the tap it ran; or another one came after it, which runs now."""
    given = Programme.objects.filter(practice_id=client.practice_id, client=client).exclude(published_at=None)
    begins = datetime.datetime.combine(day, datetime.time(), client.zone)
    covers = given.filter(Q(ended_at=None) | Q(ended_at__gte=begins), starts_on__lte=day, until__gte=day)
    ends = list(covers.values_list("ended_at", flat=True))
    return any(ended is None or ended > at for ended in ends) or (bool(ends) and given.published().exists())
