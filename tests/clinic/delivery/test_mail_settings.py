"""The mail service and the bounce mailbox of the environment: complete, or one sentence for what is wrong."""

import importlib.util

import pytest
from django.utils.module_loading import import_string

from clinic.config.environment import Unusable, read
from clinic.config.mail import SERVICES

SMTP = {
    "ENV_FILE": "",
    "DATABASE_URL": "postgres://clinic:secret@db.example:5432/clinic",
    "SECRET_KEY": "s" * 50,
    "PUBLIC_URL": "https://practice.example/",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example:587",
}
POSTMARK = {
    **{name: value for name, value in SMTP.items() if name != "EMAIL_URL"},
    "MAIL_PROVIDER": "postmark", "POSTMARK_SERVER_TOKEN": "server-token", "MAIL_WEBHOOK_SECRET": "w" * 24,
}  # fmt: skip
MAILBOX = {"MAIL_BOUNCE_ADDRESS": "bounces@mail.example", "BOUNCE_MAILBOX_URL": "imaps://b:secret@mail.example/INBOX"}


@pytest.fixture
def settings_of(tmp_path):
    def settings_of(given):
        return read({name: value for name, value in given.items() if value}, base=tmp_path, var=tmp_path).email

    return settings_of


def test_a_mail_service_is_read(settings_of):
    made = settings_of(POSTMARK)
    assert made["EMAIL_BACKEND"] == "anymail.backends.postmark.EmailBackend"
    assert made["MAIL_PROVIDER"] == "postmark"
    assert made["ANYMAIL"]["POSTMARK_SERVER_TOKEN"] == "server-token"
    assert made["ANYMAIL"]["WEBHOOK_SECRET"] == "events:" + "w" * 24
    assert made["ANYMAIL"]["REQUESTS_TIMEOUT"] == 20
    assert import_string(made["EMAIL_BACKEND"])


def test_a_service_that_signs_needs_no_secret_and_takes_one(settings_of):
    signs = {**POSTMARK, "MAIL_PROVIDER": "mailgun", "MAILGUN_API_KEY": "k", "MAILGUN_WEBHOOK_SIGNING_KEY": "s"}
    assert "WEBHOOK_SECRET" in settings_of(signs)["ANYMAIL"]
    made = settings_of({**signs, "MAIL_WEBHOOK_SECRET": "", "MAILGUN_API_URL": "https://api.eu.mailgun.net/v3"})
    assert "WEBHOOK_SECRET" not in made["ANYMAIL"]
    assert made["ANYMAIL"]["MAILGUN_API_URL"] == "https://api.eu.mailgun.net/v3"


def test_without_a_service_mail_leaves_by_smtp(settings_of):
    made = settings_of(SMTP)
    assert made["EMAIL_HOST"] == "mail.example"
    assert (made["MAIL_BOUNCE_ADDRESS"], made["BOUNCE_MAILBOX_URL"]) == ("", "")
    assert "ANYMAIL" not in made


def test_a_bounce_mailbox_is_read(settings_of):
    made = settings_of({**SMTP, **MAILBOX})
    assert {name: made[name] for name in MAILBOX} == MAILBOX


COPY = "copy it from your account at the mail service ({}), or leave MAIL_PROVIDER out."
MAKE = "set it to at least 20 letters and digits, such as `openssl rand -hex 24` prints."
HOW = "such as imaps://user:password@mail.example/INBOX."
LONG = "set it to an address with at most 16 plain letters before the @, such as bounces@mail.example."


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({**POSTMARK, "POSTMARK_SERVER_TOKEN": ""}, "POSTMARK_SERVER_TOKEN is missing: " + COPY.format("postmark")),
        ({**POSTMARK, "MAIL_WEBHOOK_SECRET": ""}, f"MAIL_WEBHOOK_SECRET is missing: {MAKE}"),
        ({**POSTMARK, "MAIL_WEBHOOK_SECRET": "short"}, f"MAIL_WEBHOOK_SECRET is too weak: {MAKE}"),
        ({**POSTMARK, "MAIL_WEBHOOK_SECRET": "a:b@" * 9}, f"MAIL_WEBHOOK_SECRET is too weak: {MAKE}"),
        (
            {**POSTMARK, "EMAIL_URL": SMTP["EMAIL_URL"]},
            "EMAIL_URL and MAIL_PROVIDER are both set: leave one of them out.",
        ),
        (
            {**POSTMARK, "MAIL_PROVIDER": "pigeon"},
            f"MAIL_PROVIDER is 'pigeon': set it to one of {', '.join(SERVICES)}, or leave it out.",
        ),
        (
            {**POSTMARK, "MAIL_PROVIDER": "mailgun", "MAILGUN_API_KEY": "k"},
            "MAILGUN_WEBHOOK_SIGNING_KEY is missing: " + COPY.format("mailgun"),
        ),
        (
            {**SMTP, "BOUNCE_MAILBOX_URL": MAILBOX["BOUNCE_MAILBOX_URL"]},
            "MAIL_BOUNCE_ADDRESS is missing: set it to the address of the bounce mailbox, "
            "such as bounces@mail.example.",
        ),
        (
            {**SMTP, "MAIL_BOUNCE_ADDRESS": "bounces@mail.example"},
            f"BOUNCE_MAILBOX_URL is missing: set it to the mailbox of MAIL_BOUNCE_ADDRESS, {HOW}",
        ),
        *(
            ({**SMTP, **MAILBOX, "MAIL_BOUNCE_ADDRESS": bad}, f"MAIL_BOUNCE_ADDRESS is {bad!r}: {LONG}")
            for bad in ("bounces", "b" * 17 + "@mail.example", "a+b@mail.example", "ü@mail.example")
        ),
        *(
            ({**SMTP, **MAILBOX, "BOUNCE_MAILBOX_URL": bad}, "BOUNCE_MAILBOX_URL cannot be read: set it as in "
             "imaps://user:password@mail.example/INBOX.")
            for bad in (
                "imap://b:secret@mail.example/INBOX", "imaps://mail.example", "imaps://b@mail.example", "imaps://[::1",
                "imaps://b:secret@mail.example:x/", "pop3://b:secret@mail.example/",
            )
        ),
    ],
)  # fmt: skip
def test_each_problem_is_one_sentence_that_says_the_fix(given, sentence, settings_of):
    with pytest.raises(Unusable) as refused:
        settings_of(given)
    assert str(refused.value) == sentence
    assert "secret@" not in sentence


def test_mail_by_amazon_needs_its_library(settings_of, monkeypatch):
    amazon = {**POSTMARK, "MAIL_PROVIDER": "amazon_ses"}
    assert settings_of(amazon)["ANYMAIL"]["AMAZON_SES_CLIENT_PARAMS"]["config"]["retries"] == {"total_max_attempts": 1}
    session = settings_of({**amazon, "AWS_DEFAULT_REGION": "eu-central-1"})["ANYMAIL"]["AMAZON_SES_SESSION_PARAMS"]
    assert session == {"region_name": "eu-central-1"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Unusable, match="install its library with `pip install boto3`"):
        settings_of(amazon)


def test_a_mailbox_of_this_machine_may_go_without_encryption(settings_of):
    url = "imap://b:secret@127.0.0.1:1143/INBOX"
    assert settings_of({**SMTP, **MAILBOX, "BOUNCE_MAILBOX_URL": url})["BOUNCE_MAILBOX_URL"] == url
