"""House style that a linter doesn't know."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ["clinic", "intake", "assessments", "treatments"]
PYTHON = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
TEMPLATES = [path for app in APPS for path in (ROOT / app).rglob("templates/**/*.html")]
LIVING_STYLE_PAGE = "elements_page.html"


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_files_stay_short(path):
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_page_templates_stay_short(path):
    assert len(path.read_text().splitlines()) < 80 or path.name == LIVING_STYLE_PAGE


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_have_no_inline_code(path):
    """The content security policy forbids it: it would silently not work. Mail has no policy and needs its styles."""
    if "mail" in path.parts or "mails" in path.parts:
        return
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_posting_form_carries_its_token(path):
    if (
        path.name == "unsubscribe.html"
    ):  # exempt: mail programs post to it without a cookie, the signed link is the proof
        return
    for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.S | re.I):
        assert "csrf_token" in form


def test_the_package_clinic_is_empty():
    """Importing Celery there would take over a host's Celery app."""
    assert (ROOT / "clinic" / "__init__.py").read_text() == ""


def test_no_room_without_a_name_for_it():
    rooms = {path.stem for path in PYTHON} | {path.parent.name for path in PYTHON}
    assert not rooms & {"utils", "helpers", "common", "misc"}


def test_every_dependency_says_why():
    for file in (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"):
        for line in file.read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.fullmatch(r"[\w.\[\],-]+==[\w.]+\s+# .{10,}", line), line
