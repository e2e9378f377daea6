"""Collects what a client reads into `<app>/locale/es/LC_MESSAGES/django.po` and compiles it: `make languages`.

Django's own command needs GNU gettext, which a bare machine lacks: Babel reads Python here, and templates after Django
has turned them into it. Only apps whose pages a client sees have texts; staff pages are not marked.
"""

from __future__ import annotations

import datetime
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
APPS = ("clinic", "intake", "assessments", "treatments")
LANGUAGES = ("es",)
# `counted(one, many, n)` says a number with its word.
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "counted"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
NO_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
LEFT_OUT = {"migrations", "__pycache__", "static", "locale"}


def sources(app: str) -> Iterator[Path]:
    for path in sorted((ROOT / app).rglob("*")):
        if path.suffix in (".py", ".html", ".txt") and not LEFT_OUT.intersection(path.relative_to(ROOT).parts):
            yield path


def python_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    # Everything between the texts becomes XXXX, which Babel's reader takes for code if each line begins at its margin.
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())


def texts_of(app: str) -> Catalog:
    """What the sources of an app say today, without translations."""
    found = Catalog()
    for path in sources(app):
        code = io.BytesIO(python_of(path).encode())
        try:
            for line, text, comments, context in extract("python", code, KEYWORDS, ("Translators:",)):
                found.add(
                    text, locations=[(str(path.relative_to(ROOT)), line)], auto_comments=comments, context=context
                )
        except (SyntaxError, IndentationError) as broken:
            raise SystemExit(f"{path}: {broken}") from broken
    return found


def file_of(app: str, language: str) -> Path:
    return ROOT / app / "locale" / language / "LC_MESSAGES" / "django.po"


def kept(app: str, language: str) -> Catalog:
    """The committed catalogue; an empty one where there is none."""
    path = file_of(app, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def key(message: object) -> tuple[object, str | None]:
    return message.id, message.context  # type: ignore[attr-defined]


def open_texts(catalogue: Catalog) -> list[str]:
    """Texts without a translation, or with one for the singular only."""
    entries = (message for message in catalogue if message.id)
    return [str(entry.id) for entry in entries if not all(said(entry.string)) or entry.fuzzy]


def said(string: object) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)  # type: ignore[arg-type]


def joined(app: str, language: str) -> Catalog:
    """Today's texts with what was translated of them. What is gone from the sources goes from here."""
    old = {key(message): message.string for message in kept(app, language) if message.id}
    new = Catalog(locale=language, fuzzy=False, charset="utf-8")
    new.header_comment = "# Spanish for clients: plain words, usted. Written by `make languages`; only msgstr by hand."
    for message in texts_of(app):
        if message.id:
            files = sorted({name for name, _ in message.locations})  # without line numbers, which change all the time
            entry = new.add(message.id, locations=[(name, None) for name in files], context=message.context)
            entry.auto_comments = list(message.auto_comments)
            entry.string = old.get(key(message)) or (("", "") if entry.pluralizable else "")
    return new


def compiled(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    catalogue.creation_date = catalogue.revision_date = NO_DAY  # else every compilation is another
    write_mo(out, catalogue)
    return out.getvalue()


def written(catalogue: Catalog) -> str:
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, omit_header=False)
    # No time of day in the head: the same texts give the same file.
    return re.sub(
        r'^"(?!Language: |Plural-Forms|MIME|Content)[A-Z][A-Za-z-]+: .*\n', "", out.getvalue().decode(), flags=re.M
    )


def main() -> int:
    left = 0
    for app in APPS:
        for language in LANGUAGES:
            catalogue, path = joined(app, language), file_of(app, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written(catalogue), encoding="utf-8")
            path.with_suffix(".mo").write_bytes(compiled(kept(app, language)))
            for text in open_texts(catalogue):
                left += 1
                sys.stdout.write(f"{path.relative_to(ROOT)}: not translated: {text}\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
