import datetime
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import links
from clinic.models import AuditEntry, SafetyAlert
from clinic.services import audit
from intake.models import FormVersion, IntakeRequest, IntakeResponse
from intake.screening import CONDITIONS, FIRST_VISIT, RED_FLAGS
from intake.services import forms, requests
from tests.intake.conftest import fill, sign

SAFETY_NOW = next(page for page in FIRST_VISIT.pages if page.key == "safety_now").fields[0].items
NAMES_OF_DISEASES = ("cauda", "cancer", "malignan", "aneurysm", "fracture", "thrombosis", "infection", "tumour")


BORN = {"day": "2", "month": "3", "year": "1978"}


@pytest.fixture
def address(token):
    """Of somebody who was not let in yet."""
    return lambda page="", end="": reverse("intake:start", args=[token]) + (f"{page}/" if page else "") + end


@pytest.fixture
def at(client, address):
    """The same, in a browser that has answered the question at the door."""
    assert client.post(address(), BORN).status_code == 302
    return address


def calm(**different) -> dict[str, str]:
    return {f"red_flags-{key}": "no" for key in SAFETY_NOW} | different


def answers() -> dict:
    return IntakeResponse.objects.get().answers


def post_every_page(client, at) -> None:
    """Like somebody who answers no to everything that is asked."""
    for page in FIRST_VISIT.pages[:-1]:
        said = {f"{field.block}-{item}": "no" for field in page.fields for item in field.items}
        assert client.post(at(page.key), said).status_code == 302, page.key


SIGNED = {"consent": "on", "signature": "Ada Brandt"}


def test_get_changes_nothing(client, at, invitation):
    rows_before = AuditEntry.objects.count()
    for page in ["", *(page.key for page in FIRST_VISIT.pages)]:
        assert client.get(at(page)).status_code == 200
    invitation.refresh_from_db()
    assert invitation.opened_at is None
    assert not IntakeResponse.objects.exists()
    assert AuditEntry.objects.count() == rows_before


def test_a_page_reads_one_row(client, at, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(at("safety_now"))


def test_pages_are_never_stored_by_the_browser(client, at):
    assert "no-store" in client.get(at("where"))["Cache-Control"]


def test_the_start_names_the_practice_and_the_first_page(client, at):
    page = client.get(at()).content.decode()
    assert "Riverside Bodywork" in page
    assert at("where") in page
    assert "11 short pages" in page


def test_a_saved_page_leads_on_and_the_start_leads_back_to_it(client, at):
    assert client.post(at("day"), {"sitting_hours_per_day": "9,5"}).url == at("shoes")
    assert answers() == {"sitting_hours_per_day": 9.5}
    page = client.get(at()).content.decode()
    assert "Go on where you left off" in page
    assert f'href="{at("shoes")}"' in page
    assert 'value="9.5"' in client.get(at("day")).content.decode()


def test_back_saves_and_goes_back_even_from_an_unfinished_page(client, at):
    assert client.post(at("safety_injury"), {"red_flags-major_trauma": "no", "go": "back"}).url == at("safety_now")
    assert answers()["red_flags"] == {"major_trauma": "no"}
    assert client.post(at("where"), {"go": "back"}).url == at()


def test_an_unfinished_page_keeps_what_was_answered(client, at):
    response = client.post(at("safety_now"), {"red_flags-saddle_numbness": "unsure"})
    assert response.status_code == 422
    page, missing = response.content.decode(), len(SAFETY_NOW) - 1
    assert page.count("Choose one: Yes, No, Not sure.") == missing + 4  # each in its place, the first four above, too
    assert f"And {missing - 4} more, each marked below." in page
    assert answers()["red_flags"] == {"saddle_numbness": "unsure"}


def test_pain_keeps_place_side_severity_weeks_and_reach(client, at):
    said = {
        "pain-low_back": "on", "pain-low_back-side": "right", "pain-low_back-severity": "0",
        "pain-low_back-weeks": "26", "pain-low_back-below_knee": "no", "pain-neck": "on", "pain-neck-severity": "10",
    }  # fmt: skip
    assert client.post(at("where"), said).url == at("day")
    low_back = {"site": "low_back", "side": "right", "severity": 0, "weeks": 26, "radiates_below_knee": False}
    assert answers()["pain"] == [low_back, {"site": "neck", "severity": 10}]
    page = client.get(at("where")).content.decode()
    for name in ("pain-low_back-severity_0", "pain-low_back-side_1", "pain-low_back-below_knee_1", "pain-neck"):
        assert re.search(f'<input [^>]*id="id_{name}"[^>]* checked', page), name
    client.post(at("where"), {})
    assert answers()["pain"] == []


def test_what_stands_under_a_place_that_was_unticked_is_neither_kept_nor_refused(client, at):
    assert client.post(at("where"), {"pain-hip-weeks": "long", "pain-hip-severity": "3"}).status_code == 302
    assert answers()["pain"] == []


def test_a_condition_keeps_side_approach_and_date(client, at):
    said = {
        "conditions-hip_replacement": "yes", "conditions-hip_replacement-side": "left",
        "conditions-hip_replacement-approach": "posterior", "conditions-hip_replacement-date": "2019-03-01",
        "conditions-knee_replacement": "no", "conditions-knee_replacement-side": "left",
    }  # fmt: skip
    client.post(at("joints"), said)
    hip = {"answer": "yes", "side": "left", "approach": "posterior", "date": "2019-03-01"}
    assert answers()["conditions"] == {"hip_replacement": hip, "knee_replacement": "no"}
    assert 'value="2019-03-01"' in client.get(at("joints")).content.decode()


BAD = [
    ("day", {"sitting_hours_per_day": "25"}, "Hours sitting", "“25” is not a number from 0 to 24 (hours)."),
    ("day", {"sitting_hours_per_day": "-1"}, "Hours sitting", "“-1” is not a number from 0 to 24 (hours)."),
    ("day", {"standing_hours_per_day": "lots"}, "Hours standing", "“lots” is not a number from 0 to 24 (hours)."),
    ("day", {"standing_hours_per_day": "nan"}, "Hours standing", "“nan” is not a number from 0 to 24 (hours)."),
    ("day", {"sitting_hours_per_day": "20", "standing_hours_per_day": "5"}, "", "make more than the 24 hours of a day"),
    ("day", {"standing_surface": "ice"}, "What do you stand on most?", "“ice” is not one of: Hard floor,"),
    ("shoes", {"footwear": "clogs"}, "What do you wear most", "“clogs” is not one of: Sturdy, supportive shoes,"),
    ("tried_so_far", {"tried": ["magic"]}, "Choose all that apply", "“magic” is not one of: Massage,"),
    ("where", {"pain-hip": "on"}, "How bad is it?", "Choose how bad it is, a whole number from 0 to 10."),
    ("where", {"pain-hip": "on", "pain-hip-severity": "11"}, "How bad is it?", "a whole number from 0 to 10."),
    ("where", {"pain-hip": "on", "pain-hip-weeks": "9999"}, "For how long?", "to 6500 (weeks)"),
    ("safety_now", calm(**{"red_flags-saddle_numbness": "maybe"}), "", "“maybe” is not one of: Yes, No, Not sure."),
    ("joints", {"conditions-polio": "yes", "conditions-polio-side": "up"}, "Which side?", "“up” is not one of: Left,"),
    ("joints", {"conditions-vertebral_fracture": "yes", "conditions-vertebral_fracture-date": "2019-13-01"}, "When?",
     "This is not a date. Enter one such as 2019-03-01."),
]  # fmt: skip


@pytest.mark.parametrize(("page", "said", "place", "message"), BAD)
def test_a_bad_value_is_named_beside_its_question(client, at, page, said, place, message):
    response = client.post(at(page), said)
    shown = response.content.decode()
    assert response.status_code == 422
    assert place in shown
    assert message in shown
    assert "error-summary" in shown


def test_a_bad_value_does_not_lose_the_good_ones_beside_it(client, at):
    client.post(at("day"), {"sitting_hours_per_day": "99", "standing_surface": "soft"})
    assert answers() == {"standing_surface": "soft"}


def test_answering_everything_and_signing_completes(client, at, invitation):
    post_every_page(client, at)
    response = client.post(at("agreement"), SIGNED)
    assert response.url == at(end="sent/")
    signed = IntakeResponse.objects.get()
    assert (signed.signed_name, signed.signed_from, signed.referral_level) == ("Ada Brandt", "127.0.0.1", "none")
    assert set(signed.answers["red_flags"]) == set(RED_FLAGS)
    assert set(signed.answers["conditions"]) == set(CONDITIONS)
    thanks = client.get(response.url).content.decode()
    assert "Thank you" in thanks
    assert "doctor" not in thanks


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"signature": "Ada"}, "Tick this if you agree."),
        ({"consent": "on", "signature": "  "}, "Type your full name, or draw it"),
    ],
)
def test_an_unsigned_form_is_not_completed(client, at, said, message):
    post_every_page(client, at)
    response = client.post(at("agreement"), said)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not IntakeResponse.objects.completed().exists()


def test_a_blank_form_is_not_completed_and_every_open_page_is_linked(client, at):
    response = client.post(at("agreement"), SIGNED)
    shown = response.content.decode()
    assert response.status_code == 422
    place = "id_red_flags-bladder_or_bowel_change"
    assert f'<a href="{at("safety_now")}#{place}">Some questions for your safety</a> <span>7 open' in shown
    assert (
        f'<a href="{at("now")}#id_conditions-disc_herniation_with_leg_symptoms">Your health now</a> <span>7 open'
        in shown
    )
    assert at("shoes") not in shown
    assert not IntakeResponse.objects.completed().exists()


def test_an_emergency_answer_stops_at_once_even_with_open_questions(client, at):
    response = client.post(at("safety_now"), {"red_flags-saddle_numbness": "yes"})
    assert response.url == at("safety_now", "stop/")
    shown = client.get(response.url).content.decode()
    assert "Please get medical help now" in shown
    assert 'href="tel:112"' in shown
    assert not [name for name in NAMES_OF_DISEASES if name in shown.lower()]
    assert answers()["red_flags"] == {"saddle_numbness": "yes"}
    assert SafetyAlert.objects.get().level == "emergency"


def test_the_number_to_call_is_the_practice_s_own(client, at, practice):
    type(practice).objects.update(emergency_number="911")
    client.post(at("safety_now"), calm(**{"red_flags-pulsing_abdomen": "yes"}))
    shown = client.get(at("safety_now", "stop/")).content.decode()
    assert 'href="tel:911"' in shown
    assert "112" not in shown


def test_an_emergency_that_is_signed_is_full_screen_again(client, at):
    post_every_page(client, at)
    client.post(at("safety_now"), calm(**{"red_flags-saddle_numbness": "yes"}))
    response = client.post(at("agreement"), SIGNED)
    assert "Please get medical help now" in client.get(response.url).content.decode()


def test_the_stop_page_without_an_emergency_leads_to_the_form(client, at):
    assert client.get(at("safety_now", "stop/")).url == at()


def test_not_sure_goes_on_and_asks_the_clinician_later(client, at):
    assert client.post(at("safety_now"), calm(**{"red_flags-saddle_numbness": "unsure"})).url == at("safety_injury")
    assert not SafetyAlert.objects.exists()


def test_an_urgent_answer_is_told_calmly_at_the_end(client, at):
    post_every_page(client, at)
    page = next(page for page in FIRST_VISIT.pages if page.key == "safety_health")
    said = {f"red_flags-{item}": "no" for item in page.fields[0].items} | {"red_flags-cancer_history": "yes"}
    assert client.post(at("safety_health"), said).url == at("safety_body")
    thanks = client.get(client.post(at("agreement"), SIGNED).url).content.decode()
    assert "Please see a doctor soon" in thanks
    assert not [name for name in NAMES_OF_DISEASES if name in thanks.lower()]
    assert SafetyAlert.objects.get().level == "urgent"


def test_a_form_in_use_keeps_its_own_questions(client, at, invitation, therapist, monkeypatch):
    newer = forms.shipped_schema()
    newer["questions"]["red_flags"]["saddle_numbness"]["question"] = "A newer wording?"
    monkeypatch.setattr(forms, "shipped_schema", lambda *_: newer)
    forms.current(practice=invitation.practice, by=therapist)
    assert FormVersion.objects.count() == 2
    shown = client.get(at("safety_now")).content.decode()
    assert "between your legs" in shown
    assert "A newer wording?" not in shown


def revoke(invitation, therapist):
    requests.revoke(request=invitation, by=therapist)


def expire(invitation, therapist):
    IntakeRequest.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))


def finish(invitation, therapist):
    fill(invitation)
    sign(invitation)


CLOSED = [
    (revoke, 410, "This link no longer works"),
    (expire, 410, "This link has run out"),
    (finish, 200, "You have sent this already"),
]


@pytest.mark.parametrize(("close", "status", "title"), CLOSED)
def test_a_closed_link_has_its_own_page_and_takes_nothing(client, at, invitation, therapist, close, status, title):
    close(invitation, therapist)
    before = list(IntakeResponse.objects.values())
    for response in (client.get(at()), client.get(at("day")), client.post(at("day"), {"sitting_hours_per_day": "3"})):
        assert response.status_code == status
        assert title in response.content.decode()
    assert list(IntakeResponse.objects.values()) == before


@pytest.mark.parametrize("forged", ["nonsense", "a:b:c", "portal", "nobody"])
def test_a_forged_link_is_404_and_says_what_to_do(client, invitation, forged, db):
    made = {"portal": links.sign("portal", invitation.pk), "nobody": links.sign("intake", uuid.uuid4())}
    for end in ("", "where/", "sent/", "where/stop/"):
        response = client.get(reverse("intake:start", args=[made.get(forged, forged)]) + end)
        assert response.status_code == 404
        assert "We don’t know this link" in response.content.decode()


def test_the_thank_you_page_of_an_unsent_form_leads_to_the_form(client, at):
    assert client.get(at(end="sent/")).url == at()


def test_an_unknown_page_is_404(client, at):
    assert client.get(at("hobbies")).status_code == 404


def test_no_address_is_a_page_and_a_word_of_ours_at_once():
    assert not {"sent", "stop"} & {page.key for page in FIRST_VISIT.pages}


def test_the_link_of_one_client_never_shows_another(client, at, other_client):
    theirs = requests.send(client=other_client, by=audit.Machine.SEED)
    fill(theirs, sitting_hours_per_day=17)
    assert 'value="17"' not in client.get(at("day")).content.decode()
