"""What of a programme and of the days at home can't simply move from one client to another."""

from __future__ import annotations

from collections.abc import Iterator

from clinic.models import Client, Membership
from treatments.models import HomeDay, Programme
from treatments.services.programmes import end

BECAUSE = "the client was here twice; the newer programme goes on"


def older_programme(goes_on: Client, ends: Client) -> Programme | None:
    """Of two that run, the one that was published first."""
    both = Programme.objects.filter(client__in=[goes_on, ends]).published().order_by("published_at", "id")
    running = list(both.select_related("client__practice"))
    return running[0] if len(running) > 1 else None


def programmes_told(goes_on: Client, ends: Client) -> Iterator[str]:
    if older := older_programme(goes_on, ends):
        published = older.published_at.astimezone(older.client.practice.zone) if older.published_at else older.starts_on
        yield f"Both have a programme that runs: the one of {older.client.ref}, published {published:%-d %B %Y}, ends."


def settle_programmes(goes_on: Client, ends: Client, by: Membership) -> None:
    if older := older_programme(goes_on, ends):
        end(programme=older, because=BECAUSE, by=by)


def days_told(goes_on: Client, ends: Client) -> Iterator[str]:
    count = len(list(days_of_both(goes_on, ends)))
    if count:
        days = "day" if count == 1 else "days"
        yield f"On {count} {days} both said how much it hurts: what was said later stays."


def settle_days(goes_on: Client, ends: Client, by: Membership) -> None:
    for mine, other in days_of_both(goes_on, ends):
        newer, older = (other, mine) if other.changed_at > mine.changed_at else (mine, other)
        for name in ("pain_before", "pain_after"):
            said = getattr(newer, name)
            setattr(mine, name, getattr(older, name) if said is None else said)
        other.delete()
        mine.save()


def days_of_both(goes_on: Client, ends: Client) -> Iterator[tuple[HomeDay, HomeDay]]:
    mine = {day.local_date: day for day in HomeDay.objects.filter(client=goes_on)}
    for day in HomeDay.objects.filter(client=ends, local_date__in=list(mine)):
        yield mine[day.local_date], day
