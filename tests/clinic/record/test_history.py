"""Everything that happened to a client: once, newest first, page by page, never cut within a week or an instant."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clinic.models import Level, Reminder, SafetyAlert
from clinic.models.base import uuid7
from clinic.queries import record
from clinic.services import audit, clients

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def page_of(client, person, query=""):
    return client.get(reverse("clinic:client", args=[person.pk]) + query)


def alert_of(person):
    return SafetyAlert.objects.create(
        practice=person.practice, client=person, level=Level.URGENT, because=["Night sweats"], source="intake",
        source_id=uuid7(),
    )  # fmt: skip


class TestHistory:
    def walk(self, membership, person, size, **more):
        """Every page until the last: instants of each."""
        pages, before = [], None
        while True:
            page = record.timeline_of(membership, person, before=before, size=size, **more)
            pages.append([entry.event.at for _, entries in page.months for entry in entries])
            if page.older is None:
                return pages
            before = page.older
            assert len(pages) < 100

    def write(self, person, therapist, at, verb="reminders.stopped"):
        with time_machine.travel(at, tick=False):
            audit.record(verb, on=person, by=therapist)

    def test_page_by_page_everything_comes_once_and_newest_first(self, therapist, client_person):
        start = datetime.datetime(2026, 1, 20, 12, tzinfo=datetime.UTC)
        for number in range(23):
            self.write(client_person, therapist, start + number * DAY)
        pages = self.walk(therapist, client_person, size=5)
        told = [at for page in pages for at in page]
        assert told == sorted(told, reverse=True)
        assert told == [start + number * DAY for number in reversed(range(23))]
        assert [len(page) for page in pages] == [5, 5, 5, 5, 3]

    def test_what_happened_at_one_instant_is_never_cut_in_two(self, therapist, client_person):
        start = datetime.datetime(2026, 1, 20, 12, tzinfo=datetime.UTC)
        for number in (0, 1, 2, 2, 2, 3, 4):
            self.write(client_person, therapist, start + number * DAY)
        pages = self.walk(therapist, client_person, size=4)
        assert sorted(at for page in pages for at in page) == sorted(start + n * DAY for n in (0, 1, 2, 2, 2, 3, 4))

    def test_months_are_those_of_the_practice(self, therapist, client_person):
        self.write(client_person, therapist, datetime.datetime(2026, 1, 31, 23, 30, tzinfo=datetime.UTC))
        ((month, _),) = record.timeline_of(therapist, client_person).months
        assert month == datetime.date(2026, 2, 1)  # Berlin is an hour ahead

    def test_a_pause_says_until_when(self, therapist, client_person):
        clients.pause_reminders(client=client_person, until=datetime.date(2026, 3, 9), by=therapist)
        ((_, (entry,)),) = record.timeline_of(therapist, client_person, kind="record").months
        assert entry.event.title == "Reminders paused until 9 Mar"

    def test_one_kind_can_be_chosen(self, client, therapist, client_person):
        alert_of(client_person)
        self.write(client_person, therapist, timezone.now())
        client.force_login(therapist.user)
        html = page_of(client, client_person, "?kind=record").text
        history = html[html.index('id="history"') :]
        assert "Reminders stopped" in history
        assert "Urgent: medical review" not in history

    def test_mail_that_left_is_one_line_a_week_and_what_failed_its_own(self, therapist, client_person):
        monday = datetime.date(2026, 3, 2)
        for offset, state in ((0, "sent"), (1, "sent"), (3, "failed"), (7, "sent")):
            day = monday + offset * DAY
            at = datetime.datetime.combine(day, datetime.time(17), datetime.UTC)
            Reminder.objects.create(
                practice=client_person.practice, client=client_person, kind="intake_link", subject=uuid7(),
                local_date=day, due_at=at, not_before=at, state=state, reason="Refused." if state == "failed" else "",
            )  # fmt: skip
        page = record.timeline_of(therapist, client_person, kind="mail")
        told = [(entry.event.title, entry.event.span) for _, entries in page.months for entry in entries]
        assert told == [
            ("1 mail sent", "Week of 9 Mar"), ("Intake link did not go out", ""), ("2 mails sent", "Week of 2 Mar"),
        ]  # fmt: skip

    def test_a_page_that_begins_within_a_week_has_all_of_it(self, therapist, client_person):
        for day in (2, 6):  # Monday and Friday
            at = datetime.datetime(2026, 3, day, 17, tzinfo=datetime.UTC)
            Reminder.objects.create(
                practice=client_person.practice, client=client_person, kind="intake_link", subject=uuid7(),
                local_date=at.date(), due_at=at, not_before=at, state="sent",
            )  # fmt: skip
        wednesday = datetime.datetime(2026, 3, 4, 12, tzinfo=datetime.UTC)
        ((_, (entry,)),) = record.timeline_of(therapist, client_person, kind="mail", before=wednesday).months
        assert entry.event.title == "2 mails sent"

    def test_a_week_is_never_cut_in_two(self, therapist, client_person):
        for number in range(40):
            day = datetime.date(2026, 1, 1) + number * DAY
            at = datetime.datetime.combine(day, datetime.time(17), datetime.UTC)
            Reminder.objects.create(
                practice=client_person.practice, client=client_person, kind="intake_link", subject=uuid7(),
                local_date=day, due_at=at, not_before=at, state="sent",
            )  # fmt: skip
        whole = record.timeline_of(therapist, client_person, kind="mail", size=50)
        titles = [entry.event.title for _, entries in whole.months for entry in entries]
        assert self.walk(therapist, client_person, size=2, kind="mail") != []
        again, before = [], None
        while True:
            page = record.timeline_of(therapist, client_person, kind="mail", before=before, size=2)
            again += [entry.event.title for _, entries in page.months for entry in entries]
            if (before := page.older) is None:
                break
        assert again == titles
        assert sum(int(title.split()[0]) for title in titles) == 40

    @pytest.mark.parametrize("before", ["nonsense", "2026-01-01", "2026-99-99T00:00:00+00:00"])
    def test_a_place_that_is_none_begins_at_the_newest(self, client, therapist, client_person, before):
        client.force_login(therapist.user)
        assert page_of(client, client_person, f"?before={before}").status_code == 200

    def test_older_comes_as_a_part_for_htmx_and_as_a_page_without(self, client, therapist, client_person):
        start = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
        for number in range(30):
            self.write(client_person, therapist, start + number * HOUR)
        client.force_login(therapist.user)
        html = page_of(client, client_person).text
        older = (
            re.search(r'hx-get="([^"]+)"[^>]*hx-target="closest .history-older"', html).group(1).replace("&amp;", "&")
        )
        part = client.get(older, headers={"HX-Request": "true"}).text
        assert "<html" not in part
        assert "January 2026" not in part  # its heading stands on the page above
        assert "<html" in client.get(older).text
