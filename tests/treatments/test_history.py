"""Two assessments and the programme between them: what was reached is kept up, what did not help isn't repeated."""

import datetime

import pytest

from assessments.queries import accepted_findings
from assessments.services import assessments
from tests.treatments.conftest import TODAY, answer_intake
from treatments.models import HomeLog, Outcome, Programme, ProgrammeItem
from treatments.planning import History
from treatments.services import programmes
from treatments.services.programmes.history import history_of

pytestmark = pytest.mark.django_db

BEFORE = TODAY - datetime.timedelta(weeks=7)
STRETCH = "half_kneeling_hip_flexor_stretch"


@pytest.fixture
def visit(client_person, therapist, at_noon):
    """A signed assessment of hip extension (right), with everything that was found accepted."""

    def make(degrees, day, **more):
        reading = {
            "measure": "hip_extension", "side": "right", "value": degrees, "position": "prone", "mode": "passive",
            "instrument": "goniometer", **more,
        }  # fmt: skip
        made = assessments.record(client=client_person, assessed_on=day, measurements=[reading], by=therapist)
        for finding in made.findings.all():
            assessments.decide(finding=finding, decision="accepted", by=therapist)
        return assessments.sign(assessment=made, by=therapist)

    return make


@pytest.fixture
def programme(client_person, therapist):
    """A programme that was given after an assessment, with one stretch done on `done` of its days."""

    def make(assessment, *, done=1.0, weeks=7, maintenance=False, finding="hip_extension_limited", stopped=None):
        starts = TODAY - datetime.timedelta(weeks=weeks)
        given = Programme.objects.create(
            practice=client_person.practice, client=client_person, assessment=assessment, state="published",
            starts_on=starts, until=TODAY + datetime.timedelta(days=1),
            published_at=datetime.datetime.combine(starts, datetime.time(9), tzinfo=datetime.UTC),
        )  # fmt: skip
        item = ProgrammeItem.objects.create(
            practice=given.practice, programme=given, exercise=STRETCH, kind="stretch", side="right",
            hold_seconds=30, repetitions=2, weekdays=[1, 2, 3, 4, 5, 6, 7], for_findings=[finding],
            maintenance=maintenance, stopped_at=stopped,
        )  # fmt: skip
        days = [starts + datetime.timedelta(days=n) for n in range(weeks * 7 + 1)]
        HomeLog.objects.bulk_create(
            HomeLog(
                practice=given.practice, client=client_person, item=item, local_date=day, outcome=Outcome.DONE
            )
            for day in days[: round(done * len(days))]
        )  # fmt: skip
        return given

    return make


def told(client, assessment):
    history = history_of(client, assessment, accepted_findings(assessment))
    reached = [(entry.exercise, entry.side, entry.finding) for entry in history.reached]
    return reached, [(entry.exercise, entry.side) for entry in history.unhelped]


def test_a_finding_that_is_gone_by_more_than_the_error_was_reached(client_person, visit, programme):
    programme(visit(-5, BEFORE))
    after = visit(12, TODAY)
    assert told(client_person, after) == ([(STRETCH, "right", "hip_extension_limited")], [])
    (entry,) = history_of(client_person, after, []).reached
    assert entry.because == "Hip extension -5 → 12, more than the measurement error of 13"


def test_a_finding_that_is_gone_within_the_error_was_not_reached(client_person, visit, programme):
    programme(visit(8, BEFORE))
    assert told(client_person, visit(12, TODAY)) == ([], [])


def test_a_finding_that_was_not_measured_again_was_not_reached(client_person, visit, programme):
    programme(visit(-5, BEFORE))
    assert told(client_person, visit(40, TODAY, measure="hip_abduction", position="supine")) == ([], [])


def test_what_stayed_away_is_kept_up_again(client_person, visit, programme):
    programme(visit(-5, BEFORE), maintenance=True)
    assert told(client_person, visit(11, TODAY))[0] == [(STRETCH, "right", "hip_extension_limited")]


@pytest.mark.parametrize(
    ("case", "done", "weeks", "degrees", "unhelped"),
    [
        ("done, and no more than the error", 1.0, 7, 9, True),
        ("done on 70 % of the days", 0.7, 7, 9, True),
        ("done on fewer", 0.66, 7, 9, False),
        ("after less than six weeks", 1.0, 5, 9, False),
        ("it changed by the error", 1.0, 7, -3, False),
    ],
)
def test_what_was_done_for_six_weeks_in_vain(client_person, visit, programme, case, done, weeks, degrees, unhelped):
    start = -16 if degrees == -3 else 4
    programme(visit(start, BEFORE - datetime.timedelta(days=1)), done=done, weeks=weeks)
    reached, tried = told(client_person, visit(degrees, TODAY))
    assert (reached, tried) == ([], [(STRETCH, "right")] if unhelped else []), case


def test_a_stopped_exercise_tells_nothing(client_person, visit, programme):
    programme(visit(4, BEFORE), stopped=datetime.datetime(2026, 1, 20, tzinfo=datetime.UTC))
    assert told(client_person, visit(9, TODAY)) == ([], [])


def test_without_an_earlier_programme_there_is_no_history(client_person, visit, programme):
    first = visit(4, BEFORE)
    assert history_of(client_person, first, []) == History()
    programme(first)
    assert history_of(client_person, first, []) == History()


def test_the_next_draft_keeps_up_what_was_reached_three_days_a_week(client_person, therapist, visit, programme):
    answer_intake(client_person)
    programme(visit(-5, BEFORE))
    draft = programmes.draft(client=client_person, assessment=visit(12, TODAY), by=therapist)
    item = draft.items.get(exercise=STRETCH)
    assert (item.maintenance, item.days_per_week, item.side) == (True, 3, "right")


def test_the_next_draft_tries_another_way(client_person, therapist, visit, programme):
    answer_intake(client_person)
    programme(visit(4, BEFORE))
    draft = programmes.draft(client=client_person, assessment=visit(9, TODAY), by=therapist)
    assert not draft.items.filter(exercise=STRETCH).exists()
    assert any(entry["exercise"] == STRETCH and "another way" in entry["because"] for entry in draft.left_out)
    assert draft.items.filter(kind="stretch").exists()


def two_legs(left, right):
    rows = [("left", left), ("right", right)]
    return [
        {
            "measure": "hip_extension", "side": side, "value": degrees, "position": "prone", "mode": "passive",
            "instrument": "goniometer",
        }
        for side, degrees in rows
    ]  # fmt: skip


def recorded(client, therapist, day, measurements, *, sign=True):
    made = assessments.record(client=client, assessed_on=day, measurements=measurements, by=therapist)
    for finding in made.findings.all():
        assessments.decide(finding=finding, decision="accepted", by=therapist)
    return assessments.sign(assessment=made, by=therapist) if sign else made


def test_each_leg_has_its_own_change(client_person, therapist, programme, at_noon):
    """The right leg gained nothing; what the left one gained is not its merit."""
    given = programme(recorded(client_person, therapist, BEFORE, two_legs(-15, 4)))
    given.items.update(side="right")
    after = recorded(client_person, therapist, TODAY, two_legs(5, 6))
    assert told(client_person, after) == ([], [(STRETCH, "right")])


def test_it_is_compared_with_the_visit_the_programme_was_made_from(client_person, visit, programme):
    programme(visit(-15, BEFORE))
    visit(5, TODAY - datetime.timedelta(days=7))
    assert told(client_person, visit(8, TODAY)) == ([], [])


def test_a_programme_that_ended_early_did_not_run_six_weeks(client_person, visit, programme):
    given = programme(visit(4, BEFORE))
    ended = datetime.datetime.combine(given.starts_on + datetime.timedelta(days=5), datetime.time(9), datetime.UTC)
    Programme.objects.filter(pk=given.pk).update(state="ended", ended_at=ended)
    assert told(client_person, visit(9, TODAY)) == ([], [])


def test_the_newest_programme_counts(client_person, visit, programme):
    first = programme(visit(4, BEFORE - datetime.timedelta(days=60)), weeks=15)
    Programme.objects.filter(pk=first.pk).update(state="ended")
    programme(visit(-15, BEFORE), finding="iliopsoas_short")
    assert told(client_person, visit(9, TODAY)) == ([], [])


def test_a_programme_of_a_visit_that_was_a_mistake_tells_nothing(client_person, therapist, visit, programme):
    before = visit(-5, BEFORE)
    programme(before)
    assessments.mark_entered_in_error(assessment=before, by=therapist)
    assert told(client_person, visit(12, TODAY)) == ([], [])


def test_what_was_only_kept_up_was_not_tried_in_vain(client_person, visit, programme):
    programme(visit(4, BEFORE), maintenance=True)
    assert told(client_person, visit(9, TODAY)) == ([], [])
