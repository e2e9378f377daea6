"""The practice's mails: by state, kind, client and day; counted only as far as it is cheap; quick however many."""

import datetime

import pytest
from django.db import connection

from clinic.models import Reminder
from clinic.queries import reminders as queries
from tests.clinic.reminders.conftest import NOON
from tests.clinic.reminders.plain_kind import PlainKind
from tests.people import make_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "kind")]
LIST = "/reminders/"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def shown(client, receptionist):
    """The rows that the page shows for a query."""
    client.force_login(receptionist.user)

    def shown(status=200, **query):
        answer = client.get(LIST, query)
        assert answer.status_code == status
        return {line.row for line in answer.context["lines"]}

    return shown


def test_by_client(shown, make_reminder, client_person, practice):
    other = make_reminder(make_client(practice, ref="X7", family_name="Émile"))
    mine = make_reminder(client_person)
    assert shown(q="brandt") == {mine}
    assert shown(q="emile") == shown(q="x7") == {other}
    assert shown(q="nobody") == set()
    assert shown() == {mine, other}


def test_by_kind(shown, make_reminder, client_person):
    from clinic.reminders import kinds

    with kinds.temporarily(PlainKind("second", label="Second kind")):
        plain, second = make_reminder(client_person), make_reminder(client_person, kind="second")
        assert shown(kind="second") == {second}
        assert shown(kind="plain") == {plain}
        assert shown(kind="unheard of", status=422) == set()


def test_by_day_in_the_practices_calendar(shown, make_reminder, client_person):
    late = make_reminder(client_person, due_at=datetime.datetime(2026, 6, 2, 21, 59, tzinfo=datetime.UTC))
    early = make_reminder(client_person, due_at=datetime.datetime(2026, 6, 2, 22, 0, tzinfo=datetime.UTC))
    assert shown(since="2026-06-03") == shown(since="2026-06-03", until="2026-06-03") == {early}
    assert shown(until="2026-06-02") == {late}
    assert shown(since="2026-06-02", until="2026-06-03") == {early, late}
    assert shown(since="2026-06-03", until="2026-06-02", status=422) == set()


@pytest.mark.parametrize("day", ["soon", "0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
@pytest.mark.parametrize("field", ["since", "until"])
def test_a_day_that_nobody_means_shows_nothing_and_says_so(client, shown, make_reminder, client_person, field, day):
    make_reminder(client_person)
    assert shown(status=422, **{field: day}) == set()
    text = client.get(LIST, {field: day}).text
    assert ("Enter a valid date." if day == "soon" else "Choose a day between 2000 and 2100.") in text
    assert "Nothing is shown" in text
    assert client.get(f"/clients/{client_person.pk}/mail/", {"date": day}).status_code == 422


def test_each_row_says_its_day(client, shown, make_reminder, client_person):
    make_reminder(client_person, state="skipped", reason="The client stopped reminders.")
    shown()
    assert "Plain reminder for 3 June 2026" in client.get(LIST).text


def test_filters_and_state_together_and_the_links_keep_them(client, shown, make_reminder, client_person, practice):
    failed = make_reminder(client_person, state="failed")
    make_reminder(client_person, state="sent")
    make_reminder(make_client(practice, ref="X7", family_name="Other"), state="failed")
    query = {"q": "brandt", "since": "2026-06-01", "state": "failed"}
    assert shown(**query) == {failed}
    text = client.get(LIST, query).text
    assert 'href="/reminders/?q=brandt&amp;since=2026-06-01&amp;state=sent"' in text
    assert '<input type="hidden" name="state" value="failed">' in text
    assert "No mail like that" in client.get(LIST, {"q": "nobody"}).text


def test_the_pages_hold_every_row_once(client, shown, make_reminder, client_person, monkeypatch):
    monkeypatch.setattr("clinic.views.reminders.PAGE", 2)
    rows = {make_reminder(client_person, due_at=NOON - DAY * (number // 3)) for number in range(7)}
    assert shown() < rows
    seen, address = [], LIST
    while address:
        answer = client.get(address)
        seen += [line.row for line in answer.context["lines"]]
        address = answer.context["older"]
    assert len(seen) == 7
    assert set(seen) == rows


# --- counts -----------------------------------------------------------------------------------------------------------


def test_counts_of_each_state(make_reminder, client_person):
    for state, many in [("planned", 1), ("sent", 3), ("failed", 2), ("uncertain", 1)]:
        for _ in range(many):
            make_reminder(client_person, state=state)
    make_reminder(client_person, state="failed", seen_at=NOON)
    assert queries.counts(Reminder.objects.all()) == {
        "": "8", "attention": "3", "planned": "1", "claimed": "0", "sent": "3", "skipped": "0", "failed": "3",
        "uncertain": "1",
    }  # fmt: skip


@pytest.mark.parametrize(("most", "sent", "failed"), [(5, "3", "1"), (4, "3+", "1+"), (2, "2+", "0+")])
def test_more_than_are_counted_say_so(make_reminder, client_person, monkeypatch, most, sent, failed):
    monkeypatch.setattr(queries, "MOST_COUNTED", most)
    for number, state in enumerate(["sent", "sent", "sent", "failed"]):
        make_reminder(client_person, state=state, due_at=NOON - DAY * number)
    found = queries.counts(Reminder.objects.all())
    assert (found["sent"], found["failed"], found["attention"]) == (sent, failed, "1")


def test_many_are_not_told_one_by_one(make_reminder, client_person, monkeypatch):
    monkeypatch.setattr(queries, "MOST_SHOWN", 2)
    for _ in range(3):
        make_reminder(client_person)
    assert queries.counts(Reminder.objects.all())["planned"] == "2+"


# --- however many -----------------------------------------------------------------------------------------------------

MANY = """
INSERT INTO clinic_reminder (id, created_at, practice_id, kind, client_id, subject, local_date, slot, due_at,
                             not_before, state, reason, attempts, claimed_by, counted)
SELECT clinic_uuid7(), now(), practice_id, 'plain', c.id, clinic_uuid7(), due::date, 0, due, due,
       CASE WHEN n %% 1000 = 0 THEN 'failed' ELSE 'sent' END, '', 1, '', false
  FROM clinic_client c, generate_series(1, %s) n,
       LATERAL (SELECT timestamptz %s - n * interval '1 minute' AS due) d
"""


def fill(count):
    """`count` mails for each client there is."""
    with connection.cursor() as cursor:
        cursor.execute(MANY, [count, NOON])
        cursor.execute("ANALYZE clinic_reminder, clinic_client")


@pytest.mark.parametrize("query", [{}, {"state": "attention"}, {"q": "ada"}, {"since": "2026-06-01"}])
def test_no_page_reads_the_whole_table(query, client, receptionist, client_person, other_practice, captured_plans):
    for number in range(19):
        make_client(other_practice, ref=f"X{number}", family_name=f"Other{number}")
    fill(500)
    client.force_login(receptionist.user)
    plans = captured_plans(lambda: client.get(LIST, query))
    assert plans, "the page asked nothing of the table"
    assert not [plan for plan in plans if "Seq Scan on clinic_reminder" in plan]


@pytest.fixture
def captured_plans():
    """What PostgreSQL does for each SELECT from reminders that `ask` makes."""

    def captured_plans(ask):
        asked = []

        def note(execute, sql, params, many, context):
            if sql.startswith("SELECT") and '"clinic_reminder"' in sql:
                asked.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            ask()
        with connection.cursor() as cursor:
            plans = []
            for sql, params in asked:
                cursor.execute(f"EXPLAIN {sql}", params)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return plans

    return captured_plans
