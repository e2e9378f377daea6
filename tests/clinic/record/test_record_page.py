"""The record: nobody is mistaken for somebody else, what changed comes first, and a long history costs no more."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clinic.models import Level, Reminder, SafetyAlert, Visit, VisitState
from clinic.models.base import uuid7
from clinic.queries import once, record, timeline
from clinic.services import clients
from tests.people import make_client

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def page_of(client, person, query=""):
    return client.get(reverse("clinic:client", args=[person.pk]) + query)


def banner(html):
    """What stands above the page, as words."""
    found = re.search(
        r'<section class="client-banner".*?</section>\s*(<section class="client-below".*?</section>)?', html, re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split())


def alert_of(person, **more):
    known = {"level": Level.URGENT, "because": ["Night sweats"], "source": "intake", "source_id": uuid7()}
    return SafetyAlert.objects.create(practice=person.practice, client=person, **{**known, **more})


def visit_of(person, therapist, at, state=VisitState.DONE):
    return Visit.objects.create(
        practice=person.practice, client=person, therapist=therapist, starts_at=at, ends_at=at + HOUR, state=state
    )


class TestBanner:
    @time_machine.travel("2026-03-02 10:00Z", tick=False)
    def test_it_says_who_it_is_by_name_birth_and_reference(self, client, therapist, practice):
        person = make_client(practice, therapist=therapist, phone="+493012345678")
        client.force_login(therapist.user)
        words = banner(page_of(client, person).text)
        for fact in (
            "Ada Brandt",
            "2 Mar 1978",
            "48",
            "C0001",
            "Female",
            "Tomas",
            "030 12345678",
            "ada@clients.example",
        ):
            assert fact in words

    def test_an_open_red_flag_stands_in_it_for_clinicians_only(self, client, therapist, receptionist, client_person):
        alert_of(client_person)
        client.force_login(therapist.user)
        seen = page_of(client, client_person).text
        assert "Red flag open" in banner(seen)
        assert "Night sweats" in seen
        client.force_login(receptionist.user)
        hidden = page_of(client, client_person).text
        assert "flag" not in banner(hidden)
        assert "Night sweats" not in hidden

    def test_conditions_that_forbid_something_stand_in_it_for_clinicians_only(
        self, client, therapist, receptionist, client_person
    ):
        from intake.models import ConditionAnswer

        told = {"answer": "yes", "side": "left", "restrictions": ["hip_flexion_over_90"]}
        for condition, answer in (("hip_replacement", told), ("osteoporosis", "no")):
            ConditionAnswer.objects.create(
                practice=client_person.practice, client=client_person, condition=condition, answer=answer,
                answered_by=therapist,
            )  # fmt: skip
        client.force_login(therapist.user)
        words = banner(page_of(client, client_person).text)
        assert "hip replacement, left: no hip flexion over 90°" in words
        assert "osteoporosis" not in words
        client.force_login(receptionist.user)
        assert "hip replacement" not in page_of(client, client_person).text

    @pytest.mark.parametrize(
        ("other", "confused"),
        [
            ({"given_name": "Anna", "family_name": "Brandt", "date_of_birth": None}, True),
            ({"given_name": "Zoe", "family_name": "Brandt", "date_of_birth": datetime.date(1978, 9, 1)}, True),
            ({"given_name": "Zoe", "family_name": "Brandt", "date_of_birth": datetime.date(1950, 9, 1)}, False),
            ({"given_name": "Alma", "family_name": "Berger", "date_of_birth": datetime.date(1978, 3, 5)}, True),
            ({"given_name": "Alma", "family_name": "Berger", "date_of_birth": datetime.date(1978, 3, 6)}, False),
            ({"given_name": "Zoe", "family_name": "Berger", "date_of_birth": datetime.date(1978, 3, 2)}, False),
        ],
    )
    def test_who_could_be_mistaken_is_named(self, client, therapist, client_person, other, confused):
        make_client(client_person.practice, ref="C0002", **other)
        client.force_login(therapist.user)
        words = banner(page_of(client, client_person).text)
        assert (f"Not to be confused with {other['given_name']}" in words) is confused

    def test_nobody_elsewhere_or_archived_is_named(self, therapist, client_person, other_practice):
        make_client(other_practice, given_name="Anna")
        make_client(client_person.practice, ref="C2", given_name="Anna", archived_at=timezone.now())
        assert record.alike(client_person) == []

    def test_the_likest_come_first(self, client_person):
        for ref, given, year in (("C2", "Alma", 1978), ("C3", "Ada", 1940), ("C4", "Anna", 1990), ("C5", "Arne", 2010)):
            make_client(client_person.practice, ref=ref, given_name=given, date_of_birth=datetime.date(year, 3, 2))
        assert [other.given_name for other in record.alike(client_person)] == ["Ada", "Alma", "Anna"]

    def test_it_stands_on_every_page_about_a_client(self, client, owner, client_person):
        client.force_login(owner.user)
        for name in ("clinic:change_client", "clinic:client_mail", "clinic:client_log", "assessments:new"):
            assert "Ada Brandt" in banner(client.get(reverse(name, args=[client_person.pk])).text)


class TestTabs:
    def test_each_tab_is_a_link_and_shows_its_own_panels_only(self, client, therapist, client_person):
        client.force_login(therapist.user)
        overview, intake = page_of(client, client_person).text, page_of(client, client_person, "?tab=intake").text
        assert 'id="intake"' in intake
        assert 'id="intake"' not in overview
        assert 'id="history"' in overview
        assert 'id="history"' not in intake
        current = re.search(r'<a href="([^"]*)" aria-current="page" data-shortcut="2"', intake)
        assert current.group(1) == reverse("clinic:client", args=[client_person.pk]) + "?tab=intake"

    def test_reception_has_no_clinical_tab(self, client, receptionist, client_person):
        client.force_login(receptionist.user)
        assert page_of(client, client_person, "?tab=intake").status_code == 200
        for tab in ("assessments", "files", "programme", "nonsense"):
            assert page_of(client, client_person, f"?tab={tab}").status_code == 404
            assert f"?tab={tab}" not in page_of(client, client_person).text


class TestSinceTheLastVisit:
    def failed_mail(self, person, at):
        Reminder.objects.create(
            practice=person.practice, client=person, kind="intake_link", subject=uuid7(), local_date=at.date(),
            due_at=at, not_before=at, state="failed", reason="Refused.",
        )  # fmt: skip

    def test_what_changed_comes_first_and_what_needs_somebody_before_it(self, client, therapist, client_person):
        now = timezone.now()
        visit_of(client_person, therapist, now - 7 * DAY)
        visit_of(client_person, therapist, now - 90 * DAY)
        self.failed_mail(client_person, now - DAY)
        clients.stop_reminders(client=client_person, by=client_person)
        client.force_login(therapist.user)
        html = page_of(client, client_person).text
        news = re.search(r'<section class="panel panel-news".*?</section>', html, re.DOTALL).group()
        assert "Since the last visit" in news
        assert news.index("Intake link did not go out") < news.index("Reminders stopped")
        assert html.index('id="news"') < html.index('id="history"')

    def test_what_was_before_the_last_visit_is_no_news(self, client, therapist, client_person):
        with time_machine.travel(timezone.now() - 30 * DAY):
            clients.stop_reminders(client=client_person, by=client_person)
        visit_of(client_person, therapist, timezone.now() - 7 * DAY)
        client.force_login(therapist.user)
        assert "Nothing changed since then." in page_of(client, client_person).text

    @pytest.mark.parametrize("state", [VisitState.CANCELLED, VisitState.NO_SHOW, VisitState.BOOKED])
    def test_a_visit_that_they_did_not_come_to_is_none(self, therapist, client_person, state):
        visit_of(client_person, therapist, timezone.now() - 7 * DAY, state)
        assert record.news_of(therapist, client_person, {}).since is None

    @time_machine.travel("2026-03-02 10:00Z", tick=False)
    def test_the_visit_of_today_is_not_the_last_one(self, therapist, client_person):
        """At the end of a session the page still says what changed before it."""
        before = visit_of(client_person, therapist, timezone.now() - 7 * DAY)
        visit_of(client_person, therapist, timezone.now() - 2 * HOUR)
        assert record.news_of(therapist, client_person, {}).since == before.ends_at

    def test_a_visit_behind_many_that_nobody_came_to_is_still_the_last_one(self, therapist, client_person):
        came = visit_of(client_person, therapist, timezone.now() - 90 * DAY)
        for back in range(2, record.PAGE + 4):
            visit_of(client_person, therapist, timezone.now() - back * DAY, VisitState.NO_SHOW)
        newest = record.newest_of(therapist, client_person)
        assert record.news_of(therapist, client_person, newest).since == came.ends_at

    @pytest.mark.parametrize("query", ["", "?kind=mail", "?before=2020-01-01T00:00:00Z"])
    def test_news_are_the_same_on_every_page_of_the_history(self, client, therapist, client_person, query):
        visit_of(client_person, therapist, timezone.now() - 7 * DAY)
        clients.stop_reminders(client=client_person, by=client_person)
        client.force_login(therapist.user)
        html = page_of(client, client_person, query).text
        assert (
            "Reminders stopped" in re.search(r'<section class="panel panel-news".*?</section>', html, re.DOTALL).group()
        )

    def test_a_new_client_is_said_to_be_new(self, client, therapist, client_person):
        client.force_login(therapist.user)
        assert "No visit before today" in page_of(client, client_person).text


class TestWhatItCosts:
    """Literal, and the same however much is on record."""

    @pytest.mark.parametrize("many", [1, 3])
    @pytest.mark.parametrize(
        ("query", "queries"),
        [("", 26), ("?tab=intake", 11), ("?tab=reminders", 11), ("?tab=files", 9)],
    )
    def test_a_tab(self, client, therapist, client_person, many, query, queries, django_assert_num_queries):
        for number in range(many):
            alert_of(client_person)
            visit_of(client_person, therapist, timezone.now() - (number + 2) * DAY)
            make_client(client_person.practice, ref=f"C1{number}", given_name=f"Anna{number}")
            clients.stop_reminders(client=client_person, by=client_person)
        client.force_login(therapist.user)
        with django_assert_num_queries(queries):
            assert page_of(client, client_person, query).status_code == 200

    def test_what_one_part_of_the_page_read_is_not_asked_for_again(self, client, therapist, client_person):
        """More than the history reads at once: what the panel and the banner say is still the whole truth."""
        now, many = timezone.now(), record.PAGE + 1
        came = visit_of(client_person, therapist, now - 90 * DAY)
        for back in range(1, many + 1):
            visit_of(client_person, therapist, now - back * DAY, VisitState.NO_SHOW)
        alert_of(client_person, because=["The oldest"])
        for number in range(many):
            alert_of(client_person, level=Level.ASK, because=[f"Question {number}"])
        client.force_login(therapist.user)
        html = page_of(client, client_person).text
        assert re.search(rf"<dt>Last</dt><dd>{came.starts_at:%A} {came.starts_at.day} {came.starts_at:%B %Y}", html)
        assert "The oldest" in html

    def test_a_visit_that_is_on_now_is_the_next_one(self, client, therapist, client_person):
        on = visit_of(client_person, therapist, timezone.now() - HOUR / 2, VisitState.BOOKED)
        visit_of(client_person, therapist, timezone.now() + DAY, VisitState.BOOKED)
        client.force_login(therapist.user)
        html = page_of(client, client_person).text
        assert str(on.pk) in re.search(r"<dt>Next</dt>.*?</dd>", html, re.DOTALL).group()

    def test_outside_of_a_page_nothing_stays(self, client_person):
        assert timeline.open_alerts(client_person) == []
        raised = alert_of(client_person)
        assert timeline.open_alerts(client_person) == [raised]
        once.begin(client_person)
        assert timeline.alerts(None, client_person, None, 26)[0].text == "Night sweats"
        SafetyAlert.objects.all().delete()
        assert timeline.open_alerts(client_person) == [raised]
