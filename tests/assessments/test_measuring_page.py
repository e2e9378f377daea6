from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils.html import escape

from assessments.forms import sheet
from assessments.models import Assessment, Finding, Reading
from assessments.rules import MEASURES
from assessments.services import assessments
from clinic.models import AuditEntry, Client
from tests.assessments.conftest import day, hip_extension

SHEET = {"assessed_on": "2026-03-02", "hip_extension-1-position": "prone", "hip_extension-1-mode": "passive",
         "hip_extension-1-instrument": "goniometer"}  # fmt: skip


def new(client, name="new"):
    return reverse(f"assessments:{name}", args=[client.pk])


def test_the_sheet_has_both_sides_and_the_earlier_value(at, therapist, client_person, signed):
    signed(hip_extension("left", 7))
    page = at(therapist).get(new(client_person))
    text = page.content.decode()
    assert page.status_code == 200
    for name in ("hip_extension-1-left-value", "leg_length_true-2-right-value", "foot_posture-1-left-value"):
        assert f'name="{name}"' in text
    assert "7° on 2 Mar" in text
    assert "Leg length in other ways" in text


@pytest.mark.parametrize(("pelvis", "words"), [("", "not recorded"), ("yes", "held"), ("no", "free")])
def test_the_line_of_a_thomas_test_says_in_words_whether_the_pelvis_was_held(
    at, therapist, client_person, pelvis, words
):
    typed = {"thomas_hip_angle-1-position": "supine", "thomas_hip_angle-1-mode": "passive",
             "thomas_hip_angle-1-instrument": "goniometer", "thomas_hip_angle-1-pelvis": pelvis}  # fmt: skip
    text = at(therapist).post(new(client_person), {**SHEET, **typed}).content.decode()
    assert f"supine · passive · goniometer · pelvis {words}<" in text
    assert "prone · passive · goniometer<" in text  # hip extension has no such question


def test_what_is_typed_becomes_a_draft_of_the_person_at_the_screen(at, therapist, client_person):
    typed = {
        **SHEET, "hip_extension-1-left-value": "2,5", "hip_extension-1-right-value": "−4",
        "hip_extension-1-left-pain": "3",
        "thomas_hip_angle-1-left-value": "6", "thomas_hip_angle-1-pelvis": "yes",
        "hip_internal_rotation-1-right-grade": "mild", "hip_internal_rotation-1-instrument": "goniometer",
        "leg_length_true-1-left-value": "35", "leg_length_true-1-unit": "inch",
        "leg_length_difference_block-1-one-value": "9", "leg_length_difference_block-1-shorter": "right",
        "foot_posture-1-left-value": "pronated",
    }  # fmt: skip
    answer = at(therapist).post(new(client_person), typed)
    assessment = Assessment.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("assessments:assessment", args=[assessment.pk]))
    rows = {(row.measure, row.side): row for row in assessment.readings.all()}
    assert len(rows) == 7
    left = rows["hip_extension", "left"]
    assert (left.value, left.pain, left.position, left.mode, left.examiner) == (2.5, 3, "prone", "passive", "Tomas")
    assert rows["hip_extension", "right"].value == -4
    assert rows["thomas_hip_angle", "left"].pelvis_controlled is True
    graded = rows["hip_internal_rotation", "right"]
    assert (graded.grade, graded.value, graded.instrument) == ("mild", None, "visual")
    assert (rows["leg_length_true", "left"].value, rows["leg_length_true", "left"].typed_unit) == (889, "inch")
    assert rows["leg_length_difference_block", "right"].value == 9
    assert rows["foot_posture", "left"].observed == "pronated"
    assert (assessment.state, assessment.examiner) == ("draft", therapist)


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("hip_extension-1-left-value", "220", "220° is above 60°, the most that is accepted."),
        ("hip_extension-1-left-value", "-90", "-90° is below -60°, the least that is accepted."),
        ("hip_extension-1-right-value", "much", "“much” is not a number."),
        ("hip_extension-1-position", "hanging", "“hanging” can't be chosen; choose "),
        ("hip_extension-1-left-pain", "11", "Pain is a whole number from 0 to 10."),
        ("leg_length_difference_block-1-one-value", "101", "101 mm is above 100 mm, the most that is accepted."),
        ("foot_posture_index-1-left-value", "3.5", "3.5 must be a whole number."),
    ],
)
def test_a_refused_value_stands_at_its_field_with_everything_typed(at, therapist, client_person, field, value, line):
    shorter = {"leg_length_difference_block-1-shorter": "left"}
    typed = {**SHEET, **shorter, "hip_extension-1-left-value": "2", "note": "Kept words", field: value}
    page = at(therapist).post(new(client_person), typed)
    text = page.content.decode()
    assert page.status_code == 422
    assert line in " ".join(page.context["form"].errors[field])
    assert escape(line) in text
    assert "Kept words" in text
    assert f'value="{value}"' in text or field.endswith("position")  # no browser offers that choice
    assert "hip_extension." not in text  # no names of the machine
    assert not Assessment.objects.exists()


def test_a_difference_without_its_shorter_side_is_refused_there(at, therapist, client_person):
    page = at(therapist).post(new(client_person), {**SHEET, "leg_length_difference_block-1-one-value": "9"})
    assert page.context["form"].errors["leg_length_difference_block-1-shorter"] == ["Say which leg is shorter."]
    zero = {"leg_length_difference_block-1-one-value": "0", "leg_length_difference_block-1-shorter": "left"}
    page = at(therapist).post(new(client_person), {**SHEET, **zero})
    assert "no shorter leg" in page.context["form"].errors["leg_length_difference_block-1-shorter"][0]


def test_a_number_beside_an_estimate_is_refused(at, therapist, client_person):
    typed = {**SHEET, "hip_extension-1-left-value": "2", "hip_extension-1-left-grade": "mild"}
    errors = at(therapist).post(new(client_person), typed).context["form"].errors
    assert errors["hip_extension-1-left-value"] == ["Give a number or an estimate, not both."]


def test_another_unit_is_said_with_both(at, therapist, client_person):
    typed = {"leg_length_true-1-left-value": "60", "leg_length_true-1-unit": "inch"}
    errors = at(therapist).post(new(client_person), {**SHEET, **typed}).context["form"].errors
    assert errors["leg_length_true-1-left-value"] == ["60 inch (1524 mm) is above 1300 mm, the most that is accepted."]


def turned(internal, external):
    way = {"position": "seated", "mode": "passive", "instrument": "goniometer"}
    names = {"hip_internal_rotation": internal, "hip_external_rotation": external}
    return {f"{name}-1-{what}": word for name in names for what, word in way.items()} | {
        f"{name}-1-left-value": value for name, value in names.items()
    }


def test_the_arc_of_a_hip_is_said_in_words(at, therapist, client_person):
    errors = at(therapist).post(new(client_person), {**SHEET, **turned("75", "76")}).context["form"].errors
    assert errors["hip_external_rotation-1-left-value"] == [
        "With internal rotation it makes 151°; 0 to 150° is accepted."
    ]
    form = at(therapist).post(new(client_person), {**SHEET, **turned("55", "58")}).context["form"]
    assert form.unconfirmed["hip_external_rotation-1-left-value"].endswith("113°; 35 to 110° is usual.")


LONG = {f"leg_length_true-{trial}-{side}-value": "1150" for trial in (1, 2) for side in ("left", "right")}


def test_what_is_unusual_names_its_cell(at, therapist, client_person):
    text = at(therapist).post(new(client_person), {**SHEET, **LONG}).content.decode()
    for trial in (1, 2):
        for side in ("left", "right"):
            words = f"trial {trial}, {side}: 1150 mm is above 1100 mm, which is unusual."
            assert f'href="#leg_length_true-{trial}-{side}-value"' in text
            assert words in text


@pytest.mark.parametrize(("born", "asked"), [("2008-03-02", True), ("2008-03-03", False), (None, True)])
def test_a_child_is_not_asked_about_the_legs_of_an_adult(at, therapist, client_person, born, asked):
    """Eighteen on the day of the visit, a day younger, and of unknown age."""
    Client.objects.filter(pk=client_person.pk).update(date_of_birth=born)
    typed = {**SHEET, "leg_length_true-1-left-value": "640", "hip_extension-1-left-value": "36"}
    form = at(therapist).post(new(client_person), typed).context["form"]
    assert ("leg_length_true-1-left-value" in form.unconfirmed) == asked
    assert "hip_extension-1-left-value" in form.unconfirmed


def test_two_lines_taken_in_the_same_way_are_told_apart(at, therapist, client_person):
    typed = {**SHEET, "lines": "hip_extension-1-2", "hip_extension-1-left-value": "2",
             "hip_extension-1-2-left-value": "3", "hip_extension-1-2-position": "prone",
             "hip_extension-1-2-mode": "passive", "hip_extension-1-2-instrument": "goniometer"}  # fmt: skip
    errors = at(therapist).post(new(client_person), typed).context["form"].errors
    assert errors["hip_extension-1-2-left-value"][0].startswith("Another line was taken in the same way")


@pytest.mark.parametrize(
    ("on", "line"),
    [("2126-03-02", "in the future"), ("", "required"), ("x", "valid date"), ("1970-01-01", "was born")],
)
def test_a_day_that_cannot_be_is_refused(at, therapist, client_person, on, line):
    page = at(therapist).post(new(client_person), {**SHEET, "assessed_on": on, "hip_extension-1-left-value": "2"})
    assert page.status_code == 422
    assert line in str(page.context["form"].errors["assessed_on"])


def test_an_empty_sheet_is_refused(at, therapist, client_person):
    page = at(therapist).post(new(client_person), SHEET)
    assert page.status_code == 422
    assert "needs at least one reading" in page.content.decode()


def test_an_unusual_value_asks_once_and_is_saved_when_confirmed(at, therapist, client_person):
    browser, typed = at(therapist), {**SHEET, "hip_extension-1-left-value": "36"}
    page = browser.post(new(client_person), typed)
    assert page.status_code == 422
    assert "Hip extension, left: 36° is above 35°, which is unusual." in page.content.decode()
    assert not Assessment.objects.exists()
    unusual = page.context["form"].fingerprints
    changed = browser.post(new(client_person), {**typed, "hip_extension-1-left-value": "37", "unusual": unusual})
    assert changed.status_code == 422
    assert browser.post(new(client_person), {**typed, "unusual": unusual}).status_code == 302


def test_findings_appear_beside_the_grid_and_nothing_is_written(at, therapist, client_person):
    typed = {**SHEET, "hip_extension-1-left-value": "2", "hip_extension-1-right-value": "220"}
    page = at(therapist).post(new(client_person, "preview_new"), typed, headers={"HX-Request": "true"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "Hip extension limited, left" in text
    assert "220° is above 60°" in text
    assert "<html" not in text
    assert not Assessment.objects.exists()
    assert not AuditEntry.objects.exists()


def test_without_javascript_the_whole_page_comes_back_with_findings(at, therapist, client_person):
    page = at(therapist).post(new(client_person, "preview_new"), {**SHEET, "hip_extension-1-left-value": "2"})
    text = page.content.decode()
    assert "<html" in text
    assert 'value="2"' in text
    assert "Hip extension limited, left" in text


def test_editing_shows_what_was_saved_and_keeps_what_the_sheet_has_no_line_for(at, therapist, record):
    assessment = record(
        hip_extension("left", 2, examiner="Mia"), hip_extension("left", 5, position="side_lying"),
        {"measure": "straight_leg_raise", "side": "left", "value": 70},
    )  # fmt: skip
    browser, url = at(therapist), reverse("assessments:edit", args=[assessment.pk])
    form = browser.get(url).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    assert browser.post(url, {**typed, "hip_extension-1-right-value": "9"}).status_code == 302
    rows = {(r.measure, r.side, r.position): (float(r.value), r.examiner) for r in Reading.objects.all()}
    assert rows == {
        ("hip_extension", "left", "prone"): (2, "Mia"),
        ("hip_extension", "right", "prone"): (9, "Tomas"),
        ("hip_extension", "left", "side_lying"): (5, "Tomas"),
        ("straight_leg_raise", "left", ""): (70, ""),
    }


def test_a_second_editor_sees_both_versions_and_overwrites_nothing(at, therapist, owner, record):
    assessment = record(hip_extension("left", 2))
    url = reverse("assessments:edit", args=[assessment.pk])
    assessments.revise(assessment=assessment, measurements=[hip_extension("left", 5)], revision=1, by=owner)
    form = at(therapist).get(url).context["form"]
    drawn = {name: form[name].value() or "" for name in form.fields}
    mine = {**drawn, "revision": "1", "hip_extension-1-left-value": "9", "note": "Mine"}
    page = at(therapist).post(url, mine)
    assert page.status_code == 409
    assert {(row.name, row.theirs, row.mine) for row in page.context["rows"]} == {
        ("hip_extension-1-left-value", "5", "9"), ("note", "", "Mine"),
    }  # fmt: skip
    assert assessment.readings.get().value == 5
    merged = {**dict(page.context["same"]), "hip_extension-1-left-value": "5", "note": "Mine"}
    assert at(therapist).post(url, merged).status_code == 302
    assessment.refresh_from_db()
    assert (assessment.revision, assessment.note, assessment.readings.get().value) == (3, "Mine", 5)


def test_a_signed_assessment_is_not_edited(at, therapist, signed):
    assessment = signed()
    url = reverse("assessments:edit", args=[assessment.pk])
    assert at(therapist).get(url).status_code == 302
    page = at(therapist).post(url, {**SHEET, "revision": "1", "hip_extension-1-left-value": "9"})
    assert page.status_code == 422
    assert "is signed and can&#x27;t be changed" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_sheet_costs_the_same_however_much_came_before(
    at, therapist, client_person, signed, count, django_assert_num_queries
):
    for month in range(1, count + 1):
        signed(hip_extension("left", 3), on=day(2, month))
    browser = at(therapist)
    with django_assert_num_queries(SHEET_QUERIES):
        browser.get(new(client_person))


# session, user, membership, client, protocol in force, earlier readings; and what the frame and the banner ask
SHEET_QUERIES = 10


def test_nonsense_lines_are_ignored(at, therapist, client_person):
    typed = {**SHEET, "lines": "nothing-1 hip_extension-1 x'); straight_leg_raise-1", "hip_extension-1-left-value": "2",
             "straight_leg_raise-1-left-value": "70"}  # fmt: skip
    assert at(therapist).post(new(client_person), typed).status_code == 302
    assert set(Reading.objects.values_list("measure", flat=True)) == {"hip_extension", "straight_leg_raise"}
    assert not Finding.objects.filter(code="nothing").exists()


def test_an_unusual_value_that_was_saved_before_is_not_asked_about_again(at, therapist, record):
    url = reverse("assessments:edit", args=[record(hip_extension("left", 36)).pk])
    browser = at(therapist)
    form = browser.get(url).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert browser.post(url, {**typed, "note": "Again."}).status_code == 302


def test_every_measure_of_the_protocol_has_its_line_and_says_how(at, therapist, client_person):
    text = at(therapist).get(new(client_person)).content.decode()
    for measure in MEASURES.values():
        side = "left" if measure.sides == "left_right" else "one"
        assert f'name="{measure.key}-{measure.trials}-{side}-value"' in text
        assert escape(measure.how_to) in text
        assert text.count(f'id="how-{measure.key}"') == 1
    assert "Other measures" not in text


def test_all_hip_motions_stand_open_and_the_rest_is_a_key_away(at, therapist, client_person):
    parts = at(therapist).get(new(client_person)).context["parts"]
    opened = [part for part in parts if not part.folded]
    assert [part.title for part in opened] == ["Hip motion"]
    assert len(opened[0].rows) == 6
    letters = [part.letter for part in parts if part.folded]
    assert len(set(letters)) == len(letters)
    assert not set(letters) & {"a", "e", "s", ""}  # the keys of a field and of saving


def test_what_a_host_registered_comes_last(at, therapist, client_person, monkeypatch):
    own = replace(MEASURES["hip_flexion"], key="thumb_reach", label="Thumb reach")
    monkeypatch.setattr(sheet, "MEASURES", {**MEASURES, "thumb_reach": own})
    text = at(therapist).get(new(client_person)).content.decode()
    assert "Other measures" in text
    assert 'name="thumb_reach-1-left-value"' in text


ODD = {
    "hamstring_length-1-left-value": "moderate", "faber-1-right-value": "1", "fadir-1-left-value": "0",
    "iliac_crest-1-one-value": "left_higher", "gait_trunk_lean-1-left-grade": "mild",
    "hip_abductor_strength-1-left-value": "3",
}  # fmt: skip


def test_grades_signs_and_sights_are_chosen_and_come_back(at, therapist, client_person):
    browser = at(therapist)
    assert browser.post(new(client_person), {**SHEET, **ODD}).status_code == 302
    rows = {row.measure: row.as_rule() for row in Reading.objects.all()}
    assert (rows["hamstring_length"].grade, rows["hamstring_length"].instrument) == ("moderate", "visual")
    assert (rows["faber"].value, rows["fadir"].value, rows["iliac_crest"].observed) == (1, 0, "left_higher")
    assert (rows["gait_trunk_lean"].grade, rows["hip_abductor_strength"].value) == ("mild", 3)
    assessment = Assessment.objects.get()
    form = browser.get(reverse("assessments:edit", args=[assessment.pk])).context["form"]
    assert {name: form[name].value() for name in ODD} == ODD
    assessments.sign(assessment=assessment, by=therapist)
    text = browser.get(new(client_person)).content.decode()
    for words in ("moderate on", "positive on", "negative on", "left higher on", "mild on"):
        assert words in text
    assert 'data-previous="moderate"' in text


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("hamstring_length-1-left-value", "huge", "hamstring_length-1-left-value"),
        ("faber-1-left-value", "2", "faber-1-left-value"),
        ("iliac_crest-1-one-value", "sideways", "iliac_crest-1-one-value"),
    ],
)
def test_a_word_that_cannot_be_is_refused_at_its_field(at, therapist, client_person, name, value, field):
    page = at(therapist).post(new(client_person), {**SHEET, name: value})
    assert page.status_code == 422
    assert page.context["form"].errors[field]


TRIALS = {"leg_length_true-1-left-value": "892", "leg_length_true-2-left-value": "895",
          "leg_length_true-1-right-value": "876"}  # fmt: skip


def test_trials_are_averaged_with_their_spread(at, therapist, client_person):
    browser = at(therapist)
    page = browser.post(new(client_person, "preview_new"), {**SHEET, **TRIALS}, headers={"HX-Request": "true"})
    assert page.content.decode().count("Mean 893.5 mm, spread 3 mm") == 1
    assert "spread 0" not in page.content.decode()  # one trial on the right
    browser.post(new(client_person), {**SHEET, **TRIALS})
    page = browser.get(reverse("assessments:edit", args=[Assessment.objects.get().pk]))
    assert "Mean 893.5 mm, spread 3 mm" in page.content.decode()


def test_contradictions_and_what_comes_next_stand_beside_the_grid(at, therapist, client_person):
    Client.objects.filter(pk=client_person.pk).update(date_of_birth="2015-03-02")
    typed = {**SHEET, **TRIALS, "leg_length_difference_block-1-one-value": "7",
             "leg_length_difference_block-1-shorter": "left"}  # fmt: skip
    page = at(therapist).post(new(client_person, "preview_new"), typed, headers={"HX-Request": "true"})
    text = page.content.decode()
    for words in (
        'objection-level">Ask:</strong>',
        "These methods disagree.",
        "What would settle it next",
        "Repeat the methods that disagree, best by another examiner.",
    ):
        assert words in text


def test_whether_the_pelvis_was_held_survives_an_edit_of_any_line(at, therapist, record):
    assessment = record(hip_extension("left", 2, pelvis_controlled=False))
    browser, url = at(therapist), reverse("assessments:edit", args=[assessment.pk])
    form = browser.get(url).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert browser.post(url, {**typed, "note": "Again."}).status_code == 302
    assert Reading.objects.get().pelvis_controlled is False
