"""What the documents tell people to copy works, and leaves out no setting and no name that is not there."""

import re
from pathlib import Path

import pytest
from django.urls import resolve

from clinic.config.environment import read
from clinic.config.mail import SERVICES
from tests.config.test_environment import PRODUCTION

ROOT = Path(__file__).resolve().parent.parent.parent
MAIL, DEPLOYMENT, EXAMPLE = (ROOT / name for name in ("docs/mail.md", "docs/deployment.md", ".env.example"))
NOT_IN_A_FILE = {"ENV_FILE"}


def blocks(document):
    """The code blocks that begin with a setting."""
    found = re.findall(r"^```\w*\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL)
    return [block for block in found if re.match(r"[A-Z_]+=", block)]


@pytest.mark.parametrize("block", blocks(MAIL), ids=lambda block: block.partition("=")[0])
def test_what_is_copied_into_the_file_of_settings_starts(block, tmp_path):
    (tmp_path / ".env").write_text(block.replace("…", "w" * 48))
    given = {name: value for name, value in PRODUCTION.items() if name != "ENV_FILE"}
    if "MAIL_PROVIDER" in block:
        del given["EMAIL_URL"]
    found = read(given, base=tmp_path, var=tmp_path)
    if "MAIL_PROVIDER" in block:
        assert found.email["ANYMAIL"]["WEBHOOK_SECRET"] == "events:" + "w" * 48


def test_the_example_has_no_comment_behind_a_value():
    settings = re.findall(r"^#?([A-Z_]+=.*)$", EXAMPLE.read_text(), re.MULTILINE)
    assert len(settings) > 10
    assert not [line for line in settings if " #" in line]


def test_every_setting_stands_in_the_example():
    source = (ROOT / "clinic/config/environment.py").read_text()
    read_here = set(re.findall(r'(?:env\.(?:str|list)|_required|boolean|_has)\(\s*"([A-Z_]+)"', source))
    read_here |= set(re.findall(r'"(MAIL_PER_[A-Z_]+)"', source))
    assert len(read_here) > 10
    shown = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE))
    assert read_here - NOT_IN_A_FILE - shown == set()


def test_every_key_of_a_mail_service_stands_in_the_document():
    for name, service in SERVICES.items():
        (line,) = (line for line in MAIL.read_text().splitlines() if line.startswith(f"| `{name}` |"))
        asked = {*service.keys, *service.may, *filter(None, [service.signed_by])}
        assert asked - set(re.findall(r"`([A-Z_]+)`", line)) == set()


def test_what_is_watched_is_there(db, client, settings):
    settings.METRICS_TOKEN = "t" * 20
    answer = client.get("/metrics/", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"}).text
    told = set(re.findall(r"clinic_\w+", DEPLOYMENT.read_text()))
    assert len(told) == 4
    assert told - set(re.findall(r"^# TYPE (\w+)", answer, re.MULTILINE)) == set()
    for page in re.findall(r"^\| `(/\S+)`", DEPLOYMENT.read_text(), re.MULTILINE):
        assert resolve(page)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/mail.md", "docs/deployment.md"])
def test_links_lead_somewhere(document):
    path = ROOT / document
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text()):
        assert (path.parent / link).resolve().exists(), link
