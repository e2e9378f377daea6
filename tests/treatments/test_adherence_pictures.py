"""What was done at home beside what changed: which occurrences count, and that nothing is concluded from little."""

import datetime

import pytest
from django.urls import reverse

from assessments.services import assessments
from clinic import marks
from tests.people import make_client
from tests.treatments.conftest import make_running
from treatments.models import HomeLog, Programme, SessionNote
from treatments.queries.gains import gains
from treatments.queries.marks import marks as marks_of
from treatments.views.gains import GainsPicture, gains_panel

FIRST = datetime.date(2026, 3, 2)  # a Monday
WEEKS = datetime.timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _in_june(time_machine):
    time_machine.move_to(datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC), tick=False)


@pytest.fixture
def measured(client_person, therapist):
    """`measured(week, left=…, right=…)`: a signed assessment of hip extension, so many weeks after the first."""

    def sign(week, measure="hip_extension", position="prone", client=client_person, **sides):
        rows = [
            {"measure": measure, "side": side, "value": value, "position": position, "mode": "passive",
             "instrument": "goniometer", "examiner": "Tomas"}
            for side, value in sides.items()
        ]  # fmt: skip
        day = FIRST + week * WEEKS
        made = assessments.record(client=client, assessed_on=day, measurements=rows, by=therapist)
        return assessments.sign(assessment=made, by=therapist)

    return sign


@pytest.fixture
def programme(client_person):
    """Weekdays from the first Monday, for the right hip: the first item answers limited extension."""
    made = make_running(client_person, starts_on=FIRST, weeks=12, weekdays=[(1, 2, 3, 4, 5), (1, 3)])
    made.items.filter(place=0).update(for_findings=["hip_extension_limited"])
    return made


def do(programme, *offsets, place=0, outcome="done"):
    item = programme.items.get(place=place)
    HomeLog.objects.bulk_create(
        HomeLog(
            practice=programme.practice, client=programme.client, item=item,
            local_date=FIRST + datetime.timedelta(days=offset), outcome=outcome,
        )
        for offset in offsets
    )  # fmt: skip


def counted(client):
    return [(one.change.side, one.planned, one.done, one.gained) for each in gains(client) for one in each.intervals]


def test_planned_and_done_between_two_assessments_of_the_side_it_was_for(client_person, measured, programme):
    measured(0, left=10, right=2)
    do(programme, 0, 1, 4)
    do(programme, 14, 15)  # after the second assessment
    measured(2, left=11, right=20)
    assert counted(client_person) == [("right", 10, 3, 18)]


def test_the_day_of_the_second_assessment_belongs_to_the_next_interval(client_person, measured, programme):
    measured(0, right=2)
    measured(1, right=4)
    measured(2, right=6)
    do(programme, 7)
    assert [(planned, done) for _, planned, done, _ in counted(client_person)] == [(5, 0), (5, 1)]


def test_skipped_and_too_painful_are_planned_and_not_done(client_person, measured, programme):
    measured(0, right=2)
    do(programme, 0, outcome="skipped")
    do(programme, 1, outcome="too_painful")
    do(programme, 2)
    measured(1, right=4)
    assert counted(client_person) == [("right", 5, 1, 2)]


def test_an_exercise_for_another_finding_does_not_count(client_person, measured, programme):
    programme.items.filter(place=0).update(for_findings=["calf_short"])
    measured(0, right=2)
    measured(1, right=4)
    assert gains(client_person) == []


def test_one_for_both_sides_counts_for_each(client_person, measured, programme):
    programme.items.filter(place=0).update(side="")
    measured(0, left=2, right=2)
    measured(1, left=4, right=3)
    assert counted(client_person) == [("left", 5, 0, 2), ("right", 5, 0, 1)]


def test_what_can_t_be_compared_is_no_interval(client_person, measured, programme):
    measured(0, right=2)
    measured(1, right=30, position="side_lying")
    assert gains(client_person) == []


def test_a_draft_is_no_programme(client_person, measured, programme):
    Programme.objects.update(state="draft")
    measured(0, right=2)
    measured(1, right=4)
    assert gains(client_person) == []


def test_the_client_s_own_calendar_ends_a_programme(client_person, measured, programme):
    Programme.objects.update(state="ended", ended_at=datetime.datetime(2026, 3, 4, 23, 30, tzinfo=datetime.UTC))
    measured(0, right=2)
    measured(1, right=4)
    assert counted(client_person) == [("right", 3, 0, 2)]  # it ended on Thursday the 5th in Berlin, which is not over


def test_less_is_better_where_it_is(client_person, measured, programme):
    programme.items.filter(place=0).update(for_findings=["hamstring_short"])
    measured(0, "knee_extension_deficit", "supine", right=40)
    measured(1, "knee_extension_deficit", "supine", right=15)
    assert counted(client_person) == [("right", 5, 0, 25)]


def test_weeks_run_over_the_intervals_alone(client_person, measured, programme):
    measured(1, right=2)
    do(programme, 0, 7, 8, 21)
    measured(3, right=4)
    (each,) = gains(client_person)
    assert [(week.planned, week.done) for week in each.weeks] == [(5, 2), (5, 0), (0, 0)]


def test_nothing_is_concluded_from_few_intervals_nor_cause_from_many(client_person, measured, programme):
    for week in range(9):
        measured(week, right=2 + week)
        pictures = gains_panel(None, client_person)
        said = pictures["pictures"][0].conclusion if pictures else ""
        if 1 <= week < 8:
            assert said.endswith(": too few for any conclusion.")
    assert said == "No conclusion about cause: other things happened in the same time."


def test_charts_and_table_say_the_same(client_person, measured, programme):
    measured(0, right=2)
    do(programme, 0, 1, 2)
    measured(1, right=20)
    measured(2, right=21)
    picture = GainsPicture("k", gains(client_person)[0])
    assert [(row.side, row.done, row.gained, row.judged) for row in picture.rows] == [
        ("right", "0 of 5 (0%)", "+1°", "within error, error 13°"),
        ("right", "3 of 5 (60%)", "+18°", "improved, error 13°"),
    ]  # fmt: skip
    for row in picture.rows:
        assert f"{row.time}, right: {row.done} done, {row.gained}, {row.judged}" in picture.scatter
    assert picture.scatter.count('class="dot-today right"') == 1
    assert picture.scatter.count('class="dot-today right within-error"') == 1
    assert "week of 2 Mar 2026: 3 of 5" in picture.strip


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_however_much_was_done(client_person, measured, programme, count, django_assert_num_queries):
    for week in range(count + 1):
        measured(week, right=2)
    do(programme, *range(count))
    with django_assert_num_queries(6):
        gains(client_person)


def test_marks_are_signed_sessions_and_what_happened_to_programmes(client_person, therapist, programme):
    common = {"practice": client_person.practice, "client": client_person, "author": therapist}
    SessionNote.objects.create(**common, held_on=FIRST)
    note = SessionNote.objects.create(**common, held_on=FIRST + WEEKS)
    SessionNote.objects.filter(pk=note.pk).update(
        state="signed", signed_at=datetime.datetime(2026, 3, 9, tzinfo=datetime.UTC), signed_by=therapist
    )
    late = datetime.datetime(2026, 3, 4, 23, 30, tzinfo=datetime.UTC)
    Programme.objects.update(state="ended", published_at=late, ended_at=late + 2 * WEEKS)
    found = [(mark.day.isoformat(), mark.text) for mark in marks.of(therapist, client_person)]
    assert found == [
        ("2026-03-05", "Programme published"), ("2026-03-09", "Session"), ("2026-03-19", "Programme ended"),
    ]  # fmt: skip


def test_marks_of_another_client_and_practice_are_not_there(
    client_person, programme, practice, therapist, other_therapist
):
    assert marks_of(therapist, make_client(practice, ref="C2", given_name="Bo")) == []
    assert marks_of(other_therapist, client_person) == []


def test_the_page_of_changes_shows_it(client, therapist, client_person, measured, programme):
    measured(0, right=2)
    measured(1, right=20)
    client.force_login(therapist.user)
    text = client.get(reverse("assessments:progress", args=[client_person.pk])).content.decode()
    for words in ("Done at home, and what changed", "One interval: too few for any conclusion.", "0 of 5 (0%)"):
        assert words in text
