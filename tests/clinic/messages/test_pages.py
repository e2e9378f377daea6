"""The client's page and the practice's: looking marks nothing as read, nothing typed is lost, older ones are found."""

import datetime
import re
import uuid

import pytest
from playwright.sync_api import expect

from clinic import links
from clinic.models import Attention, AuditEntry, Message
from clinic.queries import messages as queries
from clinic.services.messages import LONGEST
from tests.clinic.messages.conftest import DAY, HOUR, texts, write

KEY = "0193f5a0-0000-7000-8000-000000000001"


@pytest.fixture
def portal(client_person):
    return f"/p/{links.sign('portal', client_person.pk)}/messages/"


@pytest.fixture
def talk(client_person, therapist):
    return [write(client_person, text="A question"), write(client_person, by=therapist, text="An answer")]


def words(answer):
    return answer.content.decode()


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Message, AuditEntry, Attention)]


def test_looking_marks_nothing_as_read(db, client, portal, talk, client_person, therapist):
    before = rows()
    for _ in range(10):
        client.get(portal)
        client.head(portal)
        assert client.get(f"{portal}read/").status_code == 405
    client.force_login(therapist.user)
    client.get(f"/clients/{client_person.pk}/?tab=messages")
    client.get(f"/clients/{client_person.pk}/messages/")
    assert rows() == before


def test_the_client_reads_writes_and_is_told_whom_to_call(db, client, portal, talk, practice):
    practice.phone = "+49 30 1234"
    practice.save()
    page = words(client.get(portal))
    assert page.index("A question") < page.index("An answer") < page.index("Not for emergencies")
    for said in ('href="tel:112"', 'href="tel:+49 30 1234"', "an answer can take a few days", 'class="portal-news">1<'):
        assert said in page
    assert client.post(f"{portal}read/", {"seen": [talk[1].pk, talk[0].pk]}).url == portal
    assert [row.read_at is None for row in Message.objects.order_by("created_at")] == [True, False]
    for _ in range(2):
        assert client.post(portal, {"text": "Thank you", "sent_key": KEY}).url == f"{portal}#newest"
    assert texts() == ["A question", "An answer", "Thank you"]
    assert "Your message is sent." in words(client.get(portal))


@pytest.mark.parametrize(
    ("text", "line"), [("", "Write a few words first."), ("x" * (LONGEST + 1), "this one has 2001"), ("a\x00b", "Null")]
)
def test_what_is_refused_comes_back_with_its_line(db, client, portal, text, line):
    answer = client.post(portal, {"text": text, "sent_key": KEY})
    assert answer.status_code == 422
    assert line in words(answer)
    assert f">\r\n{text}</textarea>".replace("\r", "") in words(answer).replace("\r", "")
    assert texts() == []


@pytest.mark.parametrize("key", ["", "nonsense", "9" * 999])
def test_a_page_without_a_sound_key_still_sends(db, client, portal, key):
    answer = client.post(portal, {"text": "Hello", "sent_key": key})
    assert (answer.status_code, texts()) in [(302, ["Hello"]), (422, [])]
    assert answer.status_code == (302 if key == "" else 422)


def test_reception_reads_and_answers_and_the_attention_is_gone(db, client, client_person, receptionist, talk):
    client.force_login(receptionist.user)
    assert "Read and answer" in words(client.get("/"))
    page = words(client.get(f"/clients/{client_person.pk}/?tab=messages"))
    assert "A question" in page
    seen = re.findall(r'name="seen" value="([^"]+)"', page)
    assert set(seen) == {str(talk[0].pk)}
    told = client.post(
        f"/clients/{client_person.pk}/messages/", {"text": "Yes", "sent_key": KEY, "seen": seen}, follow=True
    )
    assert "A short mail says that something waits, and not what." in words(told)
    assert not Attention.objects.filter(kind="message").exists()
    assert "Read and answer" not in words(client.get("/"))


@pytest.mark.parametrize(("field", "told"), [("", True), ("email_refused_at", False), ("email_bounced_at", False)])
def test_a_mail_is_promised_only_where_one_can_come(db, client, client_person, portal, field, told):
    if field:
        setattr(client_person, field, datetime.datetime.now(datetime.UTC))
        client_person.save()
    assert ("When there is an answer, a short mail says so." in words(client.get(portal))) is told


def test_nothing_to_answer_is_one_button(db, client, client_person, therapist, talk):
    client.force_login(therapist.user)
    client.post(f"/clients/{client_person.pk}/messages/read/", {"seen": [talk[0].pk, "nonsense"]})
    assert Message.objects.get(pk=talk[0].pk).read_by == therapist


def test_who_stopped_mail_is_said_to_whoever_writes_first(db, client, client_person, therapist):
    client_person.reminders_stopped_at = datetime.datetime.now(datetime.UTC)
    client_person.save()
    client.force_login(therapist.user)
    told = client.post(f"/clients/{client_person.pk}/messages/", {"text": "Hello", "sent_key": KEY}, follow=True)
    assert "No mail says so: the client stopped reminders." in words(told)


def test_older_ones_are_a_page_before(at_noon, db, client, portal, client_person):
    for number in range(45):
        at_noon.shift(HOUR)
        write(client_person, text=f"No. {number:02}.")
    page, shown = portal, []
    while page:
        found = words(client.get(page))
        shown.append(re.findall(r"No\. (\d\d)\.", found))
        older = re.search(r'href="(\?before=[^"]+)"', found)
        page = older and portal + older[1]
    assert [(each[0], each[-1]) for each in shown] == [("25", "44"), ("05", "24"), ("00", "04")]
    assert [number for each in shown[::-1] for number in each] == [f"{number:02}" for number in range(45)]
    for nonsense in ("x", "9" * 5000, uuid.uuid4()):
        assert "No. 44." in words(client.get(f"{portal}?before={nonsense}"))


@pytest.mark.parametrize("many", [1, 3])
def test_a_thread_is_one_query(db, client_person, therapist, django_assert_num_queries, many):
    for _ in range(many):
        write(client_person, by=therapist)
    with django_assert_num_queries(1):
        found = queries.thread(client_person, reads="client", zone=client_person.zone)
        assert [str(row.written_by) for day in found.days for row in day.messages] == ["Tomas"] * many


def test_how_soon_one_answers_is_what_happened(at_noon, db, client_person, therapist, practice):
    for number in range(10):
        assert queries.days_to_answer(practice) is None
        write(client_person)
        at_noon.shift(30 * HOUR if number == 9 else 2 * HOUR)
        write(client_person, by=therapist)
        at_noon.shift(DAY)
    assert queries.days_to_answer(practice) == 1
    write(client_person)
    at_noon.shift(3 * DAY)
    write(client_person, by=therapist)
    assert queries.days_to_answer(practice) == 2


def test_the_word_new_goes_with_the_first_touch_and_what_is_typed_survives_a_reload(
    site, browser, client_person, therapist, transactional_db
):
    for text in ("One", "Two"):
        write(client_person, by=therapist, text=text)
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{site}/p/{links.sign('portal', client_person.pk)}/messages/")
    news = page.locator(".portal-nav .portal-news")
    expect(news).to_contain_text("2")
    assert Message.objects.unread().count() == 2
    page.get_by_text("Two", exact=True).click()
    expect(news).to_have_count(0)
    expect(page.get_by_role("button", name="I have read it")).to_be_hidden()
    page.get_by_label("Your message").fill("Half a sen")
    page.reload()
    expect(page.get_by_label("Your message")).to_have_value("Half a sen")
    assert Message.objects.unread().count() == 0
    page.get_by_label("Your message").fill("A whole sentence.")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.get_by_text("Your message is sent.")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("")
    assert texts() == ["One", "Two", "A whole sentence."]
