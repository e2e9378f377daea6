"""Signed links: what a client opens from a mail instead of logging in. A link names one row and one purpose."""

from __future__ import annotations

import datetime
import uuid
from functools import cache

from django.conf import settings
from django.core import signing
from django.urls import get_script_prefix, get_urlconf, reverse

TOKEN = "TOKEN"  # noqa: S105  (stands where a token comes)


class BadLink(ValueError):
    """Forged, broken or made for another purpose."""


class ExpiredLink(BadLink):
    """Was good once."""


def sign(purpose: str, row_id: uuid.UUID) -> str:
    """A short URL-safe token; carries an id and a time, nothing about a person."""
    packed = signing.b62_encode(row_id.int)
    return signing.TimestampSigner(salt=f"clinic.links.{purpose}").sign(packed)


def read(purpose: str, token: str, *, max_age: datetime.timedelta | None = None) -> uuid.UUID:
    """The id that was signed for `purpose`. Raises ExpiredLink or BadLink."""
    try:
        packed = signing.TimestampSigner(salt=f"clinic.links.{purpose}").unsign(token, max_age=max_age)
        return uuid.UUID(int=signing.b62_decode(packed))
    except signing.SignatureExpired as error:
        raise ExpiredLink from error
    except (signing.BadSignature, ValueError) as error:
        raise BadLink from error


def absolute(view: str, token: str, *more: object) -> str:
    """The address to print in a mail."""
    path = reverse(view, args=[token, *more]) if more else _path(view, get_urlconf(), get_script_prefix())
    return settings.PUBLIC_URL.rstrip("/") + path.replace(TOKEN, token)


@cache
def _path(view: str, urlconf: str | None, prefix: str) -> str:
    """Once for all the links of a kind of mail: looking an address up costs more than signing it."""
    return reverse(view, args=[TOKEN])
