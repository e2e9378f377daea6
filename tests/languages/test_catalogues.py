"""Spanish is complete, fresh and fits: what a client reads has a translation, with the same placeholders."""

import json
import re
from string import Formatter

import pytest

from tests.languages import collect, texts

PLACES = re.compile(r"%\(\w+\)[sd]|%%|</?\w+|\{\w+\}")
DATA = {"treatments/library": texts.of_library, "intake/protocol": texts.of_intake}
SAME_IN_BOTH = {"No", "kg"}


def translated(folder):
    return json.loads((collect.ROOT / folder / "translations" / "es.json").read_text(encoding="utf-8"))["texts"]


@pytest.mark.parametrize("app", collect.APPS)
def test_every_text_of_the_sources_is_collected_and_translated(app):
    now = {collect.key(message) for message in collect.texts_of(app) if message.id}
    kept = collect.kept(app, "es")
    there = {collect.key(message) for message in kept if message.id}
    assert sorted(map(str, now - there)) == [], "run `make languages`"
    assert sorted(map(str, there - now)) == [], "run `make languages`"
    assert collect.open_texts(kept) == []


@pytest.mark.parametrize("app", collect.APPS)
def test_texts_are_marked_by_names_that_are_collected(app):
    for path in collect.sources(app):
        for name in re.findall(r"import \w*gettext\w* as (\w+)", path.read_text(encoding="utf-8")):
            assert name in collect.KEYWORDS, path


@pytest.mark.parametrize("app", collect.APPS)
def test_what_is_compiled_is_what_was_written(app):
    compiled = collect.file_of(app, "es").with_suffix(".mo").read_bytes()
    assert compiled == collect.compiled(collect.kept(app, "es")), "run `make languages`"


@pytest.mark.parametrize("app", collect.APPS)
def test_placeholders_and_tags_are_the_same(app):
    for message in collect.kept(app, "es"):
        if message.id:
            for english, spanish in zip(collect.said(message.id), collect.said(message.string), strict=True):
                if not spanish:
                    continue  # another test says so
                assert set(PLACES.findall(english)) == set(PLACES.findall(spanish)), spanish
                assert (english[0] == "\n", english[-1] == "\n") == (spanish[0] == "\n", spanish[-1] == "\n")


def test_apps_agree_on_a_text():
    """Django joins all apps: one word for two things in two apps would be one of them everywhere."""
    said = {}
    for app in collect.APPS:
        for message in collect.kept(app, "es"):
            if message.id:
                assert said.setdefault(collect.key(message), message.string) == message.string, message.id


@pytest.mark.parametrize("folder", DATA)
def test_every_sentence_of_the_data_files_has_its_spanish(folder):
    said, wanted = translated(folder), texts.all_of(DATA[folder]())
    assert [text for text in wanted if text not in said] == []
    assert sorted(set(said) - set(wanted)) == [], "nobody says this any more"


@pytest.mark.parametrize("folder", DATA)
def test_sentences_are_translated_not_copied_and_end_alike(folder):
    for english, spanish in translated(folder).items():
        assert english != spanish or english in SAME_IN_BOTH
        assert {name for _, name, _, _ in Formatter().parse(english)} == {
            name for _, name, _, _ in Formatter().parse(spanish)
        }
        assert english.endswith("?") == spanish.endswith("?"), english
        assert spanish.count("¿") == spanish.count("?"), spanish
        assert english.endswith(".") == spanish.endswith((".", "».")), english
        assert sorted(re.findall(r"\d+", english)) == sorted(re.findall(r"\d+", spanish)) or " 1" in spanish, english


def test_nothing_urgent_is_weaker_in_spanish():
    """The emergency page says: now, hospital, call, do not drive, do not wait, no exercises."""
    from intake.screening import client_message

    said = client_message("emergency", emergency_number="112", language="es")
    whole = " ".join((said.title, *said.paragraphs))
    for word in ("ahora", "hoy mismo", "urgencias", "llame al 112", "No conduzca", "no espere", "ningún ejercicio"):
        assert word in whole, word
