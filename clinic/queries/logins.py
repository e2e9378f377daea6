"""Log-ins of clients: a passkey of their phone instead of the link in a mail."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model

from clinic import links
from clinic.models import AuditEntry, Client, Membership
from clinic.portal import PURPOSE

OURS = re.compile(r"client-([0-9a-f]{32})")
PASSKEY_ADDED = "client.passkey_added"
UNKNOWN = "?"  # the name of a passkey whose device did not say what it is

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


def name_of(client: Client) -> str:
    """The name of the log-in that we make for a client. It is no address: an e-mail that somebody else logs in with,
    on the staff or in the host project, can neither be taken over by it nor stand in its way."""
    return f"client-{client.pk.hex}"


def is_ours(user: AbstractBaseUser) -> bool:
    """Made by us for a client; of two rows of one person it stays when they are merged."""
    return bool(OURS.fullmatch(user.get_username()))


def own_user(client: Client) -> AbstractBaseUser | None:
    """The log-in that we made for this client."""
    if client.user and is_ours(client.user):
        return client.user
    user: Any = get_user_model()
    return user.objects.filter(**{user.USERNAME_FIELD: name_of(client)}).first()


def has_another(client: Client) -> bool:
    """They log in in a way of their own already, which is not ours to add keys to."""
    return client.user is not None and not is_ours(client.user)


def passkeys(client: Client) -> list[Authenticator]:
    """Newest first."""
    rows = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, user_id=client.user_id)
    return [] if client.user_id is None or has_another(client) else list(rows.order_by("-created_at", "-pk"))


def portal_of(user: AbstractBaseUser | AnonymousUser) -> tuple[Client, str] | None:
    """The client whose log-in this is, and a fresh token for their page; None for staff and strangers."""
    if user.pk is None or Membership.objects.filter(user_id=user.pk, is_active=True).exists():
        return None
    client = Client.objects.active().filter(user=user.pk).order_by("-created_at").first()
    return (client, links.sign(PURPOSE, client.pk)) if client else None


def holder_of(user: AbstractBaseUser) -> Client | None:
    """Whose log-in of ours this is, also before its first passkey; for the name that a phone shows beside it."""
    found = OURS.fullmatch(user.get_username())
    return Client.objects.select_related("practice").filter(pk=found[1]).first() if found else None


@dataclass(frozen=True)
class Added:
    """That a passkey was added to a client's page. `passkey`: None where it is gone, or opens another page."""

    at: datetime.datetime
    client: Client
    passkey: Authenticator | None

    @property
    def device(self) -> str:
        """Such as iPhone; empty where it is not known."""
        name = str(self.passkey.data.get("name", "")) if self.passkey else ""
        return "" if name == UNKNOWN else name


def added(entries: Collection[uuid.UUID]) -> dict[uuid.UUID, Added]:
    """By the id of the entry that says so; the client is the one who goes on after a merge. Two queries."""
    found = AuditEntry.objects.filter(pk__in=entries, verb=PASSKEY_ADDED)
    rows = list(found.select_related("client__practice", "client__merged_into__practice"))
    keys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
    there = keys.in_bulk([row.facts["passkey"] for row in rows if "passkey" in row.facts])
    told: dict[uuid.UUID, Added] = {}
    for row in rows:
        client = row.client and (row.client.merged_into or row.client)
        if client is None:
            continue
        passkey = there.get(row.facts.get("passkey", 0))
        theirs = passkey is not None and client.user_id is not None and passkey.user_id == client.user_id
        told[row.pk] = Added(row.created_at, client, passkey if theirs else None)
    return told
