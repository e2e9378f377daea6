"""The reasoning on the assessment's page: chains, edits, what was not found, the ledger, contradictions."""

import pytest
from django.urls import reverse

from assessments import rules
from assessments.models import Assessment, Finding, FindingDecision
from assessments.services import assessments, packs
from assessments.views.contradictions import contradictions_shown
from assessments.views.reasoning import absent_groups
from clinic.models import Client
from tests.assessments.conftest import block, day, hip_extension, tape


def url(name, row):
    return reverse(f"assessments:{name}", args=[row.pk])


RULE = rules.PACK.rules["hip_extension_limited"]


def content(browser, assessment):
    return browser.get(url("assessment", assessment)).content.decode()


def test_a_finding_opens_to_its_chain(at, therapist, record):
    assessment = record(hip_extension("left", 2), hip_extension("left", 5, trial=2))
    text = content(at(therapist), assessment)
    for words in (
        "Hip extension, left: 3.5°; threshold 10°; passive; mean of 2 trials, spread 3°",  # the reading
        "prone · passive · goniometer; trials 2, 5; spread 3°; by Tomas",
        f"hip_extension_limited, version {RULE.version}; protocol {rules.PACK.version}",
        "working threshold from CDC means",
        "The threshold: our own working value.",
        "Half-kneeling hip flexor stretch",  # what it may lead to
    ):
        assert words in text


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([{"measure": "hamstring_length", "side": "left", "grade": "moderate"}], "Hamstring length, left: moderate"),
        ([{"measure": "foot_posture", "side": "left", "observed": "pronated"}], "Foot posture, left: pronated"),
        ([{"measure": "faber", "side": "left", "value": 1}], "FABER, left: positive;"),
        ([{"measure": "faber", "side": "left", "value": 0}], "FABER, left: negative"),
    ],
)
def test_what_is_no_number_stands_in_words(at, therapist, record, rows, line):
    assert line in content(at(therapist), record(*rows))


CHILD = day(2).replace(year=2015)
EDIT = {"decision": "edited", "grade": "mild", "text": "A little short, left.", "reason": "Soft end feel."}


def test_an_edit_stands_beside_what_the_rule_said_and_outlives_the_next_evaluation(at, therapist, record):
    assessment = record(hip_extension("left", 5))
    finding, browser = Finding.objects.get(code="hip_extension_limited"), at(therapist)
    original = finding.text
    assert browser.post(url("decide", finding), EDIT).status_code == 302
    text = content(browser, assessment)
    rule = f"The rule said: {original} Grade: moderate."
    for words in ("A little short, left", "Edited by Tomas, because: Soft end feel.", rule):
        assert words in text
    assessments.revise(assessment=assessment, measurements=[hip_extension("left", -2)], revision=1, by=therapist)
    text = content(browser, assessment)
    for words in ("A little short, left", "Edited by Tomas", f"The rule said: {original} Grade: marked."):
        assert words in text


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"text": None}, ("mild", "")),
        ({"grade": "moderate"}, ("", "A little short, left.")),
        ({}, ("mild", "A little short, left.")),
    ],
)
def test_an_edit_keeps_only_what_the_therapist_changed(at, therapist, record, change, kept):
    record(hip_extension("left", 5))
    finding = Finding.objects.get(code="hip_extension_limited")
    said = {**EDIT, **change}
    said["text"] = said["text"] or finding.text
    at(therapist).post(url("decide", finding), said)
    decision = FindingDecision.objects.get()
    assert (decision.grade, decision.text) == kept


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"reason": " "}, "Say why; the reason stays on record"),
        ({"text": ""}, "Write what you found, or leave the words of the rule."),
        ({"grade": "moderate", "text": None}, "Change the grade or the words"),
        ({"grade": "huge"}, "Select a valid choice"),
    ],
)
def test_an_edit_that_misses_something_is_refused_there_with_what_was_typed(at, therapist, record, change, line):
    record(hip_extension("left", 5))
    finding = Finding.objects.get(code="hip_extension_limited")
    said = {**EDIT, **change}
    said["text"] = finding.text if said["text"] is None else said["text"]
    answer = at(therapist).post(url("decide", finding), said)
    assert answer.status_code == 422
    assert line in answer.content.decode()
    assert said["text"] in answer.content.decode()
    assert not FindingDecision.objects.exists()


def test_a_finding_without_a_grade_may_stay_without(at, therapist, record):
    record(tape("left", 892), tape("right", 870))
    finding = Finding.objects.get(code="leg_length_insufficient_data")
    at(therapist).post(url("decide", finding), {**EDIT, "grade": ""})
    assert FindingDecision.objects.get().grade == ""


@pytest.mark.parametrize(
    ("title", "name", "line"),
    [
        ("Looked at", "Hip extension limited", "Hip extension, right: 14°; threshold 10°; passive"),
        ("Not measured", "Hip flexion limited", "Hip flexion"),
        ("Not judged", "Hip motion unequal", "Both sides are needed, measured in the same way"),
    ],
)
def test_what_was_not_found_stands_there_with_why(at, therapist, record, title, name, line):
    one_side = [hip_extension("right", 14)] if title != "Not judged" else []
    page = at(therapist).get(url("assessment", record(hip_extension("left", 2), *one_side)))
    group = next((group for group in page.context["absent"] if group.title == title), None)
    assert group, [group.title for group in page.context["absent"]]
    assert name in [entry.name for entry in group.entries]
    assert line in page.content.decode()


def test_an_assessment_of_another_protocol_is_explained_by_today_s_and_says_so(at, therapist, record):
    assessment = record(hip_extension("left", 2))
    assert "As today" not in content(at(therapist), assessment)
    Assessment.objects.update(protocol_version="1999.1", facts={})
    text = content(at(therapist), assessment)
    for words in (
        f"As today's protocol {rules.PACK.version} sees it: 1999.1, which judged this assessment, has been replaced.",
        "From the readings alone: what else was known then was not kept.",
        "how far its source was checked is no longer on file",
    ):
        assert words in text


def test_it_is_explained_with_what_was_known_then(at, therapist, record, client_person):
    assessment = record(hip_extension("left", 5))
    Client.objects.filter(pk=client_person.pk).update(date_of_birth=day(2).replace(year=1930))
    page = at(therapist).get(url("assessment", assessment))
    assert page.context["explained"].reasoning.findings[0].code == "hip_extension_limited"  # not at 70 or more


def test_a_reading_that_counts_for_another_finding_is_not_judged_for_this_one():
    reason = rules.Because("straight_leg_raise", "left", 40.0, unit="deg")
    entry = rules.NotFound("hamstring_short", "left", (reason,), "the ankle points to another")
    (group,) = absent_groups([entry], rules.PACK)
    assert (group.title, group.entries[0].because, group.entries[0].why) == ("Not judged", (reason,), entry.why)


def test_numbers_of_a_child_are_not_judged(at, therapist, record, client_person):
    Client.objects.filter(pk=client_person.pk).update(date_of_birth=CHILD)
    client_person.refresh_from_db()
    text = content(at(therapist), record(hip_extension("left", 2)))
    assert "Numbers have no threshold under 18; only grades are judged" in text


DISAGREE = [tape("left", 892), tape("left", 896, 2), tape("right", 876), tape("right", 878, 2), block(7, "left")]


def test_the_ledger_has_every_method_and_what_would_settle_it(at, therapist, record):
    text = content(at(therapist), record(*DISAGREE))
    for words in (
        "These methods disagree",
        "shorter by 17 mm: True leg length (ASIS to medial malleolus)",
        "shorter by 7 mm: Difference by standing block",
        "2 trials a side, spread 4 mm; examiner not named",
        "Against radiographs ICC .683 single",
        "Row 7, <strong>",
        "Not on file: imaging",
        "Repeat the methods that disagree, best by another examiner.",
        "A lift is not to be considered</strong>: no imaging on file.",
    ):
        assert words in text


def test_a_difference_inside_its_error_has_no_side(at, therapist, record):
    text = content(at(therapist), record(tape("left", 892), tape("right", 888), block(3)))
    assert text.count('<span class="quiet">right, inside its error</span>') == 2
    assert "These methods disagree" not in text


def test_without_a_leg_reading_there_is_no_ledger(at, therapist, record):
    assert "method by method" not in content(at(therapist), record(hip_extension()))


@pytest.mark.parametrize("in_error", [False, True])
def test_a_contradiction_stands_on_top_with_its_readings(at, therapist, record, client_person, in_error):
    Client.objects.filter(pk=client_person.pk).update(date_of_birth=CHILD)
    client_person.refresh_from_db()
    assessment = record(tape("left", 700), tape("right", 680))
    if in_error:
        assessments.mark_entered_in_error(assessment=assessment, by=therapist)
    text = content(at(therapist), assessment)
    for words in (
        "Ask: these readings raise a question",
        "A short leg was measured at 11 years: it may still be growing apart.",
        "<li>True leg length (ASIS to medial malleolus): left 700, right 680: 20 mm; error 10 mm</li>",
    ):
        assert (words in text) is not in_error


def test_an_urgent_contradiction_comes_first():
    found = [
        rules.Contradiction("one", "ask", "A question.", ()),
        rules.Contradiction("two", "urgent", "A danger.", (rules.Because("faber", "left", 1.0, unit="0/1"),)),
    ]
    first, second = contradictions_shown(found)
    assert (first.level, first.readings, second.level) == ("urgent", ("FABER, left: positive",), "ask")


def test_an_edited_finding_stands_in_the_therapist_s_words_on_the_record(at, therapist, record, client_person):
    record(hip_extension("left", 5))
    browser = at(therapist)
    browser.post(url("decide", Finding.objects.get(code="hip_extension_limited")), EDIT)
    text = browser.get(reverse("clinic:client", args=[client_person.pk]) + "?tab=assessments").content.decode()
    assert "A little short, left" in text
    assert "Edited" in text


def stricter(threshold):
    bands = [{"from_age": 18, "limits": [{"below": threshold, "grade": "moderate"}]}]
    return {"findings": {"hip_extension_limited": {"bands": bands, "source": "our own audit"}}}


def test_a_later_version_of_the_practice_leaves_the_explanation_as_it_was(at, therapist, owner, record, practice):
    packs.adopt(practice=practice, overrides=stricter(20), why="audit", by=owner)
    assessment = record(hip_extension("left", 15), hip_extension("right", 22))
    packs.adopt(practice=practice, overrides=stricter(25), why="again", by=owner)
    text = content(at(therapist), assessment)
    for words in (
        "Hip extension, left: 15°; threshold 20°",
        "Hip extension, right: 22°; threshold 20°",
        f"{rules.PACK.version}+1",
    ):
        assert words in text
    assert "As today" not in text
