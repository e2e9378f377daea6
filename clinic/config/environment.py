"""The settings that come from outside, read and checked in one place.

Every problem is one sentence that says how to fix it, and all of them are told at once. Without DATABASE_URL this is a
machine for trying and developing: the database, the secret key and the mail catcher are then our own.
"""

import os
import secrets
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from clinic.config import mail, postgres
from clinic.config.postgres_home import PostgresUnavailable

WEB_PORT = 8000
SMTP_PORT = 1025
MAIL_PAGE_PORT = 8025
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
SPOKEN = ("postgres", "postgresql")
BROKERS = ("redis", "rediss", "amqp", "amqps")


class Unusable(Exception):
    """The environment cannot be worked with; the text has one line for each problem."""


@dataclass(frozen=True)
class Environment:
    development: bool
    debug: bool
    secret_key: str
    database_url: str
    broker_url: str
    queue: str
    public_url: str
    allowed_hosts: list[str]
    email: dict[str, Any]
    mail_from: str
    metrics_token: str
    mail_limits: dict[str, int]

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")


def read(given: Mapping[str, str], *, base: Path, var: Path) -> Environment:
    """Raises Unusable. Starts or attaches to the embedded PostgreSQL when there is no DATABASE_URL."""
    env = environ.Env()
    env.ENVIRON = _with_file(given, base)
    reader = _Reader(env, development="DATABASE_URL" not in env.ENVIRON)
    debug = reader.boolean("DEBUG", default=reader.development)
    public_url = reader.public_url()
    secret_key = reader.secret_key(var / "secret_key")
    email, mail_from = reader.email(public_url)
    allowed_hosts = reader.hosts(public_url)
    metrics_token = reader.metrics_token()
    mail_limits = reader.mail_limits()
    broker_url = reader.broker_url()
    database_url = reader.database_url()
    if reader.problems:
        raise Unusable("\n".join(reader.problems))
    if reader.development:
        try:
            database_url = postgres.ensure_running(var / "postgres")
        except PostgresUnavailable as problem:
            raise Unusable(str(problem)) from problem
    return Environment(
        development=reader.development,
        debug=debug,
        secret_key=secret_key,
        database_url=database_url,
        broker_url=broker_url or database_url,
        queue=env.str("CELERY_QUEUE", default="clinic"),
        public_url=public_url,
        allowed_hosts=allowed_hosts,
        email=email,
        mail_from=mail_from,
        metrics_token=metrics_token,
        mail_limits=mail_limits,
    )


def _with_file(given: Mapping[str, str], base: Path) -> MutableMapping[str, str]:
    """The environment, and below it the file `.env` (another one by ENV_FILE, none by an empty ENV_FILE)."""
    values = dict(given)
    name = values.get("ENV_FILE", ".env")
    if name and (base / name).is_file():
        # The library writes into the ENVIRON of the class, which would otherwise be the process's own.
        reader: type[environ.Env] = type("FileReader", (environ.Env,), {"ENVIRON": values})
        reader.read_env(base / name)
    return values


class _Reader:
    """Reads one setting after the other and collects what is wrong, instead of stopping at the first."""

    def __init__(self, env: environ.Env, *, development: bool) -> None:
        self.env = env
        self.development = development
        self.problems: list[str] = []

    def boolean(self, name: str, *, default: bool) -> bool:
        text = self.env.str(name, default=str(default)).strip().lower()
        if text not in ("true", "false", "1", "0", "yes", "no", "on", "off"):
            self.problems.append(f"{name} is {text!r}: set it to true or false.")
        return text in ("true", "1", "yes", "on")

    def _required(self, name: str, fix: str) -> str:
        value: str = self.env.str(name, default="").strip()
        if not value:
            self.problems.append(f"{name} is missing: {fix}")
        return value

    def secret_key(self, file: Path) -> str:
        if self.development and not self.env.str("SECRET_KEY", default=""):
            return _generated_once(file)
        key = self._required("SECRET_KEY", "set it to a long random text, such as `openssl rand -base64 48` prints.")
        if key and len(key) < 32:
            self.problems.append("SECRET_KEY is too short: use at least 32 characters.")
        return key

    def metrics_token(self) -> str:
        token: str = self.env.str("METRICS_TOKEN", default="").strip()
        if token and len(token) < 16:
            self.problems.append("METRICS_TOKEN is too short: use at least 16 characters, or leave it out.")
        return token

    def mail_limits(self) -> dict[str, int]:
        """How much mail one recipient domain gets in a minute, as `CLINIC["reminders"]` wants it."""
        names = {"domain_per_minute": "MAIL_PER_DOMAIN_AND_MINUTE", "domain_first_day": "MAIL_PER_DOMAIN_ON_FIRST_DAY"}
        given = {key: text for key, name in names.items() if (text := self.env.str(name, default="").strip())}
        for key, text in given.items():
            if not text.isdecimal() or int(text) < 1:
                self.problems.append(f"{names[key]} is {text!r}: set it to a number of mails, 1 or more.")
        return {key: int(text) for key, text in given.items() if text.isdecimal()}

    def public_url(self) -> str:
        fix = "set it to the address people open in the browser, such as https://practice.example."
        if self.development:
            url = self.env.str("PUBLIC_URL", default=f"http://localhost:{WEB_PORT}")
        else:
            url = self._required("PUBLIC_URL", fix)
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            self.problems.append(f"PUBLIC_URL is {url!r}: {fix}")
        elif parts.scheme == "http" and f"{parts.hostname}" not in LOCAL_HOSTS and not self.development:
            self.problems.append(f"PUBLIC_URL is {url!r}: health data needs https://, so {fix}")
        return str(url).rstrip("/")

    def email(self, public_url: str) -> tuple[dict[str, Any], str]:
        """Django's settings of mail, and the sender."""
        sender = f"Plumbline <no-reply@{urlsplit(public_url).hostname or 'localhost'}>"
        way_out = mail.service(self.env, self.problems) or ({} if self._has("MAIL_PROVIDER") else self._smtp())
        return {**way_out, **mail.bounces(self.env, self.problems)}, self.env.str("MAIL_FROM", default=sender)

    def _has(self, name: str) -> bool:
        return bool(self.env.str(name, default="").strip())

    def _smtp(self) -> dict[str, Any]:
        fix = "set it to the mail server, such as smtp+tls://user:password@mail.example:587."
        if self.development:
            url = self.env.str("EMAIL_URL", default=f"smtp://127.0.0.1:{SMTP_PORT}")
        else:
            url = self._required("EMAIL_URL", fix)
        try:
            return dict(self.env.email_url_config(url)) if url else {}
        except (ImproperlyConfigured, ValueError):
            # Not repeated: it holds a password.
            self.problems.append(f"EMAIL_URL cannot be read: {fix}")
            return {}

    def hosts(self, public_url: str) -> list[str]:
        own = [urlsplit(public_url).hostname or ""]
        if self.development:
            own += LOCAL_HOSTS
        return [host for host in self.env.list("ALLOWED_HOSTS", default=own) if host]

    def broker_url(self) -> str:
        """Empty where PostgreSQL is the queue."""
        url: str = self.env.str("CELERY_BROKER_URL", default="").strip()
        if url and not _is_broker(url):
            # Not repeated: it holds a password.
            self.problems.append(
                "CELERY_BROKER_URL cannot be read: set it as in redis://host:6379/0 or "
                "amqp://user:password@host:5672//, or leave it out to let PostgreSQL be the queue."
            )
        return url

    def database_url(self) -> str:
        url: str = self.env.str("DATABASE_URL", default="")
        if not self.development and urlsplit(url).scheme not in SPOKEN:
            self.problems.append(
                "DATABASE_URL is not a PostgreSQL address: set it to postgres://user:password@host:5432/name, "
                "or leave it out to use the database that comes with the software."
            )
        return url


def _is_broker(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in SPOKEN or (parts.scheme in BROKERS and bool(parts.hostname) and parts.port != 0)
    except ValueError:  # of the port
        return False


def _generated_once(file: Path) -> str:
    """A secret kept in a private file. Several processes may ask at once: the first one's stays."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        own = file.with_name(f"{file.name}.{os.getpid()}")
        with open(own, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as handle:
            handle.write(secrets.token_urlsafe(48))
        try:
            os.link(own, file)
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return file.read_text()
