"""How people get in: the practice makes accounts, nobody signs up; clients make passkeys for their own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from clinic.queries.logins import holder_of, is_ours, portal_of

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

#: What a client's passkey needs of the log-in pages.
OF_CLIENTS = frozenset({"account_login", "account_logout", "mfa_login_webauthn"})


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


class OwnPageOnly:
    """Middleware. Whoever came in by a client's passkey is sent from every account page to their own one: an address, a
    password or a second factor would make the log-in of one page into one that the practice could be given to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.route.startswith("accounts/") or match.url_name in OF_CLIENTS:
            return None
        if not request.user.is_authenticated or not is_ours(request.user):
            return None
        if found := portal_of(request.user):
            return redirect("treatments:portal", found[1])
        raise Http404


class LogInWithPasskey(LoginWebAuthnForm):
    """A passkey that opens nothing is said on the log-in page; what no browser sends is answered with 400."""

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise BadRequest("A passkey of a shape that no browser sends.") from error
        if self.has_error("credential", "invalid"):
            raise BadRequest("A passkey that is no JSON.")
