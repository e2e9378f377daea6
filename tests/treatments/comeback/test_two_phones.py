"""Pain told on one phone while a smaller programme is taken on another: what runs then waits, whoever came first."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from clinic.models import Client
from clinic.services import attention
from tests.treatments.conftest import make_assessment
from treatments.models import Programme
from treatments.services import home_days, programmes, smaller

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = datetime.date(2026, 3, 20)


@pytest.fixture
def slipping(client_person, therapist, intake, practice, time_machine):
    practice.offer_smaller, practice.pain_pause_from = True, 7
    practice.save()
    assessment = make_assessment(client_person, therapist, ("hip_extension_limited", "right"))
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    programmes.add_item(programme=draft, exercise="towel_calf_stretch", side="left", by=therapist, reason="asked for")
    programme = programmes.publish(programme=draft, by=therapist)
    time_machine.move_to(datetime.datetime(2026, 3, 20, 12, tzinfo=datetime.UTC), tick=False)
    attention.look_at(client_person, "adherence_low")
    return programme


def tell(person):
    home_days.tell(client=person, local_date=TODAY, before=9, by=person)


def take(person):
    smaller.take(client=person, by=person)


def waits_for_a_lock():
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s", [name])
        return cursor.fetchone()[0] > 0


def meanwhile(act, person, refused):
    """On a connection of its own."""
    try:
        act(Client.objects.select_related("practice").get(pk=person.pk))
    except ValidationError as problem:
        refused.append(problem.messages[0])
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("first", "second", "versions", "said"), [(tell, take, 1, ["This is decided already."]), (take, tell, 2, [])]
)
def test_what_runs_then_waits(slipping, client_person, first, second, versions, said):
    refused = []
    other = threading.Thread(target=meanwhile, args=[second, client_person, refused])
    with transaction.atomic():
        first(Client.objects.select_related("practice").get(pk=client_person.pk))
        other.start()
        for _ in range(200):
            other.join(0.02)
            if waits_for_a_lock() or not other.is_alive():
                break
    other.join(10)
    assert not other.is_alive()
    assert refused == said
    assert Programme.objects.count() == versions
    assert Programme.objects.published().get().held_at
