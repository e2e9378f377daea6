"""PDF from a template's HTML and our own style sheets, by WeasyPrint. Nothing is fetched but our static files.

WeasyPrint needs a library of the system, Pango. Where it is missing everything else works: ask `obstacle()` before
offering a PDF, and show what it says.
"""

from __future__ import annotations

import contextlib
import io
import logging
import mimetypes
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponse

from clinic.models.practice import Paper

MISSING = (
    "A PDF needs Pango on the server (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)."
)
#: Stands for our static files in what WeasyPrint reads; no such host can exist.
STATIC = "http://static.invalid/"
#: A picture that the document brings along as its own address: nothing is fetched.
PICTURES_INSIDE = ("data:image/png;base64,", "data:image/jpeg;base64,")
#: What every PDF begins with; tokens.css brings the colours and the font.
SHEETS = ("clinic/css/tokens.css", "clinic/css/paper.css")
PAGE = {Paper.A4: "A4", Paper.LETTER: "letter"}

logging.getLogger("weasyprint").setLevel(logging.ERROR)  # each of its steps is an INFO, and fontTools' are more
logging.getLogger("fontTools").setLevel(logging.ERROR)


class NoPaper(RuntimeError):
    """No PDF can be made on this machine; the text says what is missing."""


@cache
def obstacle() -> str:
    """Why no PDF can be made here, in one sentence; empty when it can."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints a page of advice before it raises
            import weasyprint  # noqa: F401, PLC0415  (half a second, and a library that may be missing)
    except OSError:
        return MISSING
    return ""


def pdf(
    html: str, css: Sequence[str] = (), *, paper: str, drawings: Sequence[str] = ("clinic/css/figure.css",)
) -> bytes:
    """The document as a tagged PDF (PDF/UA): `html` is a whole document with a language and a title.

    `css` and `drawings` name static files: sheets of the document, and those that colour its inline SVG. `paper` is a
    `Paper`. Raises NoPaper, FileNotFoundError for a sheet that is not there, and ValueError for whatever else the
    document asks for and may not have.
    """
    if why := obstacle():
        raise NoPaper(why)
    import weasyprint  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OurFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(PICTURES_INSIDE):
                return super().fetch(url, headers)
            if not url.startswith(STATIC):
                raise FatalURLFetchingError(f"A PDF reads our static files only, not {url[:60]}")
            try:
                path = static_file(url.removeprefix(STATIC).partition("?")[0])
            except (FileNotFoundError, SuspiciousFileOperation) as error:
                raise FatalURLFetchingError(str(error)) from error  # anything else WeasyPrint passes over
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    common = {"url_fetcher": OurFiles(), "base_url": STATIC}
    fonts = FontConfiguration()
    sheets = [
        weasyprint.CSS(string=f"@page {{ size: {PAGE[Paper(paper)]} }}", font_config=fonts, **common),
        *(
            weasyprint.CSS(
                string=static_file(name).read_text(), font_config=fonts, **{**common, "base_url": STATIC + name}
            )
            for name in (*SHEETS, *css)
        ),
    ]
    document = weasyprint.HTML(string=with_colours(html, tuple(drawings)), **common)
    try:
        made: bytes = document.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:  # no Exception: it would end a process
        raise ValueError(str(error)) from error
    return made


def answer(made: bytes, name: str, *, inline: bool = False) -> HttpResponse:
    """A PDF to download, or to look at. `name` carries nothing about a person: it stays in lists of downloads."""
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def static_file(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"no static file {name}")
    return Path(found)


# --- SVG: WeasyPrint doesn't apply a document's sheets to it, nor knows variables inside ---------------------------

VARIABLE = re.compile(r"(--[\w-]+):\s*([^;}]+);")
FONT = re.compile(r"font: (\S+) (\S+) ([^;]+);")
RULE = re.compile(r"^(\.[^{@]+\{[^{}]+\})", re.MULTILINE)


def with_colours(html: str, drawings: tuple[str, ...]) -> str:
    """Each inline SVG with the rules of `drawings` inside, in the colours of print."""
    style = f"<style>{svg_style(drawings)}</style>"
    return re.sub(r"<svg\b[^>]*>", lambda found: found[0] + style, html)


@cache
def svg_style(drawings: tuple[str, ...]) -> str:
    values = dict(VARIABLE.findall(light(sheet("clinic/css/tokens.css"))))
    values.update(VARIABLE.findall(sheet("clinic/css/print.css")))
    rules = []
    for text in map(sheet, drawings):
        screen, _, printed = text.partition("@media print")
        values.update(VARIABLE.findall(light(screen)))
        values.update(VARIABLE.findall(printed))
        rules += RULE.findall(screen)
    said = "\n".join(rule for rule in rules if not VARIABLE.search(rule))
    for _ in range(3):  # a variable may stand for another
        said = re.sub(r"var\((--[\w-]+)(?:,[^)]*)?\)", lambda found: values.get(found[1], "inherit"), said)
    return FONT.sub(r"font-weight: \1; font-size: \2; font-family: \3;", said)


def sheet(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", static_file(name).read_text(), flags=re.DOTALL)


DARK = re.compile(
    r"@media \(prefers-color-scheme: dark\) \{.*?\n\}\n|:root\[data-theme=\"dark\"\][^{]*\{[^}]*\}", re.DOTALL
)


def light(text: str) -> str:
    """Without what is said for dark screens."""
    return DARK.sub("", text)
