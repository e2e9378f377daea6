"""Contradictions and reasons in words: both sides, units, who answered; findings as lines."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import rules
from assessments.models import Assessment, Finding
from assessments.templatetags.measures import side_unsaid
from assessments.views.contradictions import contradictions_shown
from assessments.views.evidence import grade_words, note_words, reason_words
from clinic.models import Client, SafetyAlert
from tests.assessments.conftest import block, day, hip_extension, tape

YOUNG = rules.Facts(age=11, red_flags={"child_limp": "yes"})


def reading(measure, side, value=None, unit="mm", **more):
    return rules.Reading(measure, side, value, unit=unit, **more)


def shown(readings, facts=YOUNG):
    reasoning = rules.reason(readings, facts)
    return {one.sentence: one.readings for one in contradictions_shown(reasoning.contradictions, readings)}


@pytest.mark.parametrize(
    ("readings", "line"),
    [
        (
            [reading("leg_length_true", "left", 660), reading("leg_length_true", "right", 675)],
            "True leg length (ASIS to medial malleolus): right 675, left 660: 15 mm; error 10 mm",
        ),
        (
            [
                reading("leg_length_true", "left", 660),
                reading("leg_length_true", "left", 662, trial=2),
                reading("leg_length_true", "right", 675),
            ],
            "True leg length (ASIS to medial malleolus): right 675, left 660 and 662: 13 mm to 15 mm; error 10 mm",
        ),
        (
            [reading("leg_length_difference_block", "left", 9)],
            "Difference by standing block, left shorter: 9 mm; error 5 mm",
        ),
        (
            [reading("hip_internal_rotation", "left", 10, "deg")],
            "Hip internal rotation, left: 10°; below 15°",
        ),
        (
            [reading("hip_internal_rotation", "left", grade="marked", unit="")],
            "Hip internal rotation, left: marked restriction",
        ),
    ],
)
def test_a_contradiction_says_both_sides_and_what_they_were_held_against(readings, line):
    assert [line] in [list(lines) for lines in shown(readings).values()]


def test_without_the_other_side_at_hand_the_difference_is_said():
    readings = [reading("leg_length_true", "left", 660), reading("leg_length_true", "right", 675)]
    (one, *_) = contradictions_shown(rules.reason(readings, YOUNG).contradictions)
    assert one.readings == (
        "True leg length (ASIS to medial malleolus), left: 660 mm, 15 mm less than the other side; error 10 mm",
    )


def test_a_large_difference_is_held_against_what_needs_an_opinion():
    readings = [reading("leg_length_difference_block", "left", 24)]
    lines = shown(readings, rules.Facts(age=40))
    assert lines["A difference of 20 mm or more was read: an orthopaedic opinion, or an explanation, first."] == (
        "Difference by standing block, left shorter: 24 mm; an opinion from 20 mm",
    )


def test_what_hurts_says_how_much():
    facts = rules.Facts(age=70, conditions={"hip_replacement": "yes"}, condition_sides={"hip_replacement": ("left",)})
    readings = [reading("hip_flexion", "left", 90, "deg", pain=6)]
    assert list(shown(readings, facts).values()) == [("Hip flexion, left: 90°, pain 6 of 10",)]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            rules.Because("hip_flexion", "left", 98.25, unit="deg", threshold=110),
            "Hip flexion, left: 98.2°; threshold 110°",
        ),
        (rules.Because("weight_bearing_lunge", "left", 5, unit="cm", threshold=6.5), "5 cm; threshold 6.5 cm"),
        (
            rules.Because("sitting_hours_per_day", None, 8, unit="h", threshold=7),
            "Sitting hours per day: 8 h; threshold 7 h",
        ),
        (rules.Because("faber", "left", 1.0, unit="0/1", threshold=1), "FABER, left: positive"),
        (
            rules.Because("leg_length_difference_block", "left", 3, unit="mm", threshold=5),
            "Difference by standing block, left shorter: 3 mm, inside its error; threshold 5 mm",
        ),
        (rules.Because("later_than_us", None, observed="cold_foot"), "Later than us: cold foot"),
    ],
)
def test_a_threshold_has_its_unit(reason, words):
    assert reason_words(reason).endswith(words)
    on_file = {**{name: getattr(reason, name) for name in reason.__dataclass_fields__}, "added_later": 1}
    assert reason_words(on_file).endswith(words)


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("passive; 6 less than the other side", "passive; 6° less than the other side"),
        ("mean of 2 trials, spread 3.5", "mean of 2 trials, spread 3.5°"),
        ("15 mm less than the other side", "15 mm less than the other side"),
    ],
)
def test_a_note_has_its_units_however_it_was_kept(note, words):
    assert note_words(rules.Because("hip_flexion", "left", 90, unit="deg", note=note)) == words


@pytest.mark.parametrize(
    ("measure", "grade", "words"),
    [
        ("hip_flexion", "mild", "mild restriction"),
        ("hamstring_length", "mild", "mild shortness"),
        ("hip_abductor_strength", "mild", "mild weakness"),
        ("hip_abductor_strength", "none", "no weakness"),
        ("gone_since", "mild", "mild"),
    ],
)
def test_a_grade_is_one_of_something(measure, grade, words):
    assert grade_words(measure, grade) == words


@pytest.mark.parametrize(
    ("side", "text", "unsaid"),
    [
        ("left", "Hip extension limited, left. More.", ""),
        ("left", "Leg-length difference only when unloaded. A finding, left.", "left"),
        (None, "Leg-length readings disagree on the side.", ""),
    ],
)
def test_a_heading_names_the_side_one_way_or_the_other(side, text, unsaid):
    found = rules.Finding("x", side, None, "low", (), rules.Rule("x", 1), "weak", text, "")
    assert side_unsaid(found) == unsaid


@pytest.fixture
def young(client_person):
    Client.objects.filter(pk=client_person.pk).update(date_of_birth=day(2).replace(year=2015))
    client_person.refresh_from_db()


def text_of(at, therapist, assessment):
    return at(therapist).get(reverse("assessments:assessment", args=[assessment.pk])).content.decode()


OPEN = "until a clinician has answered it there"


def test_an_open_question_says_that_it_stands_on_the_record(at, therapist, record, young):
    text = text_of(at, therapist, record(tape("left", 660), tape("right", 675)))
    assert OPEN in text
    assert "Answered by" not in text


def test_an_answered_question_says_quietly_who_answered_it(at, therapist, record, young):
    assessment = record(tape("left", 660), tape("right", 675))
    answered = {"cleared_at": timezone.now(), "cleared_by": therapist, "cleared_note": "Looked at; growing apart."}
    SafetyAlert.objects.filter(source_id=assessment.pk).update(**answered)
    text = text_of(at, therapist, assessment)
    assert f"Answered by Tomas on {timezone.now():%-d %b %Y}: Looked at; growing apart." in text
    assert OPEN not in text
    assert "Ask: these readings raise a question" not in text


def test_what_the_record_does_not_have_is_not_said_to_stand_there(at, therapist, record, young):
    assessment = record(tape("left", 660), tape("right", 675))
    SafetyAlert.objects.filter(source_id=assessment.pk).update(because=["Something else."])
    text = text_of(at, therapist, assessment)
    assert OPEN not in text
    assert "it does not stand on the" in text


def test_two_urgent_contradictions_are_one_banner(at, therapist, record, young):
    rotation = {"measure": "hip_internal_rotation", "side": "left", "value": 10, "position": "prone"}
    assessment = record(tape("left", 660), tape("right", 675), rotation)
    facts = {**assessment.facts, "red_flags": {"child_limp": "yes"}}
    Assessment.objects.filter(pk=assessment.pk).update(facts=facts)
    text = text_of(at, therapist, assessment)
    assert text.count("Urgent: these readings contradict a harmless picture</strong>") == 1
    for words in ("disease of the growing hip first", "no stretch before a doctor saw it"):
        assert words in text


def test_methods_that_disagree_stand_at_the_finding_with_their_sides(at, therapist, record):
    text = text_of(at, therapist, record(tape("left", 892), tape("right", 872), block(7, "left")))
    for words in ("right shorter: 20 mm; threshold 10 mm</p>", "left shorter: 7 mm; threshold 5 mm</p>"):
        assert words in text


@pytest.mark.parametrize(
    ("rows", "side"),
    [
        ([tape("left", 892), tape("right", 888), block(9)], "right"),
        ([tape("left", 888), tape("right", 892), block(9)], "left"),
        ([block(3, "left")], "left"),
        ([block(3, "right")], "right"),
    ],
)
def test_a_difference_inside_its_error_names_its_side_quietly(at, therapist, record, rows, side):
    assert f'<span class="quiet">{side}, inside its error</span>' in text_of(at, therapist, record(*rows))


def test_a_decided_finding_is_one_line_that_opens(at, therapist, record):
    assessment = record(hip_extension("left", 2))
    finding, browser = Finding.objects.get(code="hip_extension_limited"), at(therapist)
    decide = reverse("assessments:decide", args=[finding.pk])
    page = browser.post(decide, {"decision": "accepted"}, follow=True).content.decode()
    card = page.split(f'id="finding-{finding.pk}"')[1].split("</article>")[0]
    assert card.split("</summary>")[0].count("<details") == 1
    assert "Accepted" in card.split("</summary>")[0]
    assert '<details class="details" open' not in card
    refused = browser.post(decide, {"decision": "rejected", "reason": " "}).content.decode()
    card = refused.split(f'id="finding-{finding.pk}"')[1].split("</article>")[0]
    assert card.lstrip("> \n").startswith('<details class="details" open')
    assert text_of(at, therapist, assessment).count("Undecided") == 0


@pytest.mark.parametrize(("level", "locked"), [("urgent", True), ("ask", False), (None, False)])
def test_the_record_says_what_an_urgent_flag_stops(at, therapist, client_person, level, locked):
    Client.objects.filter(pk=client_person.pk).update(email="ada@example.org")
    if level:
        SafetyAlert.objects.create(
            practice=client_person.practice, client=client_person, level=level, because=["Fever."],
            source="assessment", source_id=client_person.pk,
        )  # fmt: skip
    record = reverse("clinic:client", args=[client_person.pk])
    text = at(therapist).get(record).content.decode()
    assert ("Paused: question open" in text.split("Reminders</dt>")[1]) is locked
    text = at(therapist).get(record + "?tab=programme").content.decode()
    assert ("Locked" in text) is locked
    assert ("Make a programme" in text) is not locked


def test_a_visit_entered_late_leaves_the_rule_in_its_protocol(at, therapist, record):
    """What is worked out anew may differ; how far the source of the rule was checked does not."""
    assessment = record(hip_extension("left", 2))
    Finding.objects.filter(code="hip_extension_limited").update(confidence="high")
    text = text_of(at, therapist, assessment)
    assert "As today's records show it" in text
    assert "The threshold: our own working value." in text
    assert "is not in today's protocol" not in text


def test_while_typing_it_will_stand_on_the_record(at, therapist, client_person, young, record):
    sheet = reverse("assessments:preview_new", args=[client_person.pk])
    typed = {
        "assessed_on": "2026-03-02",
        "leg_length_difference_block-1-one-value": "9",
        "leg_length_difference_block-1-shorter": "left",
    }
    text = at(therapist).post(sheet, typed, headers={"HX-Request": "true"}).content.decode()
    assert "when you save" in text
    assert OPEN not in text
    assert not SafetyAlert.objects.exists()
