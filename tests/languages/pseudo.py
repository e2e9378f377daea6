"""A language that nobody speaks: each text with accents, a third longer, and written from right to left.

It goes by the code of Arabic, whose dates Django knows. Every word that still stands there plainly was not translated.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from clinic.models import Practice
from intake.screening.items import TRANSLATIONS as OF_INTAKE
from tests.languages import collect, texts
from treatments.planning.library import TRANSLATIONS as OF_LIBRARY

LANGUAGE = "ar"
PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ACCENTED = "ȦƁĆĎĔƑĞĦĨĴĶŁḾŃŐƤɊŘŞŦŨṼŴẊŶŻȧƀćďĕƒğħĩĵķłḿńőƥɋřşŧũṽŵẋŷż"
TABLE = str.maketrans(PLAIN, ACCENTED)
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|\{\w+\}|<[^>]*>|&#?\w+;)")
DATE_FORMAT = re.compile(r"[A-Za-z](?:[ ,:]+[A-Za-z])*")
FROM_RIGHT, BACK = "\u202e", "\u202c"


def pseudo(text: str) -> str:
    if DATE_FORMAT.fullmatch(text):
        return text
    return "".join(part if KEPT.fullmatch(part) else changed(part) for part in KEPT.split(text))


def changed(part: str) -> str:
    if not re.search(r"[A-Za-z]", part):
        return part
    longer = re.sub(r"([aeiou])", r"\1\1", part)
    return f"{FROM_RIGHT}{longer.translate(TABLE)}{BACK}"


def catalogue() -> Catalog:
    found = Catalog(locale=LANGUAGE)
    for app in collect.APPS:
        for message in collect.texts_of(app):
            if message.id:
                one = pseudo(message.id if isinstance(message.id, str) else message.id[1])
                entry = found.add(message.id, context=message.context)
                entry.string = (one,) * found.num_plurals if entry.pluralizable else one
    return found


@pytest.fixture
def pseudo_language(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every practice speaks it by default from now on."""
    file = tmp_path / LANGUAGE / "LC_MESSAGES" / "django.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(collect.compiled(catalogue()))
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [*settings.LANGUAGES, (LANGUAGE, pseudo("mirrored"))]
    for translations, sentences in ((OF_INTAKE, texts.of_intake), (OF_LIBRARY, texts.of_library)):
        monkeypatch.setitem(translations.words, LANGUAGE, {text: pseudo(text) for text in texts.all_of(sentences())})
    return LANGUAGE


def speak(language: str) -> None:
    Practice.objects.update(language=language)


class Texts(HTMLParser):
    """What a page says, read out or shown: what says itself that it is English, is not looked at."""

    SPOKEN = ("aria-label", "title", "alt", "placeholder")
    WITHOUT_END = {"br", "img", "input", "link", "meta", "hr", "source", "wbr", "col"}

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent: list[bool] = [False]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = self.silent[-1] or tag in ("script", "style") or given.get("lang") == "en"
        silent = silent or given.get("name") == "timezone"  # cities
        if not silent:
            self.said += [given[name] or "" for name in self.SPOKEN if name in given]
        if tag not in self.WITHOUT_END:
            self.silent.append(silent)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.WITHOUT_END:
            self.silent.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.WITHOUT_END:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent[-1]:
            self.said.append(data)


def plain_words(html: str, known: list[str]) -> list[str]:
    """Texts of a page with a word of English letters, without names, zones and addresses."""
    page = Texts()
    page.feed(html)
    return list(dict.fromkeys(one.strip() for one in page.said if re.search(r"[A-Za-z]{3,}", without(one, known))))


def without(text: str, known: list[str]) -> str:
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(name, "")
    return re.sub(r"\S+@\S+|https?://\S+|\b[A-Z]\w+(?:/[\w-]+)+", "", text)
