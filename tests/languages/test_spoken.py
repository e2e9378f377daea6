"""Sentences of data files in another language: by the English, whole things at once, English where nothing is there."""

import json

import pytest

from clinic import spoken
from clinic.packs import PackError
from intake.screening import RED_FLAGS, client_message
from intake.screening import in_language as intake_in
from treatments.planning import LIBRARY, in_language


def file_in(folder, name, **changes):
    document = {"language": name, "version": "1", "about": "for a test", "texts": {"Bridge": "Puente"}, **changes}
    (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_a_whole_exercise_is_said_and_its_keys_stay():
    english, spanish = LIBRARY["bridge"], in_language(LIBRARY["bridge"], "es")
    assert (spanish.name, len(spanish.steps)) == ("Puente", len(english.steps))
    assert not set(spanish.steps) & set(english.steps)
    assert spanish.evidence.sentence != english.evidence.sentence
    assert (spanish.key, spanish.kind, spanish.target, spanish.tags) == (
        english.key, english.kind, english.target, english.tags,
    )  # fmt: skip
    assert english.name == "Bridge", "the library itself stays what it is"


def test_a_question_of_the_screen_keeps_what_is_for_the_clinician():
    english = RED_FLAGS["saddle_numbness"]
    spanish = intake_in(english, "es")
    assert spanish.question.startswith("¿")
    assert (spanish.name, spanish.suspects, spanish.level) == (english.name, english.suspects, english.level)


@pytest.mark.parametrize("language", ["es", "es-mx"])
def test_a_variant_is_read_from_its_language(language):
    assert in_language("Bridge", language) == "Puente"


@pytest.mark.parametrize("language", ["en", "fi", ""])
def test_english_where_nobody_translated(language):
    assert in_language(LIBRARY["bridge"], language) == LIBRARY["bridge"]
    assert client_message("urgent", emergency_number="112", language=language).title == "Please see a doctor soon"


def test_a_sentence_that_was_changed_has_no_translation(tmp_path):
    words = spoken.read(file_in(tmp_path, "es"), spoken=("name",))
    assert words.sentence("Bridge", "es") == "Puente"
    assert words.sentence("Bridge on a ball", "es") == "Bridge on a ball"


def test_a_number_stands_where_it_belongs():
    lines = client_message("emergency", emergency_number="061", language="es").paragraphs
    assert sum("061" in line for line in lines) == 1
    assert not any("{" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("es", {"language": "fr"}, "es.json: language: fr is not the file's name"),
        ("es", {"texts": {"Bridge": ""}}, "es.json: texts.Bridge: is empty"),
        ("es", {"more": 1}, "es.json: unknown key 'more'"),
    ],
)
def test_a_faulty_file_stops_the_start_with_one_line(tmp_path, name, changes, said):
    with pytest.raises(PackError, match=said):
        spoken.read(file_in(tmp_path, name, **changes), spoken=("name",))
