"""A week as a grid, and who is away."""

import datetime

import pytest
from django.urls import reverse

from clinic import undo
from clinic.models import Absence, AuditEntry, Hours
from clinic.queries import practice as queries
from tests.clinic.practice.test_details import fields_of, lines

HOURS = reverse("clinic:hours")
WEEK = reverse("clinic:practice_week")


def week(*times, seen=""):
    """(day, place, from, to) as the grid sends it."""
    fields = {"seen": seen}
    for day, place, opens, closes in times:
        fields |= {f"d{day}_{place}_from": opens, f"d{day}_{place}_to": closes}
    return fields


def written(practice, member=None):
    return [
        (row.weekday, f"{row.opens:%H:%M}", f"{row.closes:%H:%M}")
        for row in Hours.objects.filter(practice=practice, member=member)
    ]


def test_a_day_has_several_times(as_owner, practice, owner):
    answer = as_owner.post(WEEK, week((1, 0, "13:00", "18:00"), (1, 1, "08:00", "12:00"), (3, 0, "09:00", "17:00")))
    assert answer.status_code == 302
    assert written(practice) == [(1, "08:00", "12:00"), (1, "13:00", "18:00"), (3, "09:00", "17:00")]
    assert AuditEntry.objects.get(verb="hours.changed").facts == {"days": [1, 3]}
    assert queries.said(queries.week_of(practice, None))[0] == ("Monday", "08:00 to 12:00, 13:00 to 18:00")


@pytest.mark.parametrize(
    ("times", "line"),
    [
        ([(1, 0, "08:00", "13:00"), (1, 1, "12:00", "18:00")], "Monday: 08:00 to 13:00 and 12:00 to 18:00 overlap."),
        ([(2, 0, "12:00", "08:00")], "Tuesday: 08:00 is not after 12:00."),
        ([(7, 0, "08:00", "")], "Sunday: say both from and to."),
    ],
)
def test_what_cannot_be_is_refused_with_its_day(times, line, as_owner, practice):
    answer = as_owner.post(WEEK, week(*times))
    assert answer.status_code == 422
    assert lines(answer) == [line]
    assert written(practice) == []


def test_times_that_touch_do_not_overlap(as_owner, practice):
    as_owner.post(WEEK, week((1, 0, "08:00", "12:00"), (1, 1, "12:00", "18:00")))
    assert len(written(practice)) == 2


def test_as_monday_copies_and_saves_nothing_yet(as_owner, practice):
    answer = as_owner.post(WEEK, {**week((1, 0, "08:00", "12:00"), (3, 0, "10:00", "11:00")), "same": "week"})
    assert written(practice) == []
    shown = fields_of(answer)
    assert [shown[f"d{day}_0_from"] for day in range(1, 8)] == ["08:00"] * 5 + ["", ""]
    one = fields_of(as_owner.post(WEEK, {**week((1, 0, "08:00", "12:00")), "same": "6"}))
    assert [one[f"d{day}_0_to"] for day in range(1, 8)] == ["12:00", "", "", "", "", "12:00", ""]


def test_a_second_owner_sees_both_weeks(as_owner, practice):
    as_owner.post(WEEK, week((1, 0, "08:00", "12:00")))
    answer = as_owner.post(WEEK, week((1, 0, "09:00", "13:00")))
    assert answer.status_code == 422
    assert "Somebody changed these hours in the meantime." in lines(answer)[0]
    assert "08:00 to 12:00" in answer.content.decode()
    assert written(practice) == [(1, "08:00", "12:00")]
    again = {name: value for name, value in fields_of(answer).items() if value}
    assert as_owner.post(WEEK, again).status_code == 302
    assert written(practice) == [(1, "09:00", "13:00")]


def test_undo_puts_four_times_a_day_back(as_owner, practice, therapist):
    url = reverse("clinic:member_week", args=[therapist.pk])
    before = [(1, place, f"{8 + 3 * place:02}:00", f"{9 + 3 * place:02}:00") for place in range(4)]
    as_owner.post(url, week(*before))
    seen = queries.fingerprint(queries.week_of(practice, therapist))
    page = as_owner.post(url, week((2, 0, "08:00", "12:00"), seen=seen), follow=True)
    assert written(practice, therapist) == [(2, "08:00", "12:00")]
    offered = [undo.of_message(message) for message in page.context["messages"]][-1]
    as_owner.post(offered.url, dict(offered.fields))
    assert written(practice, therapist) == [(day, opens, closes) for day, _place, opens, closes in before]
    assert written(practice) == []


def test_an_absence_of_whole_days_on_the_clocks_of_the_practice(as_owner, practice, therapist, book, monday):
    book(therapist, 26)
    fields = {"member": therapist.pk, "since": "2026-06-02", "until": "2026-06-03", "reason": "Course"}
    text = as_owner.post(HOURS, fields, follow=True).content.decode()
    absence = Absence.objects.get()
    assert absence.starts_at == datetime.datetime(2026, 6, 1, 22, tzinfo=datetime.UTC)
    assert absence.ends_at == datetime.datetime(2026, 6, 3, 22, tzinfo=datetime.UTC)
    assert "1 visit stands in that time" in text
    assert "Tuesday 2 June to Wednesday 3 June 2026" in text
    inside = as_owner.get(reverse("clinic:absence", args=[absence.pk])).content.decode()
    assert "Visitor0" in inside


def test_only_visits_of_who_is_away_count(practice, therapist, colleague, book, monday):
    book(colleague, 3)
    book(therapist, 5)
    away = {"practice": practice, "starts_at": monday_at(0), "ends_at": monday_at(24)}
    Absence.objects.create(**away, member=therapist)
    Absence.objects.create(**away, member=None)
    counts = {row.member: count for row, count in queries.absences(practice, monday_at(8))}
    assert counts == {therapist: 1, None: 2}


def monday_at(hour):
    return datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC) + datetime.timedelta(hours=hour)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"since": "2026-06-03", "until": "2026-06-02"}, "It ends after it begins."),
        ({"since": "2026-06-03", "until": "2029-06-02"}, "At most two years at a time."),
        ({"since": "", "until": "2026-06-02"}, "This field is required."),
    ],
)
def test_an_absence_that_cannot_be(fields, line, as_owner, practice):
    answer = as_owner.post(HOURS, {"member": "", **fields})
    assert answer.status_code == 422
    assert lines(answer) == [line]


def test_a_removed_absence_comes_back_by_undo(as_owner, practice, therapist, monday):
    starts = datetime.datetime(2026, 6, 2, 7, 30, tzinfo=datetime.UTC)
    row = Absence.objects.create(
        practice=practice, member=therapist, starts_at=starts, ends_at=starts + datetime.timedelta(hours=3)
    )
    page = as_owner.post(reverse("clinic:remove_absence", args=[row.pk]), follow=True)
    assert not Absence.objects.exists()
    (offered,) = [undo.of_message(message) for message in page.context["messages"]]
    as_owner.post(offered.url, dict(offered.fields))
    back = Absence.objects.get()
    assert (back.member, back.starts_at, back.ends_at) == (therapist, row.starts_at, row.ends_at)


def test_a_therapist_reads_and_does_not_write(client, therapist):
    client.force_login(therapist.user)
    text = client.get(HOURS).content.decode()
    assert "Note an absence" not in text
    assert client.post(HOURS, {"since": "2026-06-02", "until": "2026-06-02"}).status_code == 403
    assert not Absence.objects.exists()


def test_the_list_asks_as_often_for_three_as_for_one(
    as_owner, practice, therapist, colleague, monday, django_assert_num_queries
):
    def away(member):
        Absence.objects.create(practice=practice, member=member, starts_at=monday_at(0), ends_at=monday_at(24))

    away(therapist)
    with django_assert_num_queries(7):
        as_owner.get(HOURS)
    away(colleague)
    away(None)
    with django_assert_num_queries(7):
        as_owner.get(HOURS)
