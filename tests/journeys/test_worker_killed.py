"""A worker dies in the middle of sending: nothing is lost, nobody gets a second copy."""

from collections import Counter

import pytest

from clinic.models import Reminder
from clinic.tasks import wake_reminders
from intake.services import requests
from tests.people import make_client
from tests.worker import wait_until

CLIENTS = 60
KILLS = 2


@pytest.mark.timeout(180)
def test_every_due_reminder_goes_out_once_or_is_shown_as_uncertain(
    site, worker, mail_server, practice, therapist, client
):
    mail_server.seconds = 0.05  # slow enough to be interrupted
    for number in range(CLIENTS):
        person = make_client(practice, ref=f"C{number}", given_name=f"N{number}", email=f"c{number}@clients.example")
        requests.send(client=person, by=therapist)

    for _ in range(KILLS):
        wake_reminders.delay()
        enough = len(mail_server.messages) + 15
        wait_until(lambda enough=enough: len(mail_server.messages) >= enough, seconds=60)
        worker.kill()
        worker.start()
    wake_reminders.delay()
    wait_until(lambda: not Reminder.objects.filter(state__in=["planned", "claimed"]).exists(), seconds=60)

    states = Counter(Reminder.objects.values_list("state", flat=True))
    copies = Counter(message["To"] for message in mail_server.messages)
    assert states["sent"] + states["uncertain"] == CLIENTS
    assert states["uncertain"] <= KILLS
    assert max(copies.values()) == 1
    assert len(copies) >= states["sent"]

    client.force_login(therapist.user)
    page = client.get("/reminders/?state=uncertain").text
    assert page.count("Uncertain") >= states["uncertain"]
