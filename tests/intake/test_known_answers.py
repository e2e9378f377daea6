"""Another form for a client who answered one already: what is known is shown, and counts once it was confirmed."""

import json
import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic import links
from clinic.models import Practice
from intake.models import IntakeResponse
from intake.queries.changes import since_last_time
from intake.screening import RED_FLAGS
from intake.services import requests
from tests.intake.conftest import fill, sign


@pytest.fixture
def again(client, invitation, therapist):
    """A second form, opened; `again("day/")` is the address of a page."""
    fill(invitation, red_flags={"diabetes": "yes"}, conditions={"hip_replacement": {"answer": "yes", "side": "left"}})
    sign(invitation)
    request = requests.send(client=invitation.client, by=therapist)
    address = reverse("intake:start", args=[links.sign("intake", request.pk)])
    client.post(address, {"day": "2", "month": "3", "year": "1978"})
    return lambda end="": address + end


def draft() -> IntakeResponse:
    return IntakeResponse.objects.get(completed_at=None)


def test_a_page_of_last_time_is_asked_about_and_one_tap_keeps_it(client, again):
    assert "knows you already" in client.get(again()).content.decode()
    page = " ".join(client.get(again("where/")).content.decode().split())
    assert "Is this still right?" in page
    assert "<strong>Lower back</strong>, right, 5 of 10, for 26 weeks" in page
    assert draft().answers == {}, "nothing counts before it was confirmed"
    assert client.post(again("where/"), {"go": "right"}).url == again("day/")
    assert draft().answers["pain"][0]["severity"] == 5
    joints = client.get(again("joints/")).content.decode()
    assert "Yes, left" in joints


def test_change_opens_the_page_with_everything_in_it(client, again):
    page = client.get(again("day/?change")).content.decode()
    assert 'name="sitting_hours_per_day" value="9"' in page
    said = {"sitting_hours_per_day": "4", "standing_hours_per_day": "1.5", "standing_surface": "hard"}
    client.post(again("day/"), said)
    assert draft().answers == {"sitting_hours_per_day": 4, "standing_hours_per_day": 1.5, "standing_surface": "hard"}
    assert "Is this still right?" not in client.get(again("day/")).content.decode()


def test_red_flags_and_the_signature_are_asked_afresh(client, again):
    for page in ("safety_now/", "safety_health/", "agreement/"):
        shown = client.get(again(page)).content.decode()
        assert "Is this still right?" not in shown
        assert not re.search("<input[^>]* checked", shown)
        assert "Ada Brandt" not in shown
        assert client.post(again(page), {"go": "right"}).status_code == 422
    assert "red_flags" not in draft().answers or not draft().answers["red_flags"]


def test_the_practice_sees_what_changed(client, again, therapist):
    request = draft().request
    flags = dict.fromkeys(RED_FLAGS, "no")
    fill(request, red_flags=flags, footwear="flat", pain=[{"site": "low_back", "side": "right", "severity": 2}])
    signed = sign(request)
    told = {change.question: (change.was, change.now) for change in since_last_time(signed)}
    assert told["What do you wear most of the day?"] == ("Worn-out shoes", "Thin, flat shoes")
    assert told["Lower back"] == ("right, 5/10, for 26 weeks", "right, 2/10")
    assert told["Do you have diabetes?"] == ("Yes", "No")
    assert told["Do you have an artificial hip?"] == ("Yes, left", "No")
    assert len(told) == 4
    client.force_login(therapist.user)
    page = client.get(reverse("intake:intake", args=[signed.pk])).content.decode()
    assert "Changed since last time" in page
    assert '<s class="quiet">Worn-out shoes</s> → <strong>Thin, flat shoes</strong>' in page


def save(client, again, page, **said):
    return client.post(again(f"{page}/save/"), said).json()


def test_what_a_device_saves_meets_what_another_said(client, again):
    seen = json.dumps({})
    first = save(client, again, "safety_now", revision=seen, **{"red_flags-pulsing_abdomen": "no"})
    assert first["lines"] == []
    second = save(client, again, "safety_now", revision=seen, **{"red_flags-both_legs_symptoms": "no"})
    assert second["lines"] == ["Answered on another device, too; the latest answer counts."]
    both = {"pulsing_abdomen": "no", "both_legs_symptoms": "no"}
    assert draft().answers["red_flags"] == both
    assert json.loads(second["revision"]) == {"red_flags": both}
    assert draft().revision == 3


def test_a_value_that_was_misread_is_told_and_an_emergency_leads_to_the_stop(client, again):
    told = save(client, again, "day", revision="{}", sitting_hours_per_day="30")
    assert told["lines"] == ["Hours sitting: “30” is not a number from 0 to 24 (hours)."]
    told = save(client, again, "safety_now", revision="{}", **{"red_flags-saddle_numbness": "yes"})
    assert told["stop"] == again("safety_now/stop/")
    assert client.get(again("shoes/")).url == again("safety_now/stop/")
    assert client.post(again("safety_now/stop/")).url == again("safety_now/")
    assert client.get(again("shoes/")).status_code == 200
    told = save(client, again, "safety_now", revision="{}", **{"red_flags-pulsing_abdomen": "yes"})
    assert "stop" in told, "another emergency is another stop"


@pytest.mark.parametrize("broken", ["", "{", "[1]", '{"red_flags": 5}', '{"pain": 3}'])
def test_a_broken_memory_of_the_page_breaks_nothing(client, again, broken):
    told = save(client, again, "safety_now", revision=broken, **{"red_flags-pulsing_abdomen": "no"})
    assert told["revision"]
    assert draft().answers["red_flags"]["pulsing_abdomen"] == "no"


def test_a_link_alone_does_not_show_what_was_said_last_time(client, again, practice, therapist):
    """Where nobody asks for the date of birth, only the practice's own tablet shows it."""
    Practice.objects.update(check_birth_date=False)
    stranger = Browser()
    assert "knows you already" not in stranger.get(again()).content.decode()
    for end in ("where/", "day/", "day/?change"):
        page = stranger.get(again(end)).content.decode()
        assert "Is this still right?" not in page
        assert 'name="sitting_hours_per_day" value="9"' not in page
    stranger.post(again("where/"), {"go": "right"})
    assert not draft().answers.get("pain")
    tablet = Browser()
    tablet.force_login(therapist.user)
    person = draft().client
    start = tablet.post(reverse("intake:here", args=[person.pk])).url
    assert "Is this still right?" in tablet.get(f"{start}day/").content.decode()
