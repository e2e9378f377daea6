import datetime

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Count

from assessments.models import Assessment, Reading
from assessments.queries import changes
from clinic.models import Attention, AuditEntry, Client, Practice, Reminder, Role, SafetyAlert
from clinic.queries.today import day_of
from clinic.services import attention
from intake.models import IntakeResponse
from tests.benchmarks.untraced import untraced
from tests.people import make_client, make_member
from treatments.management.commands.seed_practice import DEMO_LOGINS
from treatments.models import HomeLog, Programme, ProgrammeItem
from treatments.queries import adherence, local_today
from treatments.queries.attention import AdherenceLow
from treatments.services.seeding.diary import open_the_diary

pytestmark = pytest.mark.django_db
STORED = (Client, IntakeResponse, Assessment, Reading, Programme, ProgrammeItem, HomeLog)


@pytest.fixture(autouse=True)
def _unwatched():
    """What a seed runs through has its coverage measured where each part is tested by itself."""
    with untraced():
        yield


def test_the_demo_is_seeded_once_has_a_client_at_every_stage_and_can_be_logged_in_to(rf):
    for _ in range(2):
        call_command("seed_practice", "riverside", demo=True, verbosity=0)
    practice = Practice.objects.get(slug="riverside")
    assert 12 <= Client.objects.filter(practice=practice).count() <= 15
    assert len({client.zone for client in Client.objects.select_related("practice")}) >= 2
    assert SafetyAlert.objects.open().get().level == "urgent"
    assert Assessment.objects.unsigned().exists()
    assert Programme.objects.filter(state="draft").exists()
    assert HomeLog.objects.filter(outcome="too_painful", seen_at=None).count() == 1
    assert Reminder.objects.needing_a_person().count() == 1
    attention.refresh(AdherenceLow(), practice_id=practice.pk)
    assert str(Attention.objects.select_related("client").get(kind=AdherenceLow.key).client) == "Ines Costa"
    verdicts = {
        name: {change.verdict for change in changes(Client.objects.get(given_name=name)) if change.side == "right"}
        for name in ("Luis", "Marta")
    }
    assert "improved" in verdicts["Luis"]
    assert "improved" not in verdicts["Marta"]
    keen = Programme.objects.get(client__given_name="Henrik")
    assert adherence(keen, local_today(keen.client)).percent > 80
    assert AuditEntry.objects.filter(practice=practice).exists()
    assert Practice.objects.count() == 1
    request = rf.post("/")
    assert {what for what, _, _ in DEMO_LOGINS} == {"Owner and therapist", "Therapist", "Reception"}
    for _, email, password in DEMO_LOGINS:
        assert authenticate(request, email=email, password=password)


def content(practice):
    people = Client.objects.filter(practice=practice).order_by("ref")
    done = HomeLog.objects.filter(practice=practice).order_by("local_date", "client__ref", "item__place")
    return list(people.values_list("ref", "given_name", "family_name", "date_of_birth")), list(
        done.values_list("client__ref", "local_date", "outcome", "item__exercise")
    )


@pytest.mark.parametrize(("day", "hour"), [(20, 12), (21, 20), (22, 7)])  # Friday, Saturday, Sunday
def test_somebody_comes_today_whatever_the_day_and_the_hour(practice, day, hour):
    therapist = make_member(practice, Role.THERAPIST, "Tomas Lind")
    for number in range(4):
        make_client(practice, ref=f"C000{number}", given_name=f"N{number}")
    now = datetime.datetime(2026, 11, day, hour, 20, tzinfo=practice.zone)
    with time_machine.travel(now, tick=False):
        open_the_diary(practice)
        coming = day_of(therapist, now, mine=True)
    assert coming.ahead
    assert len(coming.past) + len(coming.ahead) > 2, "and the day is a full one"


def test_a_made_up_practice_is_consistent_and_the_same_number_makes_the_same_again():
    for slug in ("one", "two"):
        call_command("seed_practice", slug, clients=120, verbosity=0)
    one, two = (content(Practice.objects.get(slug=slug)) for slug in ("one", "two"))
    assert one == two
    assert len(one[0]) == 120
    assert one[1]
    assert all(model.objects.exists() for model in STORED)
    assert not Programme.objects.exclude(assessment__state="signed").filter(state="draft").exists()
    late = [
        log for log in HomeLog.objects.select_related("item") if log.local_date.isoweekday() not in log.item.weekdays
    ]
    assert not late
    running = Programme.objects.published().values("client").annotate(count=Count("id"))
    assert {row["count"] for row in running} == {1}
    programme = Programme.objects.published().select_related("client__practice").earliest("starts_on")
    assert 0 <= adherence(programme, local_today(programme.client)).share <= 1


def test_an_empty_practice_and_what_is_refused():
    call_command("seed_practice", "quiet", clients=0, verbosity=0)
    assert not Client.objects.exists()
    call_command("seed_practice", "quiet", clients=2, verbosity=0)
    with pytest.raises(CommandError, match="quiet has clients already"):
        call_command("seed_practice", "quiet", clients=2, verbosity=0)
    with pytest.raises(CommandError, match="allowed range is 0 to 1,000,000"):
        call_command("seed_practice", "minus", clients=-1, verbosity=0)
    assert Client.objects.count() == 2
    assert not Practice.objects.filter(slug="minus").exists()
