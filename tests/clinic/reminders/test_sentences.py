"""Why did, or didn't, this mail go out? In a sentence, for every state and everything that is known about it."""

import datetime
import itertools
import json
import subprocess
import sys
import uuid

import pytest
from django.core.management import CommandError

from clinic.models import ArchivedReminder, Client, Delivery, DeliveryEvent, MailServer, Pulse, Reminder, SafetyAlert
from clinic.models.base import uuid7
from clinic.queries.reminders import history, lines, on_day
from tests.clinic.reminders.conftest import NOON
from tests.clinic.reminders.test_pages import explain
from tests.people import make_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "kind")]
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)
NO_VISIT = "No visit is booked whose reminder would leave on that day."


@pytest.fixture(autouse=True)
def alive(db):
    """The clock ticks and a worker works."""
    for role in ("clock", "worker"):
        Pulse.objects.create(role=role, name="one", at=NOON)


def line_of(row):
    row.refresh_from_db()
    (line,) = lines([row])
    return line


def report(row, what, at=NOON, **details):
    return DeliveryEvent.objects.create(
        practice=row.practice, client=row.client, reminder=row.pk, what=what, happened_at=at, source="postmark",
        event_id=str(uuid.uuid4()), **details,
    )  # fmt: skip


@pytest.fixture
def row(make_reminder, client_person):
    return make_reminder(client_person)


@pytest.fixture
def sent(make_reminder, client_person):
    return make_reminder(client_person, state="sent", settled_at=NOON)


# --- planned ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({"not_before": NOON + MINUTE}, "Will leave on 3 June 2026, 12:01."),
        ({}, "Due since 3 June 2026, 12:00; leaves as soon as its turn comes."),
        (
            {"not_before": NOON + 9 * MINUTE, "reason": "Waits until the quiet hours are over."},
            "Will leave on 3 June 2026, 12:09. Waits until the quiet hours are over.",
        ),
        (
            {"not_before": NOON + MINUTE, "attempts": 1, "reason": "The mail server asked to try again later (451)."},
            "Tried once without success. Next try on 3 June 2026, 12:01. "
            "The mail server asked to try again later (451).",
        ),
        (
            {"attempts": 3, "reason": "The mail server asked to try again later (451)."},
            "Tried 3 times without success. Due since 3 June 2026, 12:00; leaves as soon as its turn comes. "
            "The mail server asked to try again later (451).",
        ),
        (
            {"kind": "gone"},
            "Due on 3 June 2026, 12:00, but nothing here sends this kind of mail any more.",
        ),
    ],
)
def test_what_a_planned_mail_waits_for(make_reminder, details, sentence):
    assert line_of(make_reminder(**details)).sentence == sentence


def test_a_resting_mail_server_holds_what_is_due_before_its_rest_ends(make_reminder, client_person):
    MailServer.objects.create(
        key="mail.example:25", failures=12, down_since=NOON, rest_until=NOON + 5 * MINUTE, reason="It said no (421)."
    )
    held = make_reminder(client_person, reason="It said no (421).", not_before=NOON + 4 * MINUTE)
    assert line_of(held).sentence == (
        "Due on 3 June 2026, 12:04. The mail server is resting until 12:05 after 12 failures: It said no (421)."
    )
    later = make_reminder(client_person, not_before=NOON + 6 * MINUTE)
    assert line_of(later).sentence == "Will leave on 3 June 2026, 12:06."
    MailServer.objects.update(failures=1)
    assert "after 1 failure:" in line_of(held).sentence


def test_a_mail_server_whose_rest_is_over_is_tried_again(make_reminder, client_person):
    MailServer.objects.create(
        key="mail.example:25", failures=2, down_since=NOON, rest_until=NOON - MINUTE, reason="It said no (421)."
    )
    row = make_reminder(client_person, due_at=NOON - 2 * MINUTE)
    assert line_of(row).sentence == (
        "Due on 3 June 2026, 11:58. The mail server is tried again now after 2 failures: It said no (421)."
    )


AGAINST = [
    ({"reminders_stopped_at": NOON}, {}, "the client stopped reminders."),
    ({"reminders_paused_until": NOON.date() + DAY}, {}, "reminders are paused until 4 June 2026."),
    ({"email": ""}, {}, "the client has no e-mail address."),
    ({"email_bounced_at": NOON}, {}, "mail to the client's address came back."),
    ({"email_refused_at": NOON}, {}, "the client withdrew their consent to mail."),
    ({"archived_at": NOON}, {}, "the client is archived."),
    ({}, {"local_date": datetime.date(2026, 6, 2)}, "it is too late for that day."),
]


@pytest.mark.parametrize(("state", "details", "why"), AGAINST)
def test_a_planned_mail_that_will_not_leave_says_so(make_reminder, client_person, state, details, why):
    Client.objects.update(**state)
    client_person.refresh_from_db()
    assert (
        line_of(make_reminder(client_person, **details)).sentence == f"Due on 3 June 2026, 12:00. Will not leave: {why}"
    )


def test_an_open_question_holds_back_that_client_only(make_reminder, client_person, practice):
    SafetyAlert.objects.create(
        practice=practice, client=client_person, level="urgent", because=["Fever."], source="intake", source_id=uuid7()
    )
    held, other = make_reminder(client_person), make_reminder(make_client(practice, ref="C2", family_name="Second"))
    told = {line.row: "Will not leave" in line.sentence for line in lines([held, other])}
    assert told == {held: True, other: False}
    assert line_of(held).sentence.endswith("a clinician has to answer a question about this client first.")


def test_what_was_asked_for_is_held_back_by_nothing_but_its_age(make_reminder, client_person, kind):
    kind.requested = True
    Client.objects.update(reminders_stopped_at=NOON)
    assert "leaves as soon as its turn comes" in line_of(make_reminder(client_person)).sentence
    old = make_reminder(client_person, due_at=NOON - 4 * DAY)
    assert line_of(old).sentence.endswith("Will not leave: it was asked for too long ago.")


def test_a_pause_that_is_over_by_then_holds_nothing_back(make_reminder, client_person):
    Client.objects.update(reminders_paused_until=NOON.date() + DAY)
    assert line_of(make_reminder(client_person, due_at=NOON + DAY)).sentence == "Will leave on 4 June 2026, 12:00."


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (["clock", "worker"], "no worker and no clock ever ran here."),
        (["clock"], "the clock was never heard."),
        (["worker"], "the worker was never heard."),
    ],
)
def test_silence_is_told_with_each_mail_that_waits(row, client_person, gone, words, client, receptionist):
    Pulse.objects.filter(role__in=gone).delete()
    assert line_of(row).sentence == f"Due on 3 June 2026, 12:00. It may not leave: {words}"
    assert words in explain("C0001")
    client.force_login(receptionist.user)
    for page in (f"/clients/{client_person.pk}/?tab=reminders", f"/clients/{client_person.pk}/mail/", "/reminders/"):
        assert words in client.get(page).text
    assert words in explain("C0001", "--date", "2026-06-04")


def test_silence_has_a_beginning(row):
    Pulse.objects.filter(role="clock").update(at=NOON - 5 * MINUTE)
    assert line_of(row).sentence.endswith("the clock is silent since 3 June 2026, 11:55.")


def test_the_time_names_its_place_where_the_practices_clock_shows_another(make_reminder, client_person):
    Client.objects.update(timezone="America/New_York")
    client_person.refresh_from_db()
    sent = make_reminder(client_person, state="sent", settled_at=NOON)
    assert line_of(sent).sentence == "Sent on 3 June 2026, 06:00 (New York time)."
    MailServer.objects.create(key="m", failures=1, rest_until=NOON + MINUTE, reason="No.")
    assert "until 06:01 (New York time) after" in line_of(make_reminder(client_person)).sentence
    Client.objects.update(timezone="Europe/Paris")
    assert line_of(sent).sentence == "Sent on 3 June 2026, 12:00."


def test_a_failed_mail_says_how_often_it_was_tried(make_reminder):
    row = make_reminder(state="failed", settled_at=NOON, attempts=6, reason="It said so (451).")
    assert line_of(row).sentence == "Failed on 3 June 2026, 12:00 after 6 tries. It said so (451)."
    Reminder.objects.update(attempts=1)
    assert line_of(row).sentence == "Failed on 3 June 2026, 12:00. It said so (451)."


# --- left -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "code", "said", "word"),
    [
        ("delivered", "", "Delivered on 3 June 2026, 12:00.", "Delivered"),
        ("deferred", "", "On 3 June 2026, 12:00 the receiving mail server had not taken it yet.", "On its way"),
        ("rejected", "", "Refused by the mail service on 3 June 2026, 12:00.", "Refused"),
        ("bounced", "5.1.1", "Came back on 3 June 2026, 12:00: no such address (5.1.1).", "Came back"),
        ("bounced", "4.2.2", "Came back on 3 June 2026, 12:00: the mailbox is full (4.2.2).", "Came back"),
        ("bounced", "5.2.1", "Came back on 3 June 2026, 12:00: the mailbox takes no mail (5.2.1).", "Came back"),
        (
            "bounced", "5.7.1",
            "Came back on 3 June 2026, 12:00: the receiving mail server refuses it (5.7.1).", "Came back",
        ),
        ("bounced", "550", "Came back on 3 June 2026, 12:00: it could not be delivered (550).", "Came back"),
        ("bounced", "", "Came back on 3 June 2026, 12:00: it could not be delivered.", "Came back"),
        ("complained", "", "Marked as unwanted on 3 June 2026, 12:00.", "Marked as unwanted"),
    ],
)  # fmt: skip
def test_what_became_of_it_after_it_left(sent, what, code, said, word):
    report(sent, what, code=code)
    line = line_of(sent)
    assert (line.sentence, line.word) == (f"Sent on 3 June 2026, 12:00. {said}", word)


def test_what_counts_more_is_told_whatever_came_first(sent):
    told = set()
    for order in itertools.permutations(["delivered", "bounced", "complained"]):
        DeliveryEvent.objects.all().delete()
        for place, what in enumerate(order):
            report(sent, what, at=NOON + place * MINUTE)
        told.add(line_of(sent).word)
    assert told == {"Marked as unwanted"}


def test_of_two_reports_that_count_the_same_the_newer_is_told(sent):
    report(sent, "bounced", at=NOON + MINUTE, code="5.1.1")
    report(sent, "bounced", code="4.2.2")
    assert "no such address" in line_of(sent).sentence


def test_every_report_has_its_words():
    from clinic.queries.sentences import REPORTS

    assert set(REPORTS) == set(Delivery)


def test_a_mail_that_came_back_asks_for_the_address_until_it_is_corrected(sent, client_person):
    report(sent, "bounced")
    assert (line_of(sent).action, line_of(sent).status) == ("", "quiet"), "the address is another one by now"
    client_person.email_bounced_at = NOON
    client_person.save()
    assert (line_of(sent).action, line_of(sent).status) == ("address", "needs-you")
    client_person.archived_at = NOON
    client_person.save()
    assert line_of(sent).action == ""


def test_a_failed_mail_to_an_address_that_came_back_asks_for_the_address(make_reminder, client_person):
    client_person.email_bounced_at = NOON
    client_person.save()
    assert line_of(make_reminder(client_person, state="failed")).action == "address"
    assert line_of(make_reminder(client_person, state="failed", seen_at=NOON)).action == ""


@pytest.mark.parametrize(
    ("resend_uncertain", "seen_at", "advice"),
    [
        (True, None, " Ask the client, and send it again if it has not arrived."),
        (False, None, " It is not sent a second time; mark it as seen."),
        (True, NOON, ""),
    ],
)
def test_an_uncertain_mail_says_what_a_person_can_do(make_reminder, kind, resend_uncertain, seen_at, advice):
    kind.resend_uncertain = resend_uncertain
    row = make_reminder(state="uncertain", settled_at=NOON, seen_at=seen_at, reason="The worker stopped.")
    assert line_of(row).sentence == f"Uncertain since 3 June 2026, 12:00. The worker stopped.{advice}"
    report(row, "delivered")
    assert line_of(row).sentence.endswith("The worker stopped. Delivered on 3 June 2026, 12:00.")


def test_an_old_report_says_nothing_of_a_mail_that_was_sent_again(sent):
    report(sent, "bounced", at=NOON - 2 * MINUTE, code="5.1.1")
    assert line_of(sent).sentence == "Sent on 3 June 2026, 12:00."
    report(sent, "delivered", at=NOON - MINUTE)  # by a clock that differs a little
    assert line_of(sent).word == "Delivered"
    Reminder.objects.update(handing_over_at=None)
    assert line_of(sent).word == "Sent"


def test_other_mails_and_other_practices_reports_say_nothing(sent, make_reminder, client_person, other_client):
    report(make_reminder(client_person, state="sent"), "bounced")
    foreign = make_reminder(other_client, state="sent")
    DeliveryEvent.objects.filter(pk=report(foreign, "bounced").pk).update(reminder=sent.pk)
    assert line_of(sent).word == "Sent"


@pytest.mark.parametrize("count", [1, 4])
def test_a_page_of_sentences_is_two_queries(make_reminder, client_person, count, django_assert_num_queries):
    for _ in range(count):
        make_reminder(client_person)
        report(make_reminder(client_person, state="sent"), "delivered")
    rows = list(Reminder.objects.select_related("client__practice", "practice"))
    with django_assert_num_queries(5):  # the reports, open questions; the engine's three
        lines(rows)


# --- what was archived ------------------------------------------------------------------------------------------------


def archive(row):
    """As the engine does it: the same columns, the same id."""
    fields = [field.attname for field in Reminder._meta.concrete_fields]
    ArchivedReminder.objects.create(**{name: getattr(row, name) for name in fields})
    row.delete()


@pytest.fixture
def long_history(make_reminder, client_person):
    """Seven mails, the same instant twice, the older ones archived; newest first."""
    instants = [NOON - DAY * number for number in (0, 1, 1, 2, 3, 3, 4)]
    rows = [make_reminder(client_person, state="sent", due_at=at, settled_at=at) for at in instants]
    expected = [row.pk for row in sorted(rows, key=lambda row: (row.due_at, row.pk), reverse=True)]
    for row in rows[2:]:
        archive(row)
    return expected


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_every_mail_is_on_one_page_archived_or_not(client_person, long_history, size):
    seen, before = [], ""
    while True:
        page = history(client_person, before, size)
        seen += [row.pk for row in page.rows]
        if not page.older:
            break
        before = page.older
    assert seen == long_history


def test_a_mail_that_is_archived_just_now_is_shown_once(client_person, make_reminder):
    row = make_reminder(client_person, state="sent")
    fields = [field.attname for field in Reminder._meta.concrete_fields]
    ArchivedReminder.objects.create(**{name: getattr(row, name) for name in fields})
    assert len(history(client_person, "", 10).rows) == 1


@pytest.mark.parametrize("mark", ["nonsense", "_", "2026-06-03T00:00:00_" + str(uuid.uuid4()), "2026-06-03_x", "\0"])
def test_a_mark_that_is_none_begins_at_the_newest(client_person, long_history, mark):
    assert [row.pk for row in history(client_person, mark, 10).rows] == long_history


@pytest.mark.parametrize("state", ["failed", "uncertain"])
def test_nothing_is_to_be_done_about_an_archived_mail(client_person, make_reminder, kind, state):
    kind.resend_uncertain = True
    row = make_reminder(client_person, state=state, settled_at=NOON)
    assert line_of(row).action == "resend"
    archive(row)
    (line,) = lines(history(client_person, "", 10).rows)
    assert (line.action, line.status, "Ask the client" in line.sentence) == ("", "quiet", False)


def test_reports_are_told_of_archived_mails_too(client_person, sent):
    report(sent, "bounced", code="5.1.1")
    archive(sent)
    (line,) = lines(history(client_person, "", 10).rows)
    assert line.sentence.endswith("no such address (5.1.1).")


def test_the_command_pages_through_all_of_it(client_person, long_history, capsys):
    assert explain("C0001").count("Plain reminder") == 7
    first = explain("C0001", "--count", "4", "--json")
    assert [row["id"] for row in json.loads(first)] == [str(pk) for pk in long_history[:4]]
    mark = capsys.readouterr().err.split("--before ")[1].strip()
    rest = explain("C0001", "--count", "4", "--json", "--before", mark)
    assert [row["id"] for row in json.loads(rest)] == [str(pk) for pk in long_history[4:]]
    assert "--before" not in capsys.readouterr().err


def test_the_client_page_pages_through_all_of_it(client, receptionist, client_person, long_history, monkeypatch):
    monkeypatch.setattr("clinic.views.reminders.PAGE", 4)
    client.force_login(receptionist.user)
    first = client.get(f"/clients/{client_person.pk}/mail/")
    older = first.context["older"]
    assert first.text.count("Plain reminder for") == 4
    last = client.get(f"/clients/{client_person.pk}/mail/{older}")
    assert last.text.count("Plain reminder for") == 3
    assert ("Older mails" in first.text, "Older mails" in last.text, "Newest" in last.text) == (True, False, True)
    record = client.get(f"/clients/{client_person.pk}/?tab=reminders").text
    assert f'href="/clients/{client_person.pk}/mail/"' not in record


def test_the_record_leads_to_the_older_ones(client, receptionist, client_person, make_reminder):
    for _ in range(11):
        make_reminder(client_person)
    client.force_login(receptionist.user)
    assert f'href="/clients/{client_person.pk}/mail/"' in client.get(f"/clients/{client_person.pk}/?tab=reminders").text


# --- a day without mail -----------------------------------------------------------------------------------------------


def test_a_day_says_what_went_or_why_nothing_was_planned(client_person, make_reminder, kind):
    archive(make_reminder(client_person, state="skipped", due_at=NOON - DAY, reason="The client stopped reminders."))
    assert explain("C0001", "--date", "2026-06-02") == (
        "2026-06-02  Plain reminder: Not sent. The client stopped reminders.\n"
    )
    assert explain("C0001", "--date", "2026-06-01") == (
        f"No mail was planned for Monday, 1 June 2026. The client has no programme. {NO_VISIT}\n"
    )
    kind.why_not = lambda client, day: f"Nothing for {client} on {day:%A}s."
    assert explain("C0001", "--date", "2026-06-04") == (
        "No mail is planned for Thursday, 4 June 2026. The client has no programme. "
        f"{NO_VISIT} Nothing for Ada Brandt on Thursdays.\n"
    )
    Client.objects.update(reminders_stopped_at=NOON)
    for day, held in [("2026-06-05", True), ("2026-06-01", False)]:
        told = explain("C0001", "--date", day)
        assert ("No reminder would leave that day: the client stopped reminders." in told) is held


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--date", "yesterday"], "write it like 2026-11-20"),
        (["--date", "2026-13-40"], "write it like 2026-11-20"),
        (["--date", "9999-12-31"], "Choose a day between 2000 and 2100"),
        (["--count", "0"], "no number from 1 to"),
        (["--count", "-1"], "no number from 1 to|expected one argument"),
        (["--count", "many"], "no number from 1 to"),
        (["--before", "rubbish"], "nothing that an earlier answer ended with"),
    ],
)
def test_the_command_says_what_it_cannot_understand(client_person, wrong, said):
    with pytest.raises(CommandError, match=said):
        explain("C0001", *wrong)


def test_on_the_command_line_it_is_one_line_and_no_traceback(db):
    """argparse makes a line of its own errors only."""
    asked = [sys.executable, "manage.py", "explain_reminders", "C0001", "--date", "2026-13-40"]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 2
    assert "write it like 2026-11-20" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_json_of_a_day_without_mail_is_empty_and_the_why_stands_beside_it(client_person, capsys):
    assert json.loads(explain("C0001", "--json", "--date", "2026-06-01")) == []
    assert "No mail was planned for Monday, 1 June 2026." in capsys.readouterr().err


def test_the_page_asks_about_a_day(client, receptionist, client_person, make_reminder):
    row = make_reminder(client_person)
    make_reminder(client_person, due_at=NOON - DAY)
    client.force_login(receptionist.user)
    page = f"/clients/{client_person.pk}/mail/"
    assert "No mail was planned for Monday, 1 June 2026." in client.get(page, {"date": "2026-06-01"}).text
    found = client.get(page, {"date": "2026-06-03"})
    assert [line.row for line in found.context["lines"]] == [row]
    wrong = client.get(page, {"date": "soon"})
    assert (wrong.status_code, "Enter a valid date" in wrong.text) == (422, True)
    assert 'name="date"' in client.get(f"/clients/{client_person.pk}/?tab=reminders").text


def test_only_that_clients_day(client_person, other_client, practice, make_reminder):
    make_reminder(other_client)
    make_reminder(make_client(practice, ref="C2", family_name="Second"))
    assert on_day(client_person, NOON.date()) == []
