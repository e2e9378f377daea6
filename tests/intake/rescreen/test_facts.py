"""What is said again is known to the rules and to the programme as what was said in the intake."""

import pytest
from django.utils import timezone

from clinic import facts
from clinic.models import SafetyAlert
from clinic.services import audit, safety
from intake.queries import facts_for_rules
from intake.screening import RED_FLAGS
from intake.services import rescreens
from tests.assessments.conftest import hip_extension, record  # noqa: F401
from tests.treatments.conftest import answer_intake
from treatments.queries import locked_because
from treatments.queries.precautions import answers_of

pytestmark = pytest.mark.django_db


def say(client, nothing_new=False, **flags):
    return rescreens.answer(client=client, answers=flags, nothing_new=nothing_new, by=client)


def flags_of(client):
    """As the case document has them, and as the programme has them: the same."""
    known = facts.of(client, on=timezone.localdate())["red_flags"]
    assert known == answers_of(client).red_flags
    return known


def clear(row, therapist):
    safety.clear(alert=SafetyAlert.objects.get(source_id=row.pk), note="Seen by the doctor", by=therapist)


def test_a_flag_that_is_new_is_a_fact_and_locks_like_one_of_the_intake(client_person, therapist):
    answer_intake(client_person)
    row = say(client_person, fever_or_chills="yes")
    assert flags_of(client_person)["fever_or_chills"] == "yes"
    assert locked_because(client_person)
    clear(row, therapist)
    assert not locked_because(client_person)
    assert flags_of(client_person)["fever_or_chills"] == "yes", "a fact of the intake outlives its lock, too"


def test_before_any_intake_it_is_a_fact_as_well(client_person):
    say(client_person, fever_or_chills="unsure")
    assert flags_of(client_person) == {"fever_or_chills": "unsure"}
    assert len(answers_of(client_person).unanswered_red_flags) == len(RED_FLAGS) - 1


def test_the_newest_answer_counts_of_intakes_and_of_what_came_between(client_person, therapist):
    answer_intake(client_person, red_flags={"diabetes": "yes"})
    clear(say(client_person, diabetes="unsure", feels_ill="yes"), therapist)
    assert {flags_of(client_person)[key] for key in ("diabetes", "feels_ill")} == {"unsure", "yes"}
    say(client_person, diabetes="no")
    assert flags_of(client_person)["diabetes"] == "no"
    answer_intake(client_person, red_flags={"diabetes": "yes"})
    assert (flags_of(client_person)["diabetes"], flags_of(client_person)["feels_ill"]) == ("yes", "no")


@pytest.mark.parametrize("first", ["yes", "unsure"])
def test_what_waits_for_a_clinician_is_taken_back_by_nobody_else(client_person, therapist, first):
    answer_intake(client_person)
    row = say(client_person, fever_or_chills=first)
    say(client_person, fever_or_chills="no")
    answer_intake(client_person)
    assert flags_of(client_person)["fever_or_chills"] == first
    clear(row, therapist)
    assert flags_of(client_person)["fever_or_chills"] == "no"


def test_an_open_flag_of_the_intake_is_not_taken_back_either(client_person):
    intake = answer_intake(client_person, red_flags={"fever_or_chills": "yes"})
    safety.raise_alert(
        client=client_person, level="urgent", because=["Fever"], source="intake", source_id=intake.pk,
        by=audit.Machine.COMMAND,
    )  # fmt: skip
    say(client_person, fever_or_chills="unsure")
    assert flags_of(client_person)["fever_or_chills"] == "yes"


def test_a_fever_told_again_after_a_contracture_was_measured_is_urgent(client_person, record):  # noqa: F811
    assessment = record(hip_extension("left", -15))
    say(client_person, fever_or_chills="yes")
    alert = SafetyAlert.objects.get(source="assessment")
    assert (alert.level, alert.source_id) == ("urgent", assessment.pk)


def test_a_flag_that_the_protocol_no_longer_knows_is_left_aside(client_person, monkeypatch):
    say(client_person, fever_or_chills="yes", diabetes="no")
    monkeypatch.setattr("intake.queries.known.RED_FLAGS", {"diabetes": RED_FLAGS["diabetes"]})
    assert facts_for_rules(client_person)["red_flags"] == {"diabetes": "no"}


@pytest.mark.parametrize(("times", "queries"), [(0, 3), (1, 4), (3, 4)])
def test_it_costs_the_same_however_often_it_was_asked(client_person, times, queries, django_assert_num_queries):
    answer_intake(client_person)
    for flag in list(RED_FLAGS)[:times]:
        say(client_person, **{flag: "no"})
    with django_assert_num_queries(queries):
        facts_for_rules(client_person)
