"""The page Protocol: what is in force, what a change would have changed, adopting it, and every version."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments import queries
from assessments.models import PracticePack
from assessments.rules import PACK
from assessments.services import assessments, packs
from assessments.views import protocol_change
from tests.assessments.conftest import day, hip_extension
from tests.people import make_member

SOURCE = {"source": "our own audit"}
HOURS = {"findings": {"prolonged_sitting": {"thresholds": {"hours": 6}, **SOURCE}}}
CODE = "hip_extension_limited"
FINDING = reverse("assessments:protocol_finding", args=[CODE])
PACK_PAGE = reverse("assessments:protocol_pack")
SHIPPED = reverse("assessments:protocol_shipped")
PROTOCOL = reverse("assessments:protocol")
RULE = PACK.rules[CODE]
#: The form of hip extension as it is shipped.
FORM = {
    "band-0-from": 18, "band-0-to": 69, "band-0-0": 10, "band-0-0-sure": 5, "band-0-1": 0,
    "band-1-from": 70, "band-1-to": "",
    "band-1-0": 0, "threshold-side_difference": 13, "source": "", "confidence": RULE.confidence, "text": RULE.text,
    "client_text": RULE.client_text, "why": "", "seen": "",
}  # fmt: skip
WIDER = {**FORM, "band-0-0": 20, "source": "our own audit"}


@pytest.fixture
def take(practice, owner):
    def take(overrides, why="Our audit."):
        return packs.adopt(practice=practice, overrides=overrides, why=why, by=owner)

    return take


@pytest.fixture
def boss(at, owner):
    return at(owner)


@pytest.fixture
def misfit(practice, owner):
    return PracticePack.objects.create(
        practice=practice, number=1, base_version="2025.3", overrides={"findings": {"elbow": {"text": "x"}}},
        why="Long ago.", made_by=owner,
    )  # fmt: skip


def words(answer):
    """The text of a page, without tags, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&#x27;", "'")


def seen_in(answer):
    return re.search(r'name="seen" value="(\w+)"', answer.content.decode())[1]


def shown(answer):
    """The findings on the page."""
    return re.findall(r'<details class="details"[^>]* id="(\w+)"', answer.content.decode())


# --- reading ----------------------------------------------------------------------------------------------------------


def test_every_finding_is_there_with_threshold_source_and_tag_in_words(at, therapist):
    answer = at(therapist).get(PROTOCOL)
    assert sorted(shown(answer)) == sorted(PACK.rules)
    said = words(answer)
    for told in ("18 to 69 years: moderate below", RULE.source, "Evidence weak; confidence moderate", RULE.client_text):
        assert told in said
    assert "our own working value" in said
    assert "The practice has changed nothing in it." in said
    assert PACK.changes["hip_flexion"].source in said
    assert "Orthopaedic opinion from" in said


def test_a_therapist_reads_and_finds_no_way_to_change(at, therapist):
    page = at(therapist).get(PROTOCOL).content.decode()
    assert "Change a threshold" not in page
    assert PACK_PAGE not in page


def test_shipped_and_own_stand_side_by_side(boss, take):
    take(
        {**HOURS, "leg_length": {"block": 6}, "mdc": {"hip_flexion": {"same_examiner": 8, **SOURCE}}}, why="120 clients"
    )
    said = words(boss.get(PROTOCOL))
    assert "Hours a day, from 7 h 6 h changed" in said
    assert "Standing blocks: a difference from 5 mm 6 mm changed" in said
    assert "8 ° same examiner, changed" in said
    assert "Source our own audit Shipped: Boukabache 2021" in said
    assert "How far checked the practice’s own value" in said
    assert f"{PACK.version}+1" in said
    assert "Adopted by Olga" in said
    assert "Why 120 clients" in said


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=hip+extension+lim", [CODE]),
        ("q=SOUCIE", [CODE]),
        ("q=Boukabache", ["prolonged_sitting"]),
        ("q=sitting&group=motion", []),
        ("q=footwear&group=strength_foot_and_exposure", ["unsupportive_footwear"]),
        ("changed=on", ["prolonged_sitting"]),
        ("changed=on&q=ankle", []),
    ],
)
def test_findings_are_looked_up_without_script(boss, take, query, found):
    take(HOURS)
    answer = boss.get(f"{PROTOCOL}?{query}")
    assert shown(answer) == found
    assert f"{len(found)} of {len(PACK.rules)} findings." in words(answer)
    assert ("No finding like that" in words(answer)) == (not found)


@pytest.mark.parametrize("query", ["group=elbow", "q=", "q=%00", "page=x", "group=%F0%9F%98%80"])
def test_a_query_that_makes_no_sense_shows_everything(boss, query):
    answer = boss.get(f"{PROTOCOL}?{query}")
    assert (answer.status_code, len(shown(answer))) == (200, len(PACK.rules))


def test_few_findings_are_shown_opened(boss):
    assert '<details class="details" open' in boss.get(f"{PROTOCOL}?q=footwear").content.decode()
    assert '<details class="details" open' not in boss.get(PROTOCOL).content.decode()


# --- trying and adopting one finding ----------------------------------------------------------------------------------


def test_the_form_stands_as_the_practice_has_it(boss, take):
    limits = [{"grade": "moderate", "below": 12.5}]
    take({"findings": {CODE: {"bands": [{"from_age": 18, "limits": limits}], "source": "ours"}}})
    page = boss.get(FINDING).content.decode()
    assert 'name="band-0-0" value="12.5"' in page
    assert "Shipped: 13°" in page
    assert ">\nours</textarea>" in page


def test_trying_shows_what_would_have_changed_and_writes_nothing(boss, signed):
    signed(hip_extension("left", 15), on=day(2))
    signed(hip_extension("left", 2), on=day(9))
    signed(hip_extension("left", 40), on=day(16))
    answer = boss.post(FINDING, {**WIDER, "try": "1"})
    said = words(answer)
    assert answer.status_code == 200
    assert "1 of 3 signed assessments would have other findings than with what is in force." in said
    assert "Hip extension limited 1 2 1 0 0 0" in said
    assert "+ Added: L Hip extension limited, left, moderate at" in said
    assert "(Hip extension 15°; threshold 20°)" in said
    assert "Other grade or confidence" in said
    assert "Adopt as version 1" in said
    assert not PracticePack.objects.exists()


def test_what_was_seen_is_adopted_and_only_the_difference_is_kept(boss, owner):
    seen = seen_in(boss.post(FINDING, {**WIDER, "try": "1"}))
    answer = boss.post(FINDING, {**WIDER, "seen": seen, "why": "Our audit.", "adopt": "1"})
    assert (answer.status_code, answer.url) == (302, PROTOCOL)
    row = PracticePack.objects.get()
    assert (row.number, row.why, row.made_by) == (1, "Our audit.", owner)
    (entry,) = row.overrides["findings"].values()
    assert set(entry) == {"bands", "source"}
    assert entry["bands"][0]["limits"][0] == {"grade": "moderate", "below": 20, "sure_below": 5}
    assert "Version 1 is in force from now on." in words(boss.get(PROTOCOL))


def test_changing_one_finding_keeps_the_others(boss, take, practice):
    take({**HOURS, "leg_length": {"block": 6}})
    seen = seen_in(boss.post(FINDING, {**WIDER, "try": "1"}))
    boss.post(FINDING, {**WIDER, "seen": seen, "why": "More.", "adopt": "1"})
    overrides = queries.packs.in_force(practice.pk).overrides
    assert (overrides["findings"]["prolonged_sitting"], overrides["leg_length"]) == (
        HOURS["findings"]["prolonged_sitting"], {"block": 6},
    )  # fmt: skip
    assert set(overrides["findings"]) == {"prolonged_sitting", CODE}


def test_a_finding_typed_back_to_shipped_leaves_the_overrides(boss, take, practice):
    take({"findings": {CODE: {"text": "Ours, {side}."}, **HOURS["findings"]}})
    seen = seen_in(boss.post(FINDING, {**FORM, "try": "1"}))
    boss.post(FINDING, {**FORM, "seen": seen, "why": "Back.", "adopt": "1"})
    assert queries.packs.in_force(practice.pk).overrides == HOURS


def test_adopting_unseen_shows_it_first(boss):
    for form in ({**WIDER, "seen": "", "why": "x"}, {**WIDER, "seen": "0" * 64, "why": "x"}):
        answer = boss.post(FINDING, {**form, "adopt": "1"})
        assert (answer.status_code, "Nothing was adopted yet" in words(answer)) == (422, True)
        assert "What it would have changed" in words(answer)
    assert not PracticePack.objects.exists()


def test_what_was_changed_after_trying_is_tried_again(boss):
    seen = seen_in(boss.post(FINDING, {**WIDER, "try": "1"}))
    answer = boss.post(FINDING, {**WIDER, "band-0-0": 30, "seen": seen, "why": "x", "adopt": "1"})
    assert (answer.status_code, "Nothing was adopted yet" in words(answer)) == (422, True)
    assert not PracticePack.objects.exists()


def test_a_version_adopted_in_between_is_seen_before_the_next(boss, take):
    seen = seen_in(boss.post(FINDING, {**WIDER, "try": "1"}))
    take(HOURS)
    answer = boss.post(FINDING, {**WIDER, "seen": seen, "why": "x", "adopt": "1"})
    assert (answer.status_code, "Adopt as version 2" in words(answer)) == (422, True)
    assert PracticePack.objects.count() == 1


def test_one_adopted_at_the_very_moment_is_told(boss, practice, monkeypatch):
    seen = seen_in(boss.post(FINDING, {**WIDER, "try": "1"}))

    def beaten(**given):
        raise packs.EditConflict("is out of date: version 1 was adopted in the meantime")

    monkeypatch.setattr(protocol_change.packs, "adopt", beaten)
    answer = boss.post(FINDING, {**WIDER, "seen": seen, "why": "x", "adopt": "1"})
    assert answer.status_code == 422
    assert "This change is out of date: version 1 was adopted in the meantime. Look at it again." in words(answer)


def test_a_version_needs_a_reason_and_nothing_typed_is_lost(boss):
    seen = seen_in(boss.post(FINDING, {**WIDER, "try": "1"}))
    answer = boss.post(FINDING, {**WIDER, "seen": seen, "adopt": "1"})
    page = answer.content.decode()
    assert (answer.status_code, "Say why; the reason stays beside the version." in page) == (422, True)
    assert 'name="band-0-0" value="20"' in page
    assert seen_in(answer) == seen


@pytest.mark.parametrize(
    ("change", "field", "line"),
    [
        ({"band-0-0": 20}, "Where the numbers come from", "Is missing: say where the new numbers come from."),
        ({"threshold-side_difference": 5}, "Where the numbers come from", "Is missing: say where"),
        ({"band-0-0": ""}, "18 to 69 years: moderate below", "Say a number."),
        ({"band-0-0": "wide"}, "18 to 69 years: moderate below", "This is no number."),
        ({"band-0-0": "nan"}, "18 to 69 years: moderate below", "This is no number."),
        ({"band-0-from": "-1"}, "18 to 69 years: from age", "Ensure this value is greater than or equal to 0."),
        ({"text": ""}, "For the therapist", "Say it in words; it can't be empty."),
        ({"text": "Look at {who}"}, "For the therapist", "Unknown placeholder who."),
        ({"client_text": "{"}, "For the client", "Unknown placeholder with an open brace."),
        ({"client_text": "Confirmed."}, "For the client", "Nothing is called confirmed without imaging."),
        ({"text": "x" * 1001}, "For the therapist", "Ensure this value has at most 1000 characters"),
        ({"confidence": "sure"}, "Confidence", "Select a valid choice."),
        (
            {"band-0-to": 80, **SOURCE}, "70 years and older: from age",
            "70 doesn’t follow on the ages before, which end at 80.",
        ),
        ({"band-0-to": "", **SOURCE}, "70 years and older: from age", "The ages before have no end."),
        ({"band-1-to": 60, **SOURCE}, "70 years and older: to age", "Ages 70 to 60 run backwards."),
        (
            {"band-0-0": -5, "band-0-0-sure": "", **SOURCE}, "18 to 69 years: marked at most",
            "Must be less than -5°, the limit before it.",
        ),
        (
            {"band-0-0-sure": 12, **SOURCE}, "18 to 69 years: moderate, surer below",
            "12° is more than the limit itself, 10°.",
        ),
        (
            {"band-0-0": 300, **SOURCE}, "18 to 69 years: moderate below",
            "300 is outside of what can be measured (-60 to 60°).",
        ),
        (
            {"band-0-0": 1e9, **SOURCE}, "18 to 69 years: moderate below",
            "Is no number between -1000 and 1000.",
        ),
        (
            {"threshold-side_difference": 5000, **SOURCE}, "Less than the other side by",
            "Is no number between -1000 and 1000.",
        ),
        ({}, "", "This is in force already: nothing would change."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_clear_line_and_nothing_typed_is_lost(boss, change, field, line):
    form = {**FORM, "why": "A reason that I typed.", **change}
    answer = boss.post(FINDING, {**form, "try": "1"})
    summary = (
        answer.content.decode().partition('class="banner banner-needs-you error-summary"')[2].partition("</ul>")[0]
    )
    (said,) = re.findall(r"<li>(.*?)</li>", summary)
    assert answer.status_code == 422
    text = re.sub(r"<[^>]+>", "", said).replace("&#x27;", "'")
    assert text.startswith(f"{field} {line}".strip())
    page = answer.content.decode()
    assert "A reason that I typed." in page
    assert all(str(value) in page for value in change.values())
    assert not PracticePack.objects.exists()


def test_everything_that_is_wrong_is_said_in_one_round(boss):
    """What can't be read, limits in no order, ages, a text, and the source that goes with them."""
    wrong = {
        "band-0-0": -5, "band-0-to": 80, "band-1-0": "wide", "threshold-side_difference": "", "text": "Look at {who}.",
        "client_text": "It is structural and confirmed.",
    }  # fmt: skip
    answer = boss.post(FINDING, {**FORM, **wrong, "try": "1"})
    form = answer.context["form"]
    assert set(form.errors) == {
        "band-0-0-sure", "band-0-1", "band-1-from", "band-1-0", "threshold-side_difference", "source", "text",
        "client_text",
    }  # fmt: skip
    page = answer.content.decode()
    for name in form.errors:
        assert re.search(rf'<(input|textarea)[^>]*name="{name}"[^>]*aria-invalid="true"', page)
    assert sum(f'href="#id_{name}"' in page for name in form.errors) == 4
    assert "And 4 more, each marked below." in page
    assert "findings." not in words(answer)
    assert "sure_below" not in words(answer)


def test_thresholds_in_no_order_are_called_by_their_names(boss):
    code = next(key for key, rule in PACK.rules.items() if {"below", "mild_below"} <= set(rule.thresholds))
    url = reverse("assessments:protocol_finding", args=[code])
    page = boss.get(url).context["form"]
    form = {field.html_name: "" if field.value() is None else field.value() for field in page}
    form |= {"threshold-below": float(form["threshold-mild_below"]) + 1, **SOURCE, "try": "1"}
    assert "is more than “Mild below”" in words(boss.post(url, form))


def test_the_source_is_not_called_optional(boss):
    label = boss.get(FINDING).content.decode().partition("Where the numbers come from")[2].partition("</label>")[0]
    assert "optional" not in label


@pytest.mark.parametrize("url", [FINDING, PACK_PAGE, SHIPPED])
def test_a_therapist_is_told_who_changes_the_protocol(at, therapist, receptionist, url):
    answer = at(therapist).get(url)
    assert answer.status_code == 403
    assert "Only the owner changes the protocol." in words(answer)
    assert "another person or practice" not in words(answer)
    assert at(therapist).post(url, {"why": "x", "adopt": "1"}).status_code == 403
    assert "Only the owner" not in words(at(receptionist).get(url))


def test_what_earlier_versions_changed_is_not_of_this_one_s_making(boss, signed, take):
    signed(hip_extension("left", 15))
    limits = [{"grade": "moderate", "below": 20}]
    take({"findings": {CODE: {"bands": [{"from_age": 18, "limits": limits}], **SOURCE}}})
    text = {"findings": {CODE: {"bands": [{"from_age": 18, "limits": limits}], **SOURCE, "text": "Small, {side}."}}}
    said = words(boss.post(PACK_PAGE, {"text": json.dumps(text), "try": "1"}))
    assert "0 of 1 signed assessment would have other findings" in said
    assert "Hip extension limited 1 1 0 0 0 1" in said
    sure = {"findings": {CODE: {"bands": [{"from_age": 18, "limits": limits}], **SOURCE, "confidence": "high"}}}
    said = words(boss.post(PACK_PAGE, {"text": json.dumps(sure), "try": "1"}))
    assert "moderate, moderate confidence becomes high" in said


def test_only_the_newest_are_tried(boss, signed, monkeypatch):
    monkeypatch.setattr(protocol_change, "MOST_TRIED", 2)
    for number in (2, 3, 4):
        signed(hip_extension("left", 15), on=day(number))
    said = words(boss.post(FINDING, {**WIDER, "try": "1"}))
    assert "2 of 2 newest signed assessments" in said
    assert ("2 Mar 2026" in said, "4 Mar 2026" in said) == (False, True)


def test_a_try_reads_the_practice_s_own_assessments(boss, record, other_client, other_therapist):
    theirs = record(hip_extension("left", 15), client=other_client, by=other_therapist)
    assessments.sign(assessment=theirs, by=other_therapist)
    said = words(boss.post(FINDING, {**WIDER, "try": "1"}))
    assert "The practice has no signed assessment yet to try it on." in said
    assert "Otis" not in said


@pytest.mark.parametrize("count", [1, 4])
def test_a_try_costs_the_same_however_many_assessments(boss, signed, django_assert_num_queries, count):
    """Session, user, membership and version; the three of a replay, all at once."""
    for number in range(1, count + 1):
        signed(hip_extension("left", 15), on=day(number))
    with django_assert_num_queries(7):
        boss.post(FINDING, {**WIDER, "try": "1"})


def test_an_unknown_finding_is_404(boss):
    assert boss.get(reverse("assessments:protocol_finding", args=["elbow_bent"])).status_code == 404


@pytest.mark.parametrize("code", sorted(PACK.rules))
def test_every_finding_has_a_form_that_changes_its_text(boss, code):
    page = boss.get(reverse("assessments:protocol_finding", args=[code])).content.decode()
    values = dict(re.findall(r'<input[^>]*name="((?:band|threshold)-[\w-]+)"(?: value="([^"]*)")?', page))
    rule = PACK.rules[code]
    form = {
        **values, "confidence": rule.confidence, "text": f"{rule.text} Ours.", "client_text": rule.client_text,
        "source": "", "seen": "", "why": "", "try": "1",
    }  # fmt: skip
    answer = boss.post(reverse("assessments:protocol_finding", args=[code]), form)
    assert answer.status_code == 200, words(answer)
    assert "Adopt as version 1" in words(answer)
    answer = boss.post(reverse("assessments:protocol_finding", args=[code]), {**form, "text": rule.text})
    assert "This is in force already: nothing would change." in words(answer)  # as shown is as shipped


@pytest.mark.parametrize("hours", [6.1234567, 0.0000001])
def test_a_number_with_many_digits_stands_in_the_form_as_it_is(boss, take, hours):
    """Rounded, it would be changed by whoever sends the form for another reason."""
    take({"findings": {"prolonged_sitting": {"thresholds": {"hours": hours}, **SOURCE}}})
    page = boss.get(reverse("assessments:protocol_finding", args=["prolonged_sitting"])).content.decode()
    assert float(re.search(r'name="threshold-hours" value="([^"]+)"', page)[1]) == hours


# --- a pack file, and back --------------------------------------------------------------------------------------------


def as_file(content, name="own.json"):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return SimpleUploadedFile(name, data, content_type="application/json")


def test_a_file_is_tried_put_into_the_text_and_adopted(boss, practice):
    answer = boss.post(PACK_PAGE, {"file": as_file({**HOURS, "why": "From the file."}), "try": "1"})
    said = words(answer)
    assert "From the file." in said
    assert "prolonged_sitting" in said
    form = {"text": json.dumps(HOURS), "why": "From the file.", "seen": seen_in(answer), "adopt": "1"}
    assert boss.post(PACK_PAGE, form).status_code == 302
    assert queries.packs.in_force(practice.pk).overrides == HOURS


def test_the_text_begins_with_what_is_in_force(boss, take):
    take(HOURS)
    assert "our own audit" in words(boss.get(PACK_PAGE))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "Choose a file, or paste the text of one."),
        ("{", "line 1, column 2: Expecting property name enclosed in double quotes"),
        ("[]", "[] is not of type"),
        ('{"findings": {"elbow": {"text": "x"}}}', "findings.elbow: no such finding"),
        ('{"leg_length": {"imaging": 1}}', "leg_length: unknown key"),
        ('{"mdc": {"hip_flexion": {"same_examiner": 1e999, "source": "x"}}}', "mdc.hip_flexion.same_examiner: is no"),
        ('{"findings": {"\\ud800": {}}}', "findings: has a key with a character that no text has"),
        ('{"why": "\\ud800"}', "why: has a character that no text has"),
        ("{}", "This is in force already: nothing would change."),
    ],
)
def test_a_bad_pack_says_what_and_stays_in_the_field(boss, text, line):
    answer = boss.post(PACK_PAGE, {"text": text, "try": "1"})
    assert answer.status_code == 422
    assert line in words(answer)
    if text:
        assert text.split(":")[0].replace('"', "&quot;") in answer.content.decode()
    assert not PracticePack.objects.exists()


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"\xff\xfe", "The file is not UTF-8 text."), (b" " * 500_001, "The file is larger than 500 kB")],
)
def test_a_file_that_is_none_says_so(boss, content, line):
    answer = boss.post(PACK_PAGE, {"file": as_file(content), "try": "1"})
    assert (answer.status_code, line in words(answer)) == (422, True)


def test_back_to_shipped_is_seen_and_adopted(boss, take, practice, signed):
    limits = [{"grade": "moderate", "below": 20}]
    take({"findings": {CODE: {"bands": [{"from_age": 18, "limits": limits}], **SOURCE}}})
    signed(hip_extension("left", 15))
    first = boss.get(SHIPPED)
    assert "1 of 1 signed assessment would have other findings than with what is in force." in words(first)
    answer = boss.post(SHIPPED, {"seen": seen_in(first), "why": "A new audit.", "adopt": "1"})
    assert answer.status_code == 302
    assert (queries.packs.pack_of(practice.pk), queries.packs.in_force(practice.pk).number) == (PACK, 2)


def test_back_to_shipped_has_nothing_to_do_where_nothing_was_changed(boss):
    answer = boss.get(SHIPPED)
    assert "in force as shipped already" in words(answer)
    assert "Adopt as version" not in words(answer)


# --- versions ---------------------------------------------------------------------------------------------------------


def test_every_version_is_listed_viewed_and_downloaded(at, therapist, take):
    first = take(HOURS, why="First.")
    take({"leg_length": {"block": 6}, "mdc": {"hip_flexion": {"same_examiner": 8, **SOURCE}}}, why="Second.")
    browser = at(therapist)
    said = words(browser.get(reverse("assessments:protocol_versions")))
    assert said.index("Second.") < said.index("First.")
    assert said.count("In force") == 1
    old = browser.get(reverse("assessments:protocol_version", args=[first.pk]))
    assert (shown(old)[0], "Not in force" in words(old)) == ("prolonged_sitting", True)
    file = browser.get(reverse("assessments:protocol_download", args=[first.pk]))
    assert file["Content-Disposition"] == 'attachment; filename="protocol-riverside-1.json"'
    assert json.loads(file.content) == {"why": "First.", **HOURS}


def test_a_downloaded_version_can_be_uploaded_again(boss, take):
    row = take(HOURS)
    take({})
    file = boss.get(reverse("assessments:protocol_download", args=[row.pk])).content
    assert boss.post(PACK_PAGE, {"file": as_file(file), "try": "1"}).status_code == 200


def test_without_versions_the_list_says_so(boss):
    assert "The protocol as shipped" in words(boss.get(reverse("assessments:protocol_versions")))


@pytest.mark.parametrize("name", ["protocol_version", "protocol_download"])
def test_another_practice_s_version_is_404(at, other_practice, take, name):
    row, them = take(HOURS), make_member(other_practice, "owner", "Otto")
    assert at(them).get(reverse(f"assessments:{name}", args=[row.pk])).status_code == 404


# --- a version that no longer fits ------------------------------------------------------------------------------------


def test_a_misfit_is_said_on_the_page_with_its_lines(boss, misfit):
    said = words(boss.get(PROTOCOL))
    assert "The practice’s own version no longer fits" in said
    assert "Version 1 was written for protocol 2025.3." in said
    assert "findings.elbow: no such finding" in said
    assert "Change a threshold" not in said
    assert "No longer fits" in words(boss.get(reverse("assessments:protocol_versions")))
    assert "findings.elbow: no such finding" in words(
        boss.get(reverse("assessments:protocol_version", args=[misfit.pk]))
    )


def test_a_misfit_stands_on_the_dashboard_of_clinicians(at, owner, therapist, receptionist, misfit):
    line = "The practice’s own protocol no longer fits"
    assert line in words(at(owner).get("/"))
    assert line in words(at(therapist).get("/"))
    assert line not in words(at(receptionist).get("/"))


def test_a_fitting_version_is_no_news_on_the_dashboard(boss, take):
    take(HOURS)
    assert "no longer fits" not in words(boss.get("/"))


def test_a_misfit_is_mended_as_a_whole(boss, misfit, practice):
    answer = boss.get(FINDING, follow=True)
    assert answer.redirect_chain == [(PACK_PAGE, 302)]
    assert "findings.elbow: no such finding" in words(answer)
    assert "elbow" in words(answer).partition("Or its text")[2]
    seen = seen_in(boss.post(PACK_PAGE, {"text": json.dumps(HOURS), "try": "1"}))
    boss.post(PACK_PAGE, {"text": json.dumps(HOURS), "seen": seen, "why": "Mended.", "adopt": "1"})
    assert queries.packs.in_force(practice.pk).lines == ()
