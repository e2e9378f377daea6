"""The course of a measure over the visits: what may be joined, what is inside the error, and the same as a table."""

import datetime
import re

import pytest
from django.urls import reverse

from assessments import queries
from assessments.rules import PACK
from assessments.services import packs
from assessments.views.pictures import Person, tracks_of
from assessments.views.progress import course_panel
from clinic.marks import Mark, Provider, providers
from tests.assessments.conftest import block, day, hip_extension, tape

ROTATION = {"measure": "hip_internal_rotation", "mode": "passive", "instrument": "goniometer", "examiner": "Tomas"}


@pytest.fixture
def course(client_person):
    def found(pack=PACK, marks=()):
        visits = queries.signed_of(client_person).prefetch_related("readings").order_by("assessed_on", "signed_at")
        return tracks_of(list(visits), Person(48, "female"), pack, marks)

    return found


def runs(line):
    return [[point.value for point in run.points] for run in line.runs]


def rotation(side, value, position="prone", **more):
    return {**ROTATION, "side": side, "value": value, "position": position, **more}


def test_a_side_is_a_line_and_each_value_is_judged_against_the_first(signed, course):
    for month, value in enumerate((2, 9, 20), 1):
        signed(hip_extension("left", value), hip_extension("right", 14), on=day(2, month))
    (track,) = course()
    left, right = track.drawn.lines
    assert ([one.side for one in (left, right)], runs(left), runs(right)) == (
        ["left", "right"], [[2, 9, 20]], [[14, 14, 14]],
    )  # fmt: skip
    assert [point.within for point in left.points] == [False, True, False]
    assert left.runs[0].error == 13
    assert [(row.side, row.said, row.judged) for row in track.table[::-1] if row.side == "left"] == [
        ("left", "2°", "the first"),
        ("left", "9°", "within error since 2 Jan 2026"),
        ("left", "20°", "improved since 2 Jan 2026"),
    ]
    assert [(one.before, one.after, one.change.verdict) for one in track.newest] == [
        ("2°", "20°", "improved"), ("14°", "14°", "within_error"),
    ]  # fmt: skip


def test_the_threshold_of_the_rule_is_drawn_and_is_no_norm(signed, course):
    signed(hip_extension("left", 2))
    (track,) = course()
    assert track.drawn.threshold == 10
    assert track.caption.endswith("Dashed: working threshold 10°, not a norm.")


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (rotation("left", 30, "seated"), "position was prone, now seated"),
        (rotation("left", 30, instrument="inclinometer"), "instrument was goniometer, now inclinometer"),
        (rotation("left", 30, mode="active"), "mode was passive, now active"),
    ],
)
def test_another_way_breaks_the_line_and_says_why(signed, course, second, reason):
    signed(rotation("left", 20))
    signed(second, on=day(2, 4))
    (track,) = course()
    assert runs(track.drawn.lines[0]) == [[20], [30]]
    assert track.drawn.lines[0].runs[1].broken == "1"
    assert [why.endswith(reason) for why in track.why] == [True]
    assert track.newest[0].change is None
    assert track.svg.count('class="chart-break"') == 1
    assert 'class="trend' not in track.svg


def test_another_examiner_breaks_the_line_where_two_are_never_compared(signed, course):
    abduction = hip_extension("left", 20, measure="hip_abduction", position="supine")
    signed(abduction)
    signed({**abduction, "examiner": "Olga"}, on=day(2, 4))
    (track,) = course()
    assert runs(track.drawn.lines[0]) == [[20], [20]]
    assert "not comparable between different examiners" in track.why[0]


def test_two_ways_at_one_visit_are_two_courses(signed, course):
    for month in (3, 4):
        signed(rotation("left", 20), rotation("left", 30, "seated"), on=day(2, month))
    assert [(track.way, runs(track.drawn.lines[0])) for track in course()] == [
        ("prone · passive · goniometer", [[20, 20]]), ("seated · passive · goniometer", [[30, 30]]),
    ]  # fmt: skip


def test_a_difference_that_changes_sides_breaks_and_carries_its_letter(signed, course):
    for month, side in enumerate(("right", "right", "left"), 3):
        signed(block(9, side), on=day(2, month))
    (track,) = course()
    (line,) = track.drawn.lines
    assert [[point.said for point in run.points] for run in line.runs] == [["9 mm R", "9 mm R"], ["9 mm L"]]
    assert "the shorter side was right, now left" in track.why[0]


def test_without_a_known_error_it_is_drawn_and_nothing_is_called_a_change(signed, course):
    signed(tape("left", 892))
    signed(tape("left", 850), on=day(2, 5))
    (track,) = course()
    assert (runs(track.drawn.lines[0]), track.drawn.lines[0].points[1].within) == ([[892, 850]], True)
    assert track.caption == (
        "No error of a single length is published; the difference has a working error of 10 mm. "
        "No value is called a change."
    )


def test_trials_are_one_value(signed, course):
    signed(hip_extension("left", 2, trial=1), hip_extension("left", 6, trial=2))
    assert runs(course()[0].drawn.lines[0]) == [[4]]


def test_the_practice_s_own_error_is_the_band(signed, course, practice, owner):
    own = {"mdc": {"hip_extension": {"same_examiner": 7, "source": "our own audit"}}}
    packs.adopt(practice=practice, overrides=own, why="audit", by=owner)
    signed(hip_extension("left", 2))
    signed(hip_extension("left", 10), on=day(2, 4))
    (track,) = course(queries.packs.pack_of(practice.pk))
    assert (track.drawn.lines[0].runs[0].error, track.newest[0].change.verdict) == (7, "improved")


def test_the_words_and_the_table_hold_every_value_that_is_drawn(signed, course):
    for month, value in enumerate((2, 9, 20), 1):
        signed(hip_extension("left", value), hip_extension("right", 40 - value), on=day(2, month))
    (track,) = course()
    drawn = {(line.side, point.day, point.said) for line in track.drawn.lines for point in line.points}
    assert {(row.side, row.day, row.said) for row in track.table} == drawn
    for line in track.drawn.lines:
        said = next(part for part in track.words.split(". ") if part.lower().startswith(line.side))
        for point in line.points:
            assert f"{point.day.day} {point.day:%b %Y} {point.said}" in said


def test_what_was_done_is_marked_between_the_visits_only(signed, course):
    for month in (3, 5):
        signed(hip_extension("left", 2), on=day(2, month))
    marks = [Mark(datetime.date(2026, month, 2), "session", f"in {month}") for month in (2, 4, 6)]
    assert [mark.text for mark in course(marks=marks)[0].done] == ["in 4"]


def test_the_page_shows_courses_reasons_and_marks_of_other_apps(at, therapist, client_person, signed):
    signed(rotation("left", 20))
    signed(rotation("left", 30, "seated"), on=day(2, 5))
    done = Provider("test", lambda membership, client: [Mark(day(2, 4), "session", "Psoas, 10 minutes")])
    with providers.temporarily(done):
        text = at(therapist).get(reverse("assessments:progress", args=[client_person.pk])).content.decode()
    assert "1: measured in another way: position was prone, now seated" in text
    assert 'class="chart-session"' in text
    assert "Psoas, 10 minutes" in text
    assert "Not compared with what came before" in text


@pytest.mark.parametrize("count", [2, 5])
def test_the_size_of_the_page_grows_with_measures_not_with_visits(at, therapist, client_person, signed, count):
    for month in range(1, count + 1):
        signed(hip_extension("left", 2), on=day(2, month))
    text = at(therapist).get(reverse("assessments:progress", args=[client_person.pk])).content.decode()
    assert len(re.findall(r'<details class="details course"', text)) == 1


def test_the_panel_of_the_record_needs_two_visits_that_can_be_compared(therapist, client_person, signed):
    signed(hip_extension("left", 2))
    assert course_panel(therapist, client_person) is None
    signed(hip_extension("left", 20, position="side_lying"), on=day(2, 4))
    assert course_panel(therapist, client_person) is None
    signed(hip_extension("left", 30, position="side_lying"), on=day(2, 5))
    (track,) = course_panel(therapist, client_person)["tracks"]
    assert [(one.before, one.after) for one in track.newest] == [("20°", "30°")]


@pytest.mark.parametrize("count", [2, 4])
def test_the_panel_costs_the_same_however_many_visits(
    therapist, client_person, signed, count, django_assert_num_queries
):
    for month in range(1, count + 1):
        signed(hip_extension("left", 2), on=day(2, month))
    with django_assert_num_queries(3):
        course_panel(therapist, client_person)
