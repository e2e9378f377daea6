"""What a client reads asks in plain words and names no disease that the screen only suspects."""

import re

import pytest

from intake.screening import CONDITIONS, FIRST_VISIT, RED_FLAGS, client_message
from intake.screening.shipping import wording

ITEMS = {**RED_FLAGS, **CONDITIONS}
CLIENT_MESSAGES = [client_message(level, emergency_number="112") for level in ("emergency", "urgent")]
#: Words of `suspects` that name no disease; a new word there is a disease until it stands here.
ORDINARY = frozenset({
    "a", "abdominal", "another", "around", "axial", "been", "calf", "cause", "childhood", "cord", "damage", "deep",
    "disease", "feet", "for", "growth", "has", "hip", "in", "joint", "leg", "looked", "massage", "nerve", "nervous",
    "no", "not", "of", "or", "other", "plate", "post", "pressure", "probability", "procedure", "psoas", "risk",
    "root", "severe", "slipped", "spinal", "stretch", "system", "test", "that", "the", "work", "yet",
})  # fmt: skip
#: The questions that have to name what they ask for: an illness that the client was told about, or has had.
TOLD = {"recent_infection": {"infection"}, "known_aneurysm": {"aneurysm"}, "hip_joint_disease": {"dislocation"}}
JARGON = (
    "malignan", "tumour", "cauda", "thrombo", "claudicat", "dissection", "osteonecrosis", "spondylo", "stenosis",
    "radicul", "paraesthe", "dysfunction", "symptom", "bilateral", "acute", "chronic", "lumbar", "sacroiliac",
    "abdomen", "compression", "fracture", "suppress", "inflammatory", "lateral", "anticoagul", "septic",
)  # fmt: skip


def words(text):
    return set(re.findall(r"[a-z]+", text.lower()))


def diseases(item):
    return words(item.suspects) - ORDINARY


EVERY_DISEASE = set().union(*(diseases(item) for item in RED_FLAGS.values()))


def test_the_words_for_diseases_are_really_found():
    assert {"cauda", "malignancy", "infection", "aneurysm", "fracture", "thrombosis", "tumour"} <= EVERY_DISEASE
    assert not ORDINARY - {word for item in RED_FLAGS.values() for word in words(item.suspects)}


@pytest.mark.parametrize("message", CLIENT_MESSAGES, ids=lambda message: message.title)
@pytest.mark.parametrize("key", RED_FLAGS)
def test_a_message_that_stops_the_client_names_no_disease_and_repeats_no_answer(message, key):
    text = " ".join((message.title, *message.paragraphs)).lower()
    assert not words(text) & diseases(RED_FLAGS[key])
    assert RED_FLAGS[key].name.lower() not in text
    assert "cancer" not in text


@pytest.mark.parametrize("message", CLIENT_MESSAGES, ids=lambda message: message.title)
def test_a_message_says_whom_to_call_and_that_exercises_wait(message):
    text = " ".join(message.paragraphs)
    assert "112" in text
    assert "do not start any exercises" in text


@pytest.mark.parametrize("calm", ["none", "ask"])
def test_nothing_interrupts_the_client_below_urgent(calm):
    assert client_message(calm, emergency_number="112") is None


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item.key)
def test_a_question_names_nothing_that_is_only_suspected(item):
    assert words(f"{item.question} {item.help}") & EVERY_DISEASE <= TOLD.get(item.key, set())


def test_the_form_itself_names_no_suspected_disease():
    fields = [text for field in FIRST_VISIT.fields for text in (field.label, field.help, field.text)]
    pages = [text for page in FIRST_VISIT.pages for text in (page.title, page.intro)]
    assert not words(" ".join(fields + pages)) & EVERY_DISEASE


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item.key)
def test_what_a_form_keeps_of_a_question_has_no_suspicion_in_it(item):
    assert set(wording(item)) == {"question", "help", "name", "details"}


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item.key)
def test_a_question_reads_well_for_a_lay_person(item):
    """One question, short, without jargon, to which a no is not a double negation."""
    assert re.fullmatch(r"[A-Z][^?]*\?", item.question)
    assert len(item.question.split()) <= 30
    assert re.fullmatch(r"[A-Z].*[.?]", item.help)
    assert len(item.help.split()) <= 32
    assert not [word for word in JARGON if word in f"{item.question} {item.help}".lower()]
    assert not re.search(r"\bunable\b|n't\b|^[^,]*\b(you|your \w+) (not|never|no longer)\b", item.question)


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item.key)
def test_a_name_fits_into_a_clinician_s_sentence(item):
    """Names stand in lists between semicolons, and begin a sentence in capitals."""
    assert item.name[0].islower() or item.name.startswith("Achilles")
    assert not item.name.endswith(".")
    assert ";" not in item.name
    assert "you" not in words(item.name)


def test_each_name_and_question_stands_once():
    assert len({item.name for item in ITEMS.values()}) == len({item.question for item in ITEMS.values()}) == len(ITEMS)
