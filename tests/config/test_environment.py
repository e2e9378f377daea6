import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from clinic.config.environment import Unusable, read

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "ENV_FILE": "",
    "DATABASE_URL": "postgres://clinic:secret@db.example:5432/clinic",
    "SECRET_KEY": "s" * 50,
    "PUBLIC_URL": "https://practice.example/",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example:587",
}


def problems(tmp_path, **changes) -> str:
    given = {name: value for name, value in {**PRODUCTION, **changes}.items() if value is not None}
    with pytest.raises(Unusable) as refused:
        read(given, base=tmp_path, var=tmp_path)
    return str(refused.value)


def test_a_complete_environment_is_read(tmp_path):
    environment = read(PRODUCTION, base=tmp_path, var=tmp_path)

    assert environment.debug is False
    assert environment.public_url == "https://practice.example"
    assert environment.allowed_hosts == ["practice.example"]
    assert environment.broker_url == PRODUCTION["DATABASE_URL"]
    assert environment.mail_from == "Plumbline <no-reply@practice.example>"
    assert (environment.email["EMAIL_HOST"], environment.email["EMAIL_USE_TLS"]) == ("mail.example", True)
    assert environment.https
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"SECRET_KEY": None},
            "SECRET_KEY is missing: set it to a long random text, such as `openssl rand -base64 48` prints.",
        ),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short: use at least 32 characters."),
        (
            {"PUBLIC_URL": None},
            "PUBLIC_URL is missing: set it to the address people open in the browser, such as https://practice.example.",
        ),
        (
            {"PUBLIC_URL": "http://practice.example"},
            "PUBLIC_URL is 'http://practice.example': health data needs https://, so set it to the address people open "
            "in the browser, such as https://practice.example.",
        ),
        (
            {"EMAIL_URL": None},
            "EMAIL_URL is missing: set it to the mail server, such as smtp+tls://user:password@mail.example:587.",
        ),
        (
            {"EMAIL_URL": "pigeon://user:secret@mail.example"},
            "EMAIL_URL cannot be read: set it to the mail server, such as smtp+tls://user:password@mail.example:587.",
        ),
        (
            {"DATABASE_URL": "mysql://u:secret@db/x"},
            "DATABASE_URL is not a PostgreSQL address: set it to postgres://user:password@host:5432/name, "
            "or leave it out to use the database that comes with the software.",
        ),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe': set it to true or false."),
        *(
            (
                {"CELERY_BROKER_URL": bad},
                "CELERY_BROKER_URL cannot be read: set it as in redis://host:6379/0 or "
                "amqp://user:password@host:5672//, or leave it out to let PostgreSQL be the queue.",
            )
            for bad in ("foo://u:secret@x", "redis", "redis:/host", "amqp://", "redis://host:x/0", "amqp://[u")
        ),
        *(
            ({name: bad}, f"{name} is {bad!r}: set it to a number of mails, 1 or more.")
            for name in ("MAIL_PER_DOMAIN_AND_MINUTE", "MAIL_PER_DOMAIN_ON_FIRST_DAY")
            for bad in ("0", "-1", "many")
        ),
    ],
)
def test_each_problem_is_one_sentence_that_says_the_fix(tmp_path, changes, sentence):
    assert problems(tmp_path, **changes) == sentence


@pytest.mark.parametrize(
    "url", ["redis://h:6379/0", "rediss://:p@h/1", "amqp://u:p@h:5672//", "amqps://u:p@h//", "postgres://u:p@h/queue"]
)
def test_the_brokers_that_are_known(tmp_path, url):
    assert read({**PRODUCTION, "CELERY_BROKER_URL": url}, base=tmp_path, var=tmp_path).broker_url == url


def test_a_broker_that_is_left_blank_is_left_out(tmp_path):
    blank = read({**PRODUCTION, "CELERY_BROKER_URL": " "}, base=tmp_path, var=tmp_path)
    assert blank.broker_url == PRODUCTION["DATABASE_URL"]


def test_the_limits_of_a_domain_are_numbers_and_blanks_around_them_do_no_harm(tmp_path):
    given = {"MAIL_PER_DOMAIN_AND_MINUTE": " 5", "MAIL_PER_DOMAIN_ON_FIRST_DAY": " "}
    assert read({**PRODUCTION, **given}, base=tmp_path, var=tmp_path).mail_limits == {"domain_per_minute": 5}


def test_all_problems_are_told_at_once(tmp_path):
    assert len(problems(tmp_path, SECRET_KEY=None, EMAIL_URL=None, PUBLIC_URL=None).splitlines()) == 3


def test_passwords_are_not_repeated(tmp_path):
    assert "secret@" not in problems(tmp_path, EMAIL_URL="pigeon://u:secret@m", DATABASE_URL="mysql://u:secret@db/x")


def test_a_missing_setting_stops_a_command_with_the_sentence_and_no_traceback():
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    command = [sys.executable, "manage.py", "check"]

    done = subprocess.run(command, cwd=ROOT, env={**keep, **given}, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "SECRET_KEY is missing: set it to a long random text, such as `openssl rand -base64 48` prints.\n"
    )


def test_a_file_gives_what_the_environment_does_not(tmp_path):
    (tmp_path / ".env").write_text("SECRET_KEY=" + "f" * 40 + "\nMAIL_FROM=desk@practice.example\n")
    given = {name: value for name, value in PRODUCTION.items() if name != "ENV_FILE"}

    environment = read(given, base=tmp_path, var=tmp_path)

    assert environment.mail_from == "desk@practice.example"
    assert environment.secret_key == PRODUCTION["SECRET_KEY"]


def test_in_development_a_secret_key_is_made_once_and_kept_private(tmp_path, monkeypatch):
    monkeypatch.setattr("clinic.config.postgres.ensure_running", lambda state: "postgres://u:p@127.0.0.1:1/x")

    first = read({}, base=tmp_path, var=tmp_path / "var")
    again = read({}, base=tmp_path, var=tmp_path / "var")

    assert first.secret_key == again.secret_key
    assert len(first.secret_key) > 50
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert first.debug is True
    assert first.public_url == "http://localhost:8000"
