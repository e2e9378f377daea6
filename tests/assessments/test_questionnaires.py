import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import queries
from assessments.models import QuestionnaireResponse
from assessments.services import questionnaires
from clinic.models import AuditEntry
from clinic.problems import InvalidInput
from clinic.services.audit import Machine
from tests.assessments.conftest import day


def own(*scores):
    names = ("Walk to the shop", "Put on socks", "Sit an hour", "Sleep", "Lift a crate")
    rows = zip(names, scores, strict=False)
    return {"activities": [{"activity": name, "score": score} for name, score in rows]}


def odi(fill, total=40, **more):
    return fill("score_only", {"total": total}, **{"name": "ODI 2.1", "licence_held": True, **more})


# --- recording --------------------------------------------------------------------------------------------------------


def test_recording_keeps_answers_score_and_version_and_leaves_one_audit_row(fill, client_person, therapist):
    response = fill("psfs", own(2, 4, 5))
    response.refresh_from_db()
    assert (response.questionnaire, response.version, f"{response.score}") == ("psfs", "1", "3.67")
    assert response.answers == own(2, 4, 5)
    assert (response.entered_by, response.client, response.name) == (therapist, client_person, "")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.client, entry.facts) == ("questionnaire.recorded", client_person, {})
    assert entry.object_id == response.pk


def test_a_form_we_may_not_carry_keeps_its_score_name_and_licence_alone(fill):
    response = odi(fill, 41.25, name="  ODI   2.1 ", licence_held=False)
    response.refresh_from_db()
    assert (response.name, response.licence_held, response.answers) == ("ODI 2.1", False, {})
    assert f"{response.score}" == "41.25"


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"answers": {"average": 11}}, ["answers.average"]),
        ({"key": "odi"}, ["questionnaire"]),
        ({"on": datetime.date(2126, 1, 1)}, ["answered_on"]),
        ({"on": datetime.date(1978, 3, 1)}, ["answered_on"]),
        ({"name": "ODI", "licence_held": False}, ["name", "licence_held"]),
        ({"key": "score_only", "answers": {"total": 4}}, ["name", "licence_held"]),
        ({"key": "score_only", "answers": {"total": 4}, "name": "x" * 121, "licence_held": True}, ["name"]),
        ({"key": "score_only", "answers": {"total": 4}, "name": "O\x00DI", "licence_held": True}, ["name"]),
        ({"key": "score_only", "answers": {"total": "4"}, "on": datetime.date(2126, 1, 1)},
         ["answers.total", "name", "licence_held", "answered_on"]),
    ],
)  # fmt: skip
def test_every_problem_is_said_at_once_and_nothing_is_written(fill, given, paths):
    with pytest.raises(InvalidInput) as refused:
        fill(**given)
    assert [problem.path for problem in refused.value.problems] == paths
    assert not QuestionnaireResponse.objects.exists()
    assert not AuditEntry.objects.exists()


def test_today_and_the_day_of_birth_are_days_like_others(fill, client_person):
    today = timezone.localdate(timezone=client_person.zone)
    assert fill(on=today).answered_on == today
    assert fill(on=client_person.date_of_birth).answered_on == client_person.date_of_birth
    with pytest.raises(InvalidInput, match="in the future"):
        fill(on=today + datetime.timedelta(days=1))


def test_only_clinicians_of_the_practice_write(fill, receptionist, other_therapist, owner):
    for somebody in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="Only a clinician"):
            fill(by=somebody)
    assert fill(by=owner).entered_by == owner
    assert fill(by=Machine.SEED).entered_by is None


def test_entered_in_error_once_and_it_counts_for_nothing(fill, therapist, client_person, receptionist):
    first, second = fill(answers={"average": 8}), fill(answers={"average": 2}, on=day(9))
    with pytest.raises(ValidationError, match="Only a clinician"):
        questionnaires.mark_entered_in_error(response=second, by=receptionist)
    questionnaires.mark_entered_in_error(response=second, by=therapist)
    with pytest.raises(ValidationError, match="already"):
        questionnaires.mark_entered_in_error(response=second, by=therapist)
    assert [series.responses for series in queries.series_of(client_person)] == [[first]]
    assert queries.marked_in_error(client_person) == [second]
    assert queries.comparison_of(second) is None
    assert AuditEntry.objects.filter(verb="questionnaire.entered_in_error").count() == 1


# --- over time --------------------------------------------------------------------------------------------------------


def test_each_answer_is_judged_against_the_one_before_it(fill, client_person):
    for number, on in ((8, day(2)), (7, day(9)), (4, day(16))):
        fill(answers={"average": number}, on=on)
    (series,) = queries.series_of(client_person)
    verdicts = [step.comparison and step.comparison.verdict for step in series.steps]
    assert verdicts == [None, "within_error", "improved"]
    assert (series.since_last.before, series.since_first.before) == (7, 8)
    assert series.score == "4 of 10"
    assert [step.response.answered_on for step in series.newest_first] == [day(16), day(9), day(2)]


def test_small_steps_that_are_one_large_one_together(fill, client_person):
    for number, on in ((6, day(2)), (5, day(9)), (4, day(16))):
        fill(answers={"average": number}, on=on)
    (series,) = queries.series_of(client_person)
    assert (series.since_last.verdict, series.since_first.verdict) == ("within_error", "improved")


def test_the_order_is_that_of_the_answers_and_then_of_typing(fill, client_person):
    late = fill(answers={"average": 3}, on=day(9))
    early = fill(answers={"average": 8}, on=day(2))
    later = fill(answers={"average": 2}, on=day(9))
    (series,) = queries.series_of(client_person)
    assert series.responses == [early, late, later]


def test_scores_of_other_forms_stand_together_by_name_and_have_no_verdict(fill, client_person):
    odi(fill)
    odi(fill, 10, name="odi 2.1", on=day(9))
    odi(fill, 60, name="LEFS")
    series = queries.series_of(client_person)
    assert [(row.name, len(row.responses), row.score) for row in series] == [("LEFS", 1, "60"), ("odi 2.1", 2, "10")]
    said = series[1].since_last
    assert (said.verdict, said.note) == ("not_comparable", "no minimal important change is on file")
    assert series[1].since_first is None


def test_a_rating_of_change_needs_no_earlier_one(fill, client_person):
    fill("groc", {"change": 5})
    (series,) = queries.series_of(client_person)
    assert (series.since_last.verdict, series.score) == ("improved", "+5, much better")


def test_an_answer_to_an_older_version_is_shown_and_not_judged(fill, client_person):
    QuestionnaireResponse.objects.filter(pk=fill().pk).update(version="0", answers={"strongest": 5})
    newer = fill(answers={"average": 1}, on=day(9))
    said = queries.comparison_of(newer)
    assert (said.verdict, said.note) == ("not_comparable", "version 0 then, version 1 now")
    old = queries.series_of(client_person)[0].responses[0]
    assert list(queries.answers_in_words(old)) == [("strongest", "5")]


def test_a_questionnaire_that_is_gone_stays_readable(fill, client_person):
    response = fill()
    QuestionnaireResponse.objects.update(questionnaire="gone")
    fill("groc", {"change": 0})
    gone = queries.series_of(client_person)[-1]
    assert (gone.name, gone.score, gone.compares) == ("gone", "5", False)
    response.refresh_from_db()
    assert list(queries.answers_in_words(response)) == [("average", "5")]


@pytest.mark.parametrize(
    ("key", "answers", "words"),
    [
        ("nprs", {"now": 0, "average": 10}, [("Average pain in the last 7 days", "10, worst imaginable"),
                                             ("Pain now", "0, no pain")]),
        ("rmdq", {"13": True}, [("My back is painful almost all the time.", "")]),
        ("psfs", own(2, 4, 5), [("Walk to the shop", "2"), ("Put on socks", "4"), ("Sit an hour", "5")]),
        ("groc", {"change": -1}, [("Change since the first visit", "-1, hardly any worse")]),
    ],
)  # fmt: skip
def test_answers_in_words(fill, key, answers, words):
    response = fill(key, answers)
    response.refresh_from_db()
    assert list(queries.answers_in_words(response)) == words


def test_another_client_s_answers_stay_out(fill, client_person, other_client, other_therapist):
    fill(client=other_client, by=other_therapist)
    assert queries.series_of(client_person) == []


def test_the_whole_record_is_read_with_one_query(fill, client_person):
    for number in range(6):
        fill(answers={"average": number}, on=day(2 + number))
    odi(fill)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        rows = [step.comparison for series in queries.series_of(client_person) for step in series.steps]
    assert (len(rows), len(seen)) == (7, 1)
