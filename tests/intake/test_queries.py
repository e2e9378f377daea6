import datetime

import pytest
from django.utils import timezone

from clinic import facts, panels
from clinic.services import clients
from intake.models import IntakeRequest
from intake.queries import (
    attention,
    conditions_of,
    document,
    facts_for_rules,
    known_now,
    latest_completed,
    latest_request,
)  # fmt: skip
from intake.screening import CONDITIONS
from intake.services import conditions, forms, requests, responses
from tests.intake.conftest import fill, sign
from tests.people import make_client


def test_before_any_intake_nothing_is_known(client_person):
    assert latest_completed(client_person) is None
    assert latest_request(client_person) is None
    assert conditions_of(client_person) == {}
    known = facts_for_rules(client_person)
    assert known["conditions"] == known["red_flags"] == {}
    assert known["sitting_hours_per_day"] is None


def test_a_draft_is_not_an_intake(invitation):
    fill(invitation)
    assert latest_completed(invitation.client) is None
    assert facts_for_rules(invitation.client)["footwear"] is None


def test_facts_for_the_rules_are_plain_words_and_numbers(invitation):
    hip = {"answer": "yes", "side": "left", "date": "2019-03-01"}
    fill(invitation, conditions={"hip_replacement": hip, "polio": "unsure"}, red_flags={"diabetes": "yes"})
    sign(invitation)
    known = facts_for_rules(invitation.client)
    assert (known["sitting_hours_per_day"], known["standing_hours_per_day"]) == (9, 1.5)
    assert (known["standing_surface"], known["footwear"]) == ("hard", "worn")
    assert {known["conditions"][key] for key in ("hip_replacement", "polio", "osteoporosis")} == {"yes", "unsure", "no"}
    assert known["red_flags"]["diabetes"] == "yes"
    merged = facts.of(invitation.client, on=datetime.date(2026, 3, 1))
    assert (merged["age"], merged["footwear"]) == (47, "worn")


def test_a_clinician_s_answer_counts_after_and_before_the_intake(client_person, therapist):
    conditions.answer(client=client_person, condition="polio", answer="yes", by=therapist)
    assert conditions_of(client_person) == {"polio": "yes"}
    invitation = requests.send(client=client_person, by=therapist)
    fill(invitation, conditions={"osteoporosis": "unsure"})
    sign(invitation)
    assert conditions_of(client_person)["polio"] == "no"  # the client said so later
    conditions.answer(client=client_person, condition="osteoporosis", answer="yes", by=therapist)
    conditions.answer(client=client_person, condition="osteoporosis", answer="no", by=therapist)
    assert conditions_of(client_person)["osteoporosis"] == "no"
    assert known_now(client_person).condition_words["osteoporosis"] == "no"


def test_the_newest_intake_counts(invitation, therapist):
    fill(invitation, footwear="worn")
    sign(invitation)
    again = requests.send(client=invitation.client, by=therapist)
    fill(again, footwear="flat")
    newest = sign(again)
    assert latest_completed(invitation.client) == newest
    assert known_now(invitation.client).footwear == "flat"


def test_reading_facts_takes_three_queries(completed, django_assert_num_queries):
    client = completed.client
    with django_assert_num_queries(3):
        facts_for_rules(client)
    with django_assert_num_queries(2):
        conditions_of(client)


def test_a_signed_intake_is_read_with_its_own_questions_for_ever(completed, therapist, monkeypatch):
    newer = forms.shipped_schema()
    newer["questions"]["red_flags"]["diabetes"]["question"] = "A newer wording?"
    monkeypatch.setattr(forms, "shipped_schema", lambda *_: newer)
    forms.current(practice=completed.practice, by=therapist)
    asked = {line.question: line.answer for section in document.sections(completed) for line in section.lines}
    assert asked["Do you have diabetes?"] == "No"
    assert asked["Hours sitting"] == "9 hours"
    assert asked["Choose all that apply"] == "Massage, Foam roller"
    assert "A newer wording?" not in asked


def test_an_old_version_is_still_read_when_the_protocol_knows_more(completed):
    schema = completed.form_version.schema
    asked = schema["form"]["pages"][4]["fields"][0]["items"]
    asked.remove("pulsing_abdomen")
    del schema["questions"]["red_flags"]["pulsing_abdomen"]
    assert len(completed.form_version.form.pages[4].fields[0].items) == 6
    assert len(document.sections(completed)[4].lines) == 6


def test_details_of_a_condition_are_read_in_words():
    hip = {"answer": "yes", "date": "2019-03-01", "side": "left", "approach": "posterior"}
    assert document.in_words(hip) == "Yes, left, posterior approach, 2019-03-01"
    assert document.in_words([hip, {"answer": "unsure"}]) == "Yes, left, posterior approach, 2019-03-01; Not sure"
    assert document.in_words(None) == "Not answered"
    assert document.in_words({"answer": "yes", "restrictions": []}) == "Yes, no restrictions"
    limited = {"answer": "yes", "restrictions": ["hip_flexion_over_90", "crosses_midline"]}
    assert document.in_words(limited) == "Yes, restricted: hip flexion over 90 and crosses midline"


@pytest.mark.parametrize(
    ("answer", "is_open"),
    [(None, True), ("unsure", True), ({"answer": "unsure"}, True), ("no", False), ([{"answer": "yes"}], False)],
)
def test_a_condition_is_open_until_somebody_is_sure(answer, is_open):
    known = {} if answer is None else {"polio": answer}
    found = {condition.key: condition.open for condition in document.conditions(known)}
    assert found["polio"] is is_open
    assert len(found) == len(CONDITIONS)


def people(practice, count: int):
    return [
        make_client(practice, ref=f"C{number}", given_name=f"Client{number}", email=f"c{number}@clients.example")
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_the_dashboard_take_one_query_each(count, practice, therapist, django_assert_num_queries):
    for client in people(practice, count):
        fill(requests.send(client=client, by=therapist))
        sign(latest_request(client))
        requests.send(client=client, by=therapist)
    with django_assert_num_queries(1):
        unread = attention.unread(practice)
        assert [str(row.client) for row in unread.rows] == [f"Client{number} Brandt" for number in range(count)]
    with django_assert_num_queries(1):
        assert len([str(row.client) for row in attention.waiting(practice).rows]) == count


def test_what_was_read_or_archived_needs_nobody(completed, therapist, practice):
    responses.mark_read(response=completed, by=therapist)
    assert attention.unread(practice).rows == []
    requests.send(client=completed.client, by=therapist)
    clients.archive(client=completed.client, by=therapist)
    assert attention.waiting(practice).rows == []


def test_an_expired_link_is_shown_until_another_is_sent_or_a_month_has_gone(invitation, therapist, practice):
    def expired(days: int) -> list[IntakeRequest]:
        then = timezone.now() - datetime.timedelta(days=days)
        IntakeRequest.objects.filter(pk=invitation.pk).update(expires_at=then)
        return attention.expired(practice).rows

    assert expired(1) == [invitation]
    assert attention.waiting(practice).rows == []
    assert expired(31) == []
    requests.send(client=invitation.client, by=therapist)
    assert expired(1) == []


def test_more_than_eight_are_cut_and_said(practice, therapist):
    for client in people(practice, 9):
        requests.send(client=client, by=therapist)
    waiting = attention.waiting(practice)
    assert (len(waiting.rows), waiting.more) == (8, True)


@pytest.mark.parametrize("answered", [False, True])
def test_the_panels_of_a_record_take_two_and_one_queries(invitation, therapist, answered, django_assert_num_queries):
    client = invitation.client
    if answered:
        fill(invitation)
        sign(invitation)
    with django_assert_num_queries(2):
        panels.client["intake"].context(therapist, client)
    with django_assert_num_queries(1):
        assert panels.client["intake_link"].context(therapist, client)["invitation"] == invitation


def test_the_dashboard_panel_takes_three_queries_and_two_for_reception(
    completed, therapist, receptionist, django_assert_num_queries
):
    with django_assert_num_queries(3):
        assert panels.dashboard["intakes"].context(therapist)["unread"].rows == [completed]
    with django_assert_num_queries(2):
        assert panels.dashboard["intakes"].context(receptionist)["unread"].rows == []
