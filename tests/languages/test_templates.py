"""No text of a template that a client sees stands outside a translation."""

import re

import pytest
from django.template.base import Lexer, TokenType

from tests.languages.client_templates import seen_by_clients

SEEN = seen_by_clients()
WORD = re.compile(r"[A-Za-z]{2,}")
SPOKEN_ATTRIBUTE = re.compile(r"""\b(?:aria-label|title|alt|placeholder|summary|label)=["']([^"']*)["']""")
ARGUMENT = re.compile(r"""\b(?:title|label|summary|unit|caption|hint)=["']([^"']*[a-z]{2}[^"']*)["']""")
SILENT = re.compile(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->|<!DOCTYPE[^>]*>|&#?\w+;")
TAG = re.compile(r"(?s)<[^<>]*>")
NAMES = {"Plumbline", "plumbline"}
BLOCKS = {"blocktranslate", "blocktrans", "comment", "verbatim"}


def untranslated(source):
    """Texts between tags, in attributes that are read out, and given to elements."""
    plain, inside = [], ""
    for token in Lexer(source).tokenize():
        name = token.contents.split(" ")[0] if token.token_type == TokenType.BLOCK else ""
        if inside:
            inside = "" if name == f"end{inside}" else inside
        elif name in BLOCKS:
            inside = name
        elif token.contents == "block body_class":
            inside = "block"
        elif token.token_type == TokenType.TEXT:
            plain.append(token.contents)
        elif token.token_type == TokenType.BLOCK:
            plain.append("…")
            yield from (said for said in ARGUMENT.findall(token.contents) if name == "element")
        else:
            plain.append("…")
    text = SILENT.sub(" ", "".join(plain))
    yield from (said for said in SPOKEN_ATTRIBUTE.findall(text) if WORD.search(said))
    for said in TAG.split(text):
        if WORD.search(said) and said.strip(" ·…") not in NAMES:
            yield said.strip()


@pytest.mark.parametrize("name", SEEN)
def test_every_text_goes_through_translations(name):
    assert list(untranslated(SEEN[name].read_text(encoding="utf-8"))) == []


def test_pages_mails_parts_and_elements_are_looked_at():
    for name in (
        "treatments/portal/today.html",
        "treatments/portal/list.html",
        "intake/start.html",
        "clinic/mail/visit.txt",
        "allauth/elements/alert.html",
        "clinic/forms/error_summary.html",
    ):
        assert name in SEEN


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<p>{% translate "Hello" %} {{ name }}, you too</p>',
        '<button aria-label="Close">{{ x }}</button>',
        '{% element alert title="One is stopped" %}{% endelement %}',
        "{% if a %}Yes{% endif %}",
    ],
)
def test_it_finds_what_is_forgotten(source):
    assert list(untranslated(source))


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Hello" %}',
        "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}",
        '{% element alert title=_("One is stopped") level="info" %}{{ text }}{% endelement %}',
        '<img alt="{{ said }}" src="{% static "x.png" %}">',
    ],
)
def test_it_lets_through_what_is_not_text(source):
    assert not list(untranslated(source))
