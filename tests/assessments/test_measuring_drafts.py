"""The sheet that keeps itself: on the server from the first thing typed, right or wrong, and never over another's."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessments.models import Assessment, Finding, Reading
from assessments.services import assessments, drafts
from clinic.models import AuditEntry, Practice, SafetyAlert
from tests.assessments.conftest import hip_extension

LEFT, RIGHT = "hip_extension-1-left-value", "hip_extension-1-right-value"
WAY = {"assessed_on": "2026-03-02", "hip_extension-1-position": "prone", "hip_extension-1-mode": "passive",
       "hip_extension-1-instrument": "goniometer"}  # fmt: skip


def begin(browser, client, typed, tab="tab-1"):
    return browser.post(reverse("assessments:autosave_new", args=[client.pk]), WAY | typed, headers={"X-Keep-Tab": tab})


def keep(browser, draft, typed, revision, tab="tab-1"):
    url = reverse("assessments:autosave", args=[draft.pk])
    return browser.post(url, WAY | typed | {"revision": revision}, headers={"X-Keep-Tab": tab})


def test_the_first_thing_typed_makes_a_draft_and_half_a_number_survives(at, therapist, client_person):
    browser = at(therapist)
    answer = begin(browser, client_person, {LEFT: "1x", "note": "Stiff in the morning"}).json()
    draft = Assessment.objects.get()
    assert (answer["revision"], draft.state, draft.examiner, str(draft.assessed_on)) == (
        1, "draft", therapist, "2026-03-02",
    )  # fmt: skip
    assert answer["url"] == reverse("assessments:autosave", args=[draft.pk])
    assert answer["action"] == answer["page"] == reverse("assessments:edit", args=[draft.pk])
    form = browser.get(answer["page"]).context["form"]
    assert (form[LEFT].value(), form["note"].value()) == ("1x", "Stiff in the morning")


def test_what_is_only_typed_is_judged_by_nobody(at, therapist, client_person):
    begin(at(therapist), client_person, {LEFT: "1", RIGHT: "14"})  # on its way to 15
    assert not Reading.objects.exists()
    assert not Finding.objects.exists()
    assert not SafetyAlert.objects.exists()


def test_an_empty_sheet_leaves_no_trace(at, therapist, client_person):
    assert begin(at(therapist), client_person, {}).json()["revision"] == 0
    assert not Assessment.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_emptied_sheet_is_a_new_one_again(at, therapist, client_person):
    browser = at(therapist)
    begin(browser, client_person, {LEFT: "1"})
    answer = keep(browser, Assessment.objects.get(), {LEFT: ""}, 1).json()
    assert not Assessment.objects.exists()
    assert answer["action"] == reverse("assessments:new", args=[client_person.pk])


def test_a_draft_with_saved_readings_stays_when_its_sheet_is_emptied(at, therapist, record):
    draft = record()
    keep(at(therapist), draft, {LEFT: ""}, 1)
    draft.refresh_from_db()
    assert (draft.readings.count(), draft.typed["values"][LEFT]) == (2, "")


def test_a_lost_answer_makes_no_second_draft(at, therapist, client_person):
    browser = at(therapist)
    begin(browser, client_person, {LEFT: "1"})
    begin(browser, client_person, {LEFT: "12"})
    assert Assessment.objects.get().typed["values"][LEFT] == "12"
    begin(browser, client_person, {LEFT: "7"}, tab="another")
    assert Assessment.objects.count() == 2


def test_a_second_editor_is_told_and_an_own_lost_answer_is_none(at, therapist, owner, client_person):
    begin(at(therapist), client_person, {LEFT: "1"})
    draft = Assessment.objects.get()
    assert keep(at(therapist), draft, {LEFT: "12"}, 1).json()["revision"] == 2
    assert keep(at(therapist), draft, {LEFT: "13"}, 1).json()["revision"] == 3
    told = keep(at(owner), draft, {LEFT: "9"}, 1, tab="hers")
    assert (told.status_code, told.json()) == (409, {"merge": reverse("assessments:edit", args=[draft.pk])})
    draft.refresh_from_db()
    assert draft.typed["values"][LEFT] == "13"


def test_both_versions_are_shown_even_when_one_is_half_typed(at, therapist, owner, client_person):
    begin(at(therapist), client_person, {LEFT: "13x"})
    draft = Assessment.objects.get()
    page = at(owner).post(reverse("assessments:edit", args=[draft.pk]), WAY | {LEFT: "9y", "revision": "0"})
    assert page.status_code == 409
    assert [(row.name, row.theirs, row.mine) for row in page.context["rows"]] == [(LEFT, "13x", "9y")]


def test_what_somebody_else_typed_is_not_sent_as_mine(at, therapist, owner, client_person):
    url = reverse("assessments:autosave_new", args=[client_person.pk])
    answer = at(owner).post(url, WAY | {LEFT: "1"}, headers={"X-Keep-User": str(therapist.user.pk)})
    assert answer.status_code == 401
    assert not Assessment.objects.exists()


def test_saving_takes_what_was_typed_into_the_readings(at, therapist, client_person):
    browser = at(therapist)
    begin(browser, client_person, {LEFT: "1"})
    draft = Assessment.objects.get()
    answer = browser.post(reverse("assessments:edit", args=[draft.pk]), WAY | {LEFT: "12", "revision": "1"})
    assert answer.url == reverse("assessments:assessment", args=[draft.pk])
    draft.refresh_from_db()
    assert (draft.typed, draft.readings.get().value) == (None, 12)
    assert answer.cookies["keep_done"].value  # the device may forget it


def test_what_is_not_saved_yet_cannot_be_signed(at, therapist, record):
    draft = record()
    keep(at(therapist), draft, {LEFT: "3"}, 1)
    page = at(therapist).get(reverse("assessments:assessment", args=[draft.pk])).content.decode()
    assert "Something on the sheet isn’t saved yet" in page
    with pytest.raises(ValidationError, match="isn’t saved yet"):
        assessments.sign(assessment=draft, by=therapist)


def test_a_signed_sheet_keeps_nothing_more(at, therapist, signed):
    answer = keep(at(therapist), signed(), {LEFT: "3"}, 1)
    assert answer.status_code == 422
    assert "signed" in answer.json()["lines"][0]


def test_save_and_sign_in_one(at, therapist, client_person):
    typed = WAY | {LEFT: "12", "then": "sign"}
    at(therapist).post(reverse("assessments:new", args=[client_person.pk]), typed)
    assert Assessment.objects.get().state == "signed"


def test_who_begins_to_type_is_on_record_and_not_every_pause(at, therapist, owner, record):
    draft = record()
    for revision in (1, 2, 3):
        keep(at(therapist), draft, {LEFT: str(revision)}, revision)
    keep(at(owner), draft, {LEFT: "9"}, 4, tab="hers")
    assert list(AuditEntry.objects.filter(verb="assessment.typed").values_list("actor_user", flat=True)) == [
        owner.user.pk, therapist.user.pk,
    ]  # fmt: skip


def test_the_practice_begins_with_how_it_measured_last_time(at, therapist, client_person, practice):
    taken = WAY | {LEFT: "12", "hip_extension-1-position": "side_lying", "hip_extension-1-instrument": "inclinometer"}
    browser = at(therapist)
    browser.post(reverse("assessments:new", args=[client_person.pk]), taken)
    assert Practice.objects.get(pk=practice.pk).measuring["ways"]["hip_extension"] == {
        "position": "side_lying", "mode": "passive", "instrument": "inclinometer",
    }  # fmt: skip
    row = browser.get(reverse("assessments:new", args=[client_person.pk])).context["parts"][0].rows[1]
    assert row.summary == "side lying · passive · inclinometer"


def test_another_trial_without_javascript(at, therapist, client_person):
    url = reverse("assessments:preview_new", args=[client_person.pk])
    page = at(therapist).post(url, WAY | {LEFT: "12", "more": "hip_extension-2"})
    assert 'name="hip_extension-2-left-value"' in page.content.decode()
    typed = WAY | {LEFT: "12", "hip_extension-2-left-value": "14", "lines": "hip_extension-2"}
    typed |= {"hip_extension-2-position": "prone", "hip_extension-2-mode": "passive"}
    typed |= {"hip_extension-2-instrument": "goniometer"}
    at(therapist).post(reverse("assessments:new", args=[client_person.pk]), typed)
    assert sorted(Reading.objects.values_list("trial", "value")) == [(1, 12), (2, 14)]
    page = at(therapist).get(reverse("assessments:edit", args=[Assessment.objects.get().pk]))
    assert "Mean 13°, spread 2°" in page.content.decode()
    assert [row.trial for row in page.context["parts"][0].rows if row.measure.key == "hip_extension"] == [1, 2]


def test_an_unusual_value_is_kept_by_ticking_it_at_the_cell(at, therapist, client_person):
    url = reverse("assessments:new", args=[client_person.pk])
    page = at(therapist).post(url, WAY | {LEFT: "36", RIGHT: "37"})
    assert page.content.decode().count('name="sure"') == 2
    assert at(therapist).post(url, WAY | {LEFT: "36", RIGHT: "37", "sure": f"{LEFT}=36"}).status_code == 422
    assert (
        at(therapist).post(url, WAY | {LEFT: "36", RIGHT: "37", "sure": [f"{LEFT}=36", f"{RIGHT}=37"]}).status_code
        == 302
    )


def test_one_goes_back_to_where_one_came_from_and_nowhere_else(at, therapist, client_person):
    url = reverse("assessments:new", args=[client_person.pk])
    answer = at(therapist).post(url, WAY | {LEFT: "12", "next": "/notes/1/?a=1"})
    assert answer.url == f"/notes/1/?a=1&assessment={Assessment.objects.get().pk}"
    answer = at(therapist).post(url, WAY | {LEFT: "12", "next": "https://elsewhere.example/"})
    assert answer.url.startswith("/assessments/")


def test_the_picture_beside_a_field_says_what_it_shows(at, therapist, client_person, signed):
    signed(hip_extension("left", 7))
    row = at(therapist).get(reverse("assessments:new", args=[client_person.pk])).context["parts"][0].rows[1]
    right, left = (cell.strip for cell in row.cells)
    assert left.words.startswith("left: not measured today, last time 7°")
    assert "measurement error ±13°" in left.words
    assert (right.side, right.before, left.before) == ("right", None, 7)


@pytest.mark.parametrize(("today", "within"), [("19", True), ("20", False)])
def test_inside_the_measurement_error_is_drawn_as_such(at, therapist, client_person, signed, today, within):
    signed(hip_extension("left", 7))
    url = reverse("assessments:preview_new", args=[client_person.pk])
    page = at(therapist).post(url, WAY | {LEFT: today}, headers={"HX-Request": "true"})
    assert ("dot-today left within-error" in page.content.decode()) == within


def test_a_begun_draft_is_json_of_a_known_shape(at, therapist, client_person):
    begin(at(therapist), client_person, {LEFT: "1", "nonsense": "x" * 50})
    typed = Assessment.objects.get().typed
    assert set(typed) == {"values", "tab", "by"}
    assert "nonsense" not in json.dumps(typed)
    assert drafts.says_something(typed["values"])
