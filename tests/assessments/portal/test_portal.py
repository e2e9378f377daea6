"""Questions on the client's own page: kept one by one, sent once, scored as any other, and nobody else's."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext

from assessments.models import QuestionnaireRequest, QuestionnaireResponse
from assessments.queries import timeline
from assessments.services import asked
from clinic import links
from clinic.models import AuditEntry
from clinic.problems import InvalidInput
from tests.assessments.portal.conftest import DAY, draft

pytestmark = pytest.mark.django_db
BACK = [str(number) for number in range(1, 25)]


def keep(row, page, **given):
    return asked.keep(request=row, page=page, given=given, by=row.client)


def lines(refused):
    return {problem.path: problem.message for problem in refused.value.problems}


def test_pain_is_asked_number_by_number_kept_at_once_and_sent_as_of_today(client, client_person, ask, at):
    row = ask("nprs")
    begin = client.get(at(row)).content.decode()
    assert "It is 3 short pages." in begin
    assert draft(row) == {}
    assert not AuditEntry.objects.filter(actor_client=client_person).exists()
    assert client.post(at(row, 1), {"value": "8"}).url == at(row, 2)
    assert draft(row) == {"worst": 8}
    assert client.post(at(row, 2), {"value": "5"}).url == at(row)  # the last one is optional
    assert client.post(at(row, 3), {"value": ""}).url == at(row)
    overview = client.get(at(row)).content.decode()
    assert "Average pain in the last 7 days" in overview
    assert "Send to your practice" in overview
    assert client.post(at(row)).status_code == 302
    response = QuestionnaireResponse.objects.get()
    assert (response.score, response.answers, response.entered_by) == (5, {"worst": 8, "average": 5}, None)
    assert response.answered_on == client_person.today
    row.refresh_from_db()
    assert (row.response, row.answers) == (response, {})
    assert "You have answered these questions" in client.get(at(row)).content.decode()


def test_sent_twice_it_is_one(client, ask, at):
    row = ask("groc")
    client.post(at(row, 1), {"value": "+3"})
    for _ in range(2):
        asked.send(request=row, by=row.client)
    client.post(at(row))
    assert QuestionnaireResponse.objects.get().answers == {"change": 3}
    assert AuditEntry.objects.filter(verb="questionnaire.recorded", actor_client=row.client).count() == 1


@pytest.mark.parametrize("value", ["", "11", "-1", "five", "5.5", "٥", "5\x00"])
def test_what_is_no_number_of_the_scale_is_said_and_nothing_is_kept(client, ask, at, value):
    row = ask("nprs")
    answer = client.post(at(row, 2), {"value": value})
    assert answer.status_code == 422
    assert "Choose a number." in answer.content.decode()
    assert draft(row) == {}


def test_two_answers_that_cannot_both_be_are_said_before_sending(client, ask, at):
    row = ask("nprs")
    client.post(at(row, 1), {"value": "3"})
    client.post(at(row, 2), {"value": "7"})
    answer = client.post(at(row))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "can&#x27;t be less than “Average pain in the last 7 days”: change one of the two." in page
    assert "Send to your practice" not in page
    assert not QuestionnaireResponse.objects.exists()


def test_statements_come_in_short_lists_and_a_page_that_was_not_seen_is_no_no(client, ask, at):
    row = ask("rmdq")
    client.post(at(row, 1), {"ticked": ["1", "3", "24", "unknown"]})
    assert draft(row) == {"1": True, "2": False, "3": True, "4": False, "5": False, "6": False}
    with pytest.raises(InvalidInput) as refused:
        asked.send(request=row, by=row.client)
    assert lines(refused) == dict.fromkeys(["2", "3", "4"], "This is not answered yet.")
    for number in (2, 3, 4):
        client.post(at(row, number), {"ticked": BACK[18:20]})
    client.post(at(row))
    response = QuestionnaireResponse.objects.get()
    assert (response.score, [key for key, given in response.answers.items() if given]) == (4, ["1", "3", "19", "20"])


def test_own_activities_are_named_asked_again_and_left_out(client, ask, at):
    row = ask("psfs")
    for number, name in enumerate(["Socks", "Stairs", "Sleep"], start=1):
        client.post(at(row, number), {"activity": f" {name} ", "value": str(number)})
    assert "Name one more" in client.get(at(row)).content.decode()
    assert client.post(at(row, 4), {"activity": "stairs", "value": "4"}).status_code == 422
    client.post(at(row, 4), {"activity": "Running", "value": "4"})
    client.post(at(row, 2), {"remove": "1"})
    client.post(at(row))
    assert QuestionnaireResponse.objects.get().answers == {
        "activities": [
            {"activity": "Socks", "score": 1}, {"activity": "Sleep", "score": 3}, {"activity": "Running", "score": 4},
        ]
    }  # fmt: skip
    again = ask("psfs")
    assert 'value="Sleep"' in client.get(at(again, 2)).content.decode()


def test_each_thing_wrong_with_an_activity_is_said(ask):
    row = ask("psfs")
    with pytest.raises(InvalidInput) as refused:
        keep(row, 1, activity=" ", value="")
    assert lines(refused) == {
        "activity": "Write in a few words what is hard for you.",
        "value": "Choose a number.",
    }
    with pytest.raises(InvalidInput) as refused:
        keep(row, 1, activity="x" * 121, value="3")
    assert lines(refused) == {"activity": "That is longer than 120 characters: say it shorter."}


def test_looking_changes_nothing(client, ask, at):
    rows = [ask(key) for key in ("nprs", "rmdq", "psfs", "groc")]
    before = [list(model.objects.order_by("pk").values()) for model in (QuestionnaireRequest, AuditEntry)]
    for row in rows:
        for _ in range(3):
            for number in (None, 1, 2, 9):
                client.get(at(row, number))
    assert before == [list(model.objects.order_by("pk").values()) for model in (QuestionnaireRequest, AuditEntry)]


def test_another_clients_request_is_unknown_and_a_withdrawn_one_is_closed(client, ask, at, other_client, therapist):
    row = ask("nprs")
    strange = f"/p/{links.sign('portal', other_client.pk)}/questions/{row.pk}/"
    for address in (strange, f"{strange}1/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"value": "3"}).status_code == 404
    with pytest.raises(ValidationError):
        asked.keep(request=row, page=1, given={"value": "3"}, by=other_client)
    asked.withdraw(request=row, by=therapist)
    for answer in (
        client.get(at(row)),
        client.get(at(row, 1)),
        client.post(at(row, 1), {"value": "3"}),
        client.post(at(row)),
    ):
        assert "does not need these answers any more" in answer.content.decode()
    assert not QuestionnaireResponse.objects.exists()


def test_what_is_asked_twice_unknown_or_past_is_refused(ask, client_person, therapist, receptionist):
    ask("nprs")
    today = client_person.today
    for keys, on, by, line in [
        (["psfs", "nprs"], today, therapist, "Asked for already, and not answered yet: NPRS."),
        (["score_only"], today, therapist, "Choose at least one of NPRS, RMDQ, PSFS, GROC."),
        ([], today, therapist, "Choose at least one of NPRS, RMDQ, PSFS, GROC."),
        (["psfs"], today - DAY, therapist, "Choose a day from today on, within a year."),
        (["psfs"], today + 367 * DAY, therapist, "Choose a day from today on, within a year."),
        (["psfs"], today, receptionist, "Only a clinician of the practice can do this."),
    ]:
        with pytest.raises(ValidationError) as refused:
            asked.ask(client=client_person, questionnaires=keys, due_on=on, by=by)
        assert refused.value.messages == [line]
    assert QuestionnaireRequest.objects.count() == 1


def test_it_stands_on_the_page_of_today_from_its_day_on(client, client_person, ask, time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 4, 22, 30, tzinfo=datetime.UTC), tick=False)  # 23:30 in Berlin
    ask("nprs", on=datetime.date(2026, 3, 5))
    today = f"/p/{links.sign('portal', client_person.pk)}/"
    assert "A few questions for you" not in client.get(today).content.decode()
    time_machine.shift(datetime.timedelta(minutes=31))
    assert "A few questions for you" in client.get(today).content.decode()


NOTE = (
    "These questions are in English: no checked translation of them is on file."
    " Ask your practice if something is unclear."
)


@pytest.mark.parametrize(("language", "told"), [("en", False), ("en-gb", False), ("es", True)])
def test_somebody_who_speaks_another_language_is_told_that_the_questions_do_not(
    client, client_person, ask, at, language, told
):
    client_person.language = language
    client_person.save()
    page = client.get(at(ask("groc"), 1)).content.decode()
    with translation.override(language):
        assert (gettext(NOTE) in page) is told
    assert '<span lang="en" dir="ltr">Change since the first visit</span>' in page


def test_the_history_tells_who_asked_and_who_answered(client, client_person, therapist, ask, at):
    row = ask("groc")
    (event,) = timeline.questionnaires(therapist, client_person, None, 9)
    assert (event.title, event.status, event.by) == ("Asked for: Global rating of change", "waiting", "Tomas")
    client.post(at(row, 1), {"value": "0"})
    client.post(at(row))
    told = {event.title: event for event in timeline.questionnaires(therapist, client_person, None, 9)}
    answered = told["Global rating of change: 0, no change"]
    assert (answered.by, answered.news) == (str(client_person), True)
    assert told["Asked for: Global rating of change"].text.endswith(", answered")
