"""Log-ins of clients: a passkey of their phone instead of the link in a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model

from clinic import links
from clinic.models import Client, Membership
from clinic.portal import PURPOSE

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


def name_of(client: Client) -> str:
    """The name of the log-in that we make for a client. It is no address: an e-mail that somebody else logs in with,
    on the staff or in the host project, can neither be taken over by it nor stand in its way."""
    return f"client-{client.pk.hex}"


def own_user(client: Client) -> AbstractBaseUser | None:
    """The log-in that we made for this client."""
    user: Any = get_user_model()
    return user.objects.filter(**{user.USERNAME_FIELD: name_of(client)}).first()


def has_another(client: Client) -> bool:
    """They log in in a way of their own already, which is not ours to add keys to."""
    return client.user is not None and client.user.get_username() != name_of(client)


def passkeys(client: Client) -> list[Authenticator]:
    """Newest first."""
    rows = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, user_id=client.user_id)
    return [] if client.user_id is None or has_another(client) else list(rows.order_by("-created_at", "-pk"))


def portal_of(user: AbstractBaseUser | AnonymousUser) -> tuple[Client, str] | None:
    """The client whose log-in this is, and a fresh token for their page; None for staff and strangers."""
    if Membership.objects.filter(user_id=user.pk, is_active=True).exists():
        return None
    client = Client.objects.active().filter(user=user.pk).order_by("-created_at").first()
    return (client, links.sign(PURPOSE, client.pk)) if client else None


def holder_of(user: AbstractBaseUser) -> Client | None:
    """Whose log-in of ours this is, also before its first passkey; for the name that a phone shows beside it."""
    prefix, _, key = user.get_username().partition("-")
    if prefix != "client" or len(key) != 32:
        return None
    try:
        return Client.objects.select_related("practice").filter(pk=key).first()
    except ValueError:
        return None
