"""Log-ins of clients: a passkey of their phone instead of the link in a mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model

from clinic import links
from clinic.models import Client, Membership
from clinic.portal import PURPOSE

OURS = re.compile(r"client-([0-9a-f]{32})")

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
