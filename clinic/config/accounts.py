"""How people get in: the practice makes accounts, nobody signs up; clients make passkeys for their own page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse

from clinic.queries.logins import holder_of, portal_of

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A client comes to their own page, by a fresh link."""
        found = portal_of(request.user)
        url: str = super().get_login_redirect_url(request)
        return reverse("treatments:portal", args=[found[1]]) if found else url


class PasskeyAdapter(DefaultMFAAdapter):
    """What a phone shows beside a passkey, and in the list of all of them."""

    def _get_site_name(self) -> str:
        return "Plumbline"

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        if client := holder_of(user):
            entity |= {"name": f"{client}, {client.practice}", "display_name": f"{client}"}
        return entity
