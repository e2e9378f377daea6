"""By which mail service mail leaves, and what comes back of it: read from the environment, as Django settings.

Names of keys are those of django-anymail. Reports of a service are believed when it signs them, or else when it calls
us with the secret that stands in the address we gave it.
"""

import importlib.util
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import environ

SECONDS = 20  # a mail service is waited for
CALLER = "events"  # https://events:SECRET@practice.example/mail/events/postmark/
SECRET = re.compile(r"[A-Za-z0-9_-]{20,}")
HOW_TO_MAKE_ONE = "set it to at least 20 letters and digits, such as `openssl rand -hex 24` prints."
# Its library knows these by itself, but not where they stand in a file.
AMAZON_SESSION = {
    "aws_access_key_id": "AWS_ACCESS_KEY_ID",
    "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY",
    "region_name": "AWS_DEFAULT_REGION",
}
LONGEST_LOCAL_PART = 16  # of 64 letters, the signed name of a mail takes the rest
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Service:
    """`view`: anymail's reader of its reports. `signed_by`: the key of its signature. `may`: keys that may be set."""

    view: str
    keys: tuple[str, ...] = ()
    signed_by: str = ""
    may: tuple[str, ...] = ()
    library: str = ""


SERVICES = {
    "amazon_ses": Service("AmazonSESTrackingWebhookView", library="boto3"),
    "brevo": Service("BrevoTrackingWebhookView", ("BREVO_API_KEY",)),
    "mailersend": Service("MailerSendTrackingWebhookView", ("MAILERSEND_API_TOKEN",), "MAILERSEND_SIGNING_SECRET"),
    "mailgun": Service(
        "MailgunTrackingWebhookView",
        ("MAILGUN_API_KEY",),
        "MAILGUN_WEBHOOK_SIGNING_KEY",
        ("MAILGUN_SENDER_DOMAIN", "MAILGUN_API_URL"),
    ),
    "mailjet": Service("MailjetTrackingWebhookView", ("MAILJET_API_KEY", "MAILJET_SECRET_KEY")),
    "mailtrap": Service("MailtrapTrackingWebhookView", ("MAILTRAP_API_TOKEN",)),
    "mandrill": Service("MandrillCombinedWebhookView", ("MANDRILL_API_KEY",), "MANDRILL_WEBHOOK_KEY"),
    "postal": Service("PostalTrackingWebhookView", ("POSTAL_API_KEY", "POSTAL_API_URL"), "POSTAL_WEBHOOK_KEY"),
    "postmark": Service(
        "PostmarkTrackingWebhookView", ("POSTMARK_SERVER_TOKEN",), may=("POSTMARK_MESSAGE_STREAM", "POSTMARK_API_URL")
    ),
    "resend": Service("ResendTrackingWebhookView", ("RESEND_API_KEY",), may=("RESEND_API_URL",)),
    "sendgrid": Service(
        "SendGridTrackingWebhookView",
        ("SENDGRID_API_KEY",),
        may=("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY", "SENDGRID_API_URL"),
    ),
    "sparkpost": Service("SparkPostTrackingWebhookView", ("SPARKPOST_API_KEY",), may=("SPARKPOST_API_URL",)),
    "unisender_go": Service(
        "UnisenderGoTrackingWebhookView", ("UNISENDER_GO_API_KEY", "UNISENDER_GO_API_URL"), "UNISENDER_GO_API_KEY"
    ),
}


def service(env: environ.Env, problems: list[str]) -> dict[str, Any]:
    """Settings of the mail service that MAIL_PROVIDER names; empty without one. What is wrong goes to `problems`."""
    name = _value(env, "MAIL_PROVIDER")
    if not name:
        return {}
    known = SERVICES.get(name)
    if known is None:
        problems.append(f"MAIL_PROVIDER is {name!r}: set it to one of {', '.join(SERVICES)}, or leave it out.")
        return {}
    if _value(env, "EMAIL_URL"):
        problems.append("EMAIL_URL and MAIL_PROVIDER are both set: leave one of them out.")
    if known.library and importlib.util.find_spec(known.library) is None:
        problems.append(f"MAIL_PROVIDER is {name!r}: install its library with `pip install {known.library}`.")
    needed = dict.fromkeys([*known.keys, *filter(None, [known.signed_by])])
    problems += [f"{key} is missing: {_service_fix(name)}" for key in needed if not _value(env, key)]
    keys = {key: _value(env, key) for key in [*needed, *known.may] if _value(env, key)}
    return {
        "MAIL_PROVIDER": name,
        "EMAIL_BACKEND": f"anymail.backends.{name}.EmailBackend",
        "ANYMAIL": {
            **keys,
            **_webhook_secret(env, problems, required=not known.signed_by),
            "REQUESTS_TIMEOUT": SECONDS,
            "AMAZON_SES_CLIENT_PARAMS": amazon_client(),
            "AMAZON_SES_SESSION_PARAMS": {
                key: _value(env, of) for key, of in AMAZON_SESSION.items() if _value(env, of)
            },
        },
    }


def amazon_client() -> dict[str, Any]:
    """Made anew each time, because the library writes into it. Its own way of trying again could send a mail twice."""
    retries = {"total_max_attempts": 1}
    return {"config": {"retries": retries, "connect_timeout": SECONDS, "read_timeout": SECONDS}}


def _service_fix(name: str) -> str:
    return f"copy it from your account at the mail service ({name}), or leave MAIL_PROVIDER out."


def _webhook_secret(env: environ.Env, problems: list[str], *, required: bool) -> dict[str, str]:
    secret = _value(env, "MAIL_WEBHOOK_SECRET")
    if not secret and not required:
        return {}
    if not SECRET.fullmatch(secret):
        problems.append(f"MAIL_WEBHOOK_SECRET is {'too weak' if secret else 'missing'}: {HOW_TO_MAKE_ONE}")
    return {"WEBHOOK_SECRET": f"{CALLER}:{secret}"}


def bounces(env: environ.Env, problems: list[str]) -> dict[str, str]:
    """Settings of the bounce mailbox; both are needed, or none."""
    mailbox, address = _value(env, "BOUNCE_MAILBOX_URL"), _value(env, "MAIL_BOUNCE_ADDRESS")
    if mailbox and not _is_mailbox(mailbox):
        # Not repeated: it holds a password.
        problems.append("BOUNCE_MAILBOX_URL cannot be read: set it as in imaps://user:password@mail.example/INBOX.")
    if mailbox and not address:
        problems.append(
            "MAIL_BOUNCE_ADDRESS is missing: set it to the address of the bounce mailbox, such as bounces@mail.example."
        )
    if address and not mailbox:
        problems.append(
            "BOUNCE_MAILBOX_URL is missing: set it to the mailbox of MAIL_BOUNCE_ADDRESS, "
            "such as imaps://user:password@mail.example/INBOX."
        )
    if address and not re.fullmatch(rf"[A-Za-z0-9._-]{{1,{LONGEST_LOCAL_PART}}}@[A-Za-z0-9.-]+", address):
        problems.append(
            f"MAIL_BOUNCE_ADDRESS is {address!r}: set it to an address with at most {LONGEST_LOCAL_PART} plain letters "
            "before the @, such as bounces@mail.example."
        )
    return {"MAIL_BOUNCE_ADDRESS": address, "BOUNCE_MAILBOX_URL": mailbox}


def _is_mailbox(url: str) -> bool:
    try:
        parts = urlsplit(url)
        complete = bool(parts.hostname and parts.username and parts.password) and parts.port != 0
    except ValueError:
        return False
    return complete and (parts.scheme == "imaps" or (parts.scheme == "imap" and parts.hostname in LOCAL_HOSTS))


def _value(env: environ.Env, name: str) -> str:
    return str(env.str(name, default="")).strip()
