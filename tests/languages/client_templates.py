"""Which templates a client sees: what stands in the portal's frame or in a mail, and what these include."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.languages.collect import APPS, ROOT

ROOTS = {"clinic/frames/portal.html", "clinic/mail/base.html", "clinic/mail/base.txt", "clinic/portal/expired.html"}
FOLDERS = ("/portal/", "/mail/")
# For the staff: previews, what was asked of a client, the mail a practice sends to itself, a new member's.
STAFFS = re.compile(r"portal/(?:preview|asked_panel)\w*\.html$|clinic/practice/mail/")
NAMED = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"']+)["']""")
EXTENDS = re.compile(r"""{%\s*extends\s+["']([^"']+)["']""")
ELEMENT = re.compile(r"{%\s*element\s+(\w+)")


def every() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for app in APPS:
        folder = ROOT / app / "templates"
        found |= {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return found


def named_in(text: str) -> Iterator[str]:
    yield from NAMED.findall(text)
    yield from (f"allauth/elements/{name}.html" for name in ELEMENT.findall(text))


def seen_by_clients() -> dict[str, Path]:
    """Name → file."""
    paths = {name: path for name, path in every().items() if not STAFFS.search(name)}
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    parents = {name: set(EXTENDS.findall(text)) for name, text in texts.items()}
    seen = {name for name in texts if name in ROOTS or any(folder in f"/{name}" for folder in FOLDERS)}
    while more := {name for name in texts if parents[name] & seen} - seen:
        seen |= more
    # What these stand in and what they include, but not what else stands in the same frame.
    while more := {inner for name in seen for inner in named_in(texts[name]) if inner in texts} - seen:
        seen |= more
    return {name: paths[name] for name in sorted(seen)}
