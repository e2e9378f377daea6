"""Planned and done over random calendars, against a slow model that walks every day and every instant of it."""

import datetime
import zoneinfo
from dataclasses import dataclass, field

from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clinic.models import Attention, Client
from clinic.services import attention
from treatments.models import HomeLog, Programme, ProgrammeItem
from treatments.queries import adherence, home
from treatments.queries.attention import AdherenceLow
from treatments.queries.practice_report import SHARES
from treatments.queries.weekly import by_week

DAY = datetime.timedelta(days=1)
ZONES = (
    "Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kathmandu", "Pacific/Auckland",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Lord_Howe", "Atlantic/Azores", "America/St_Johns",
)  # fmt: skip
# After nights of a changed clock on either half of the globe, after ends of months, and after a leap day.
NOWS = [datetime.datetime(*parts, tzinfo=datetime.UTC) for parts in (
    (2026, 3, 30, 0, 30), (2026, 3, 9, 5, 59), (2026, 11, 2, 23, 45), (2026, 4, 6, 11, 0), (2026, 9, 7, 3, 30),
    (2028, 3, 1, 10, 15), (2026, 1, 1, 11, 30), (2026, 2, 2, 12, 0),
)]  # fmt: skip
EXERCISES = ("bridge", "walking", "side_lying_leg_raise")


@dataclass
class Item:
    exercise: str
    side: str
    weekdays: list
    stopped_at: datetime.datetime | None = None
    answers: dict = field(default_factory=dict)


@dataclass
class Version:
    """As it happened: instants are instants, `starts_on` is the date on the client's wall back then."""

    published_at: datetime.datetime
    starts_on: datetime.date
    until: datetime.date
    items: list
    ended_at: datetime.datetime | None = None
    held_at: datetime.datetime | None = None
    later: datetime.date | None = None  # first day of any version after it


@dataclass
class Life:
    zone: str  # where the client lives now
    was: str  # and lived before
    versions: list


# --- a client's past, drawn at random ---------------------------------------------------------------------------------


def life_of(random, zone, now):
    was = zone if random.random() < 0.7 else random.choice(ZONES)
    at = now - random.randint(2, 70) * DAY + datetime.timedelta(minutes=random.randint(0, 1439))
    life = Life(zone, was, [])
    while at < now and len(life.versions) < 4:
        version = version_of(random, at, was)
        if life.versions and life.versions[-1].ended_at is None:
            life.versions[-1].ended_at = at
        life.versions.append(version)
        if random.random() < 0.3:
            version.held_at = after(random, at, now)
        if random.random() < 0.2:
            version.ended_at = after(random, at, now)
        at = (version.ended_at or at) + datetime.timedelta(minutes=random.choice((1, 300, 1700, 9000, 30000)))
    for place, version in enumerate(life.versions):
        version.later = min((other.starts_on for other in life.versions[place + 1 :]), default=None)
        for item in version.items:
            answer(random, version, item, was, now)
    return life


def version_of(random, at, was):
    starts_on = at.astimezone(zoneinfo.ZoneInfo(was)).date()
    keys = {(random.choice(EXERCISES), random.choice(("", "left"))) for _ in range(random.randint(1, 3))}
    items = [Item(*key, sorted({random.randint(1, 7) for _ in range(random.randint(1, 7))})) for key in sorted(keys)]
    for item in items:
        if random.random() < 0.2:
            item.stopped_at = at + datetime.timedelta(minutes=random.randint(1, 30000))
    return Version(at, starts_on, starts_on + random.randint(0, 60) * DAY, items)


def after(random, at, now):
    return at + datetime.timedelta(minutes=random.randint(1, max(int((now - at).total_seconds() // 60), 1)))


def answer(random, version, item, was, now):
    """On days on which it could be answered: it was asked for and still there."""
    gone = min([at for at in (now, version.ended_at, version.held_at, item.stopped_at) if at])
    last = min(gone.astimezone(zoneinfo.ZoneInfo(was)).date(), version.until)
    day = version.starts_on
    while day <= last:
        if day.isoweekday() in item.weekdays and random.random() < 0.5:
            item.answers[day] = random.choice(("done", "done", "skipped", "too_painful"))
        day += DAY


# --- the slow model ---------------------------------------------------------------------------------------------------


def day_is_over_at(day, zone):
    """The instant at which the next day begins on the wall, where a clock may jump over midnight."""
    return datetime.datetime.combine(day + DAY, datetime.time(), zoneinfo.ZoneInfo(zone)).astimezone(datetime.UTC)


def is_planned(version, item, day, zone):
    if not version.starts_on <= day <= version.until or day.isoweekday() not in item.weekdays:
        return False
    over = day_is_over_at(day, zone)
    if version.later and day >= version.later:
        return False
    return all(at is None or at >= over for at in (version.ended_at, version.held_at, item.stopped_at))


def slow(versions, zone, first, last):
    """Planned and done occurrences from `first` to `last`, days that are over."""
    planned, done = set(), set()
    day = first
    while day <= last:
        for version in versions:
            for item in version.items:
                key = (item.exercise, item.side, day)
                if is_planned(version, item, day, zone) or day in item.answers:
                    planned.add(key)
                if item.answers.get(day) == "done":
                    done.add(key)
        day += DAY
    return len(planned), len(done)


# --- as rows ----------------------------------------------------------------------------------------------------------


def write(practice, lives):
    """Client → life, version → programme."""
    people = [
        Client(practice=practice, ref=f"P{n}", given_name=f"N{n}", family_name="Prop", timezone=life.zone, search="")
        for n, life in enumerate(lives)
    ]
    Client.objects.bulk_create(people)
    programmes, items, logs = [], [], []
    for person, life in zip(people, lives, strict=True):
        for version in life.versions:
            state = "ended" if version.ended_at else "published"
            row = Programme(
                practice=practice, client=person, state=state, starts_on=version.starts_on, until=version.until,
                published_at=version.published_at, ended_at=version.ended_at, held_at=version.held_at,
            )  # fmt: skip
            programmes.append(row)
            for item in version.items:
                made = ProgrammeItem(
                    practice=practice, programme=row, exercise=item.exercise, side=item.side, kind="stretch",
                    repetitions=2, weekdays=item.weekdays, stopped_at=item.stopped_at,
                )  # fmt: skip
                items.append(made)
                logs += [
                    HomeLog(practice=practice, client=person, item=made, local_date=day, outcome=outcome)
                    for day, outcome in item.answers.items()
                ]
    for model, rows in ((Programme, programmes), (ProgrammeItem, items), (HomeLog, logs)):
        model.objects.bulk_create(rows)
    return people, programmes


class _Undo(Exception):
    pass


@settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],  # a smaller life is no easier to read, and takes minutes to find
)  # fmt: skip
@given(random=st.randoms(use_true_random=False), now=st.sampled_from(NOWS), since=st.integers(0, 40))
def test_the_statement_and_python_count_as_the_slow_model_does(db, practice, random, now, since):
    lives = [life_of(random, zone, now) for zone in ZONES]
    try:
        with transaction.atomic():
            people, programmes = write(practice, lives)
            weeks_agree(people, lives, now)
            who_slips_agrees(practice, people, lives, now)
            the_report_agrees(practice, lives, now, since)
            days_at_home_agree(people, lives, now)
            each_version_agrees(people, programmes, lives, now)
            raise _Undo
    except _Undo:
        pass


def today_of(life, now):
    return now.astimezone(zoneinfo.ZoneInfo(life.zone)).date()


def weeks_agree(people, lives, now):
    found = by_week(people, now)
    for person, life in zip(people, lives, strict=True):
        today = today_of(life, now)
        spans = [(today - 7 * (week + 1) * DAY, today - (7 * week + 1) * DAY) for week in reversed(range(8))]
        counted = [slow(life.versions, life.zone, *span) for span in spans]
        told = [(week.planned, week.done) for week in found.get(person.pk, [])] or [(0, 0)] * 8
        assert told == counted, life


def who_slips_agrees(practice, people, lives, now):
    attention.refresh(AdherenceLow(), practice_id=practice.pk, now=now)
    rows = Attention.objects.filter(kind=AdherenceLow.key)
    told = {row.client_id: (row.facts["planned"], row.facts["done"]) for row in rows}
    expected = {}
    for person, life in zip(people, lives, strict=True):
        today = today_of(life, now)
        planned, done = slow(life.versions, life.zone, today - 14 * DAY, today - DAY)
        if any(version.ended_at is None for version in life.versions) and planned >= 4 and done < planned / 2:
            expected[person.pk] = (planned, done)
    assert told == expected


def the_report_agrees(practice, lives, now, since):
    first, last = now.date() - (since + 1) * DAY, now.date()
    values = {"practice": practice.pk, "zone": "UTC", "now": now, "since": first, "until": last, "enough": 0}
    with connection.cursor() as cursor:
        cursor.execute(SHARES, values)
        rows = cursor.fetchall()
    counted = [
        slow(life.versions, life.zone, first, min(last, today_of(life, now) - DAY))
        for life in lives
        if any(version.starts_on <= last and version.until >= first for version in life.versions)
    ]
    assert [sum(row[place] for row in rows) for place in (2, 3)] == [
        sum(pair[place] for pair in counted) for place in (0, 1)
    ]


def days_at_home_agree(people, lives, now):
    """Day by day what the client sees of the weeks that are over; and nothing is called missed that was not asked."""
    for person, life in zip(people, lives, strict=True):
        today = today_of(life, now)
        found = home.so_far(person, today)
        for day in [day for week in found.weeks for day in week.days if day.date < today] if found else []:
            planned, done = slow(life.versions, life.zone, day.date, day.date)
            assert (day.planned, day.done) == (planned, done), (life, day)
            assert (day.state == "missed") == (planned > 0 and not answers_on(life, day.date)), (life, day)


def answers_on(life, day):
    return [item.answers[day] for version in life.versions for item in version.items if day in item.answers]


def each_version_agrees(people, programmes, lives, now):
    """One version by itself: of today what was answered, else as above; it does not know the one after it."""
    rows = iter(programmes)
    for life in lives:
        today = today_of(life, now)
        for version in life.versions:
            alone = Version(**{**version.__dict__, "later": None})
            planned, done = slow([alone], life.zone, version.starts_on, today - DAY)
            todays = [item.answers[today] for item in version.items if today in item.answers]
            found = adherence(next(rows), today)
            assert (found.planned, found.done) == (planned + len(todays), done + todays.count("done"))
