"""Later, not today, some days only: through the real engine, by the client's own clock."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from clinic.models import AuditEntry, Client, Practice, Reminder, State
from clinic.services import clients, preferences
from tests.benchmarks.untraced import untraced
from tests.clinic.reminders.simulation import Simulation
from tests.treatments.conftest import TODAY
from treatments.models import HomeLog, Programme
from treatments.queries.why_not import why_not

pytestmark = pytest.mark.django_db
HALF_HOUR = datetime.timedelta(minutes=30)
BERLIN = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _unwatched():
    """What whole days run through has its coverage measured where each part is tested by itself."""
    with untraced():
        yield


@pytest.fixture
def day(programme, client_person, clock, mailoutbox):
    return Day(clock, mailoutbox, client_person)


class Day(Simulation):
    """Engine wakes every half hour; times are those of Berlin on Wednesday, or so many days later."""

    def __init__(self, clock, outbox, person):
        super().__init__(clock, outbox)
        self.person = person
        self.now = datetime.datetime.combine(TODAY, datetime.time(13), datetime.UTC) - BERLIN

    def until(self, text, days=0):
        at = datetime.datetime.combine(TODAY, datetime.time.fromisoformat(text), datetime.UTC) - BERLIN
        end = at + datetime.timedelta(days=days)
        self.run(self.now, end, HALF_HOUR)
        self.now = end
        return self

    def evenings(self, days):
        """Only around six, when something may happen."""
        for _ in range(days):
            self.wake_at(*(self.now.replace(hour=16, minute=30) + HALF_HOUR * step for step in range(3)))
            self.now += datetime.timedelta(days=1)
        return self

    def fresh(self):
        return Client.objects.select_related("practice").get(pk=self.person.pk)

    def put_off(self, way):
        preferences.put_off(client=self.fresh(), way=way, by=self.person)

    def came(self):
        return [moment.removeprefix("2026-03-0") for moment in self.local_mails_to(self.person, "Europe/Berlin")]


def test_put_off_before_it_came_it_comes_once_at_the_chosen_time(day):
    day.put_off("hour")
    assert day.until("23:00").came() == ["4 14:00"]
    assert day.until("19:00", days=1).came() == ["4 14:00", "5 18:00"]


def test_put_off_after_it_came_it_comes_once_more_though_the_day_is_taken(day):
    day.until("18:00").put_off("hour")
    assert day.until("23:00").came() == ["4 18:00", "4 19:00"]
    later = Reminder.objects.get(kind="home_later")
    assert (later.state, later.counted) == (State.SENT, False)
    assert Reminder.objects.get(kind="home_stretch", local_date=TODAY).counted


def test_chosen_anew_only_the_last_choice_counts(day):
    day.put_off("hour")
    day.until("13:30").put_off("hours")
    assert day.until("23:00").came() == ["4 16:30"]
    reasons = set(Reminder.objects.filter(state=State.SKIPPED).values_list("kind", "reason"))
    other = "The client chose another time for that day."
    assert reasons == {("home_later", other), ("home_stretch", other)}


def test_two_taps_on_the_same_button_are_one_mail(day):
    day.put_off("evening")
    day.put_off("evening")
    assert day.until("23:00").came() == ["4 19:00"]
    assert Reminder.objects.filter(kind="home_later").count() == 1


def test_taken_back_the_mail_comes_as_ever(day):
    day.put_off("hour")
    preferences.as_usual(client=day.fresh(), by=day.person)
    assert day.until("23:00").came() == ["4 18:00"]


def test_who_did_everything_meanwhile_gets_no_second_mail(day, programme):
    day.put_off("hour")
    for item in programme.items.all():
        HomeLog.objects.create(
            practice=programme.practice, client=day.person, item=item, local_date=TODAY, outcome="done"
        )
    assert day.until("23:00").came() == []
    assert Reminder.objects.get(kind="home_later").reason == "Everything of that day is answered already."


def test_nothing_today_is_today_only(day):
    preferences.skip_today(client=day.fresh(), by=day.person)
    assert day.until("23:00").came() == []
    assert Reminder.objects.get().reason == "The client wanted nothing more on that day."
    assert why_not(day.fresh(), TODAY) == "The client wanted nothing more on that day."
    assert day.until("19:00", days=1).came() == ["5 18:00"]
    assert not HomeLog.objects.exists(), "what was left out is not answered: it counts as planned and not done"


def test_nothing_today_also_ends_what_was_put_off_and_can_be_taken_back(day):
    day.put_off("hour")
    preferences.skip_today(client=day.fresh(), by=day.person)
    assert day.until("16:00").came() == []
    preferences.as_usual(client=day.fresh(), by=day.person)
    assert day.until("23:00").came() == ["4 18:00"]
    kept = AuditEntry.objects.filter(verb__startswith="reminders.").order_by("id").values_list("verb", flat=True)
    assert list(kept) == ["reminders.put_off", "reminders.today_skipped", "reminders.today_as_usual"]


@pytest.mark.parametrize(
    ("at", "way", "because"),
    [
        ("20:30", "hour", "No mail leaves between"),
        ("19:00", "evening", "It is that late already."),
        ("20:30", "hours", "No mail leaves between"),
        ("13:00", "tomorrow", "Choose one of the times."),
    ],
)
def test_never_into_the_quiet_hours_nor_another_day(day, at, way, because):
    day.until(at)
    with pytest.raises(ValidationError, match=because):
        day.put_off(way)
    assert day.fresh().snoozed_until is None
    assert not Reminder.objects.filter(kind="home_later").exists()


def test_after_midnight_is_tomorrow_where_there_are_no_quiet_hours(day):
    Practice.objects.update(quiet_from=datetime.time(0), quiet_until=datetime.time(0))
    day.until("22:00")
    with pytest.raises(ValidationError, match="That is tomorrow"):
        day.put_off("hours")
    day.put_off("hour")
    assert day.until("23:30").came() == ["4 18:00", "4 23:00"]


@pytest.mark.parametrize(
    "how", [{"reminders_stopped_at": "2026-03-01T00:00Z"}, {"reminders_paused_until": "2026-03-09"}, {"email": ""}]
)
def test_nothing_is_put_off_while_no_mail_comes(day, how):
    Client.objects.update(**how)
    with pytest.raises(ValidationError, match="No mails come now"):
        day.put_off("hour")


def test_nothing_is_put_off_where_nothing_is_left(day, programme):
    programme.items.update(weekdays=[1])
    with pytest.raises(ValidationError, match="Nothing is left to do today"):
        day.put_off("hour")
    assert day.fresh().snoozed_until is None


def choose_days(day, days):
    before = Programme.objects.get().remind_at
    clients.change(client=day.fresh(), by=day.person, reminder_days=days)
    assert Programme.objects.get().remind_at != before, "the planning looks again"
    Programme.objects.update(remind_at=day.now)  # the database's clock is not the test's


@pytest.mark.parametrize(
    ("days", "came"),
    [
        (None, ["4 18:00", "5 18:00", "6 18:00", "7 18:00", "8 18:00"]),
        ([5, 7], ["6 18:00", "8 18:00"]),
        ([], []),
    ],
)
def test_the_mail_comes_on_the_chosen_days_only(day, days, came):
    if days is not None:
        choose_days(day, days)
    assert day.evenings(5).came() == came
    assert Reminder.objects.exclude(state=State.SENT).count() == 0
    if days == []:
        assert Programme.objects.get().remind_at is None, "nobody looks any more"
        assert why_not(day.fresh(), TODAY) == "The client wants no such mail on that day of the week."


def test_a_mail_that_is_planned_already_follows_the_days_as_well(day):
    day.until("17:30").wake_at(day.now + datetime.timedelta(minutes=20))
    assert Reminder.objects.get().state == State.PLANNED
    choose_days(day, [1])
    assert day.until("23:00").came() == []
    assert Reminder.objects.get().reason == "The client wants no such mail on that day of the week."
