"""A client opens their page with a passkey. All that is cryptographic is allauth's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import SignupWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.models import Client, Membership
from clinic.queries.logins import PASSKEY_ADDED, has_another, name_of, own_user, passkeys
from clinic.services import audit
from clinic.services.reminders.plan import request

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

MOST = 5
ADDED = "passkey_added"  # the mail that says so; see `passkey_mail`
LONGEST_NAME = 60


def refusal(client: Client, visitor: Any) -> str:
    """Why no passkey can be made here, in a line for whoever holds the page; "" where one can."""
    if visitor.is_authenticated and Membership.objects.filter(user_id=visitor.pk, is_active=True).exists():
        return _("Somebody of the practice is logged in here, and the passkey would be theirs. Use your own phone.")
    if has_another(client):
        return _("You have a log-in of your own already. Log in with it as before.")
    if len(passkeys(client)) >= MOST:
        return _("You have %(most)s passkeys. Remove one first.") % {"most": MOST}
    return ""


@transaction.atomic
def begin(*, client: Client, visitor: Any) -> dict[str, Any]:
    """What the browser needs to make a passkey, as JSON; its challenge waits in the session. Raises ValidationError.

    The log-in that the passkey will be for exists from here on, as the passkey carries its id. It has no password and
    no address; nobody gets in by it, and it is not the client's, before `finish`.
    """
    _require_none(refusal(client, visitor))
    options: dict[str, Any] = auth.begin_registration(own_user(client) or _new_user(client), True)
    return options


@transaction.atomic
def finish(*, client: Client, visitor: Any, credential: str, name: str) -> Authenticator:
    """The passkey that the browser made; the client is told by mail at once, as whoever holds their link can add one.

    Raises ValidationError where it is none, or too late.
    """
    _require_none(refusal(client, visitor))
    current = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    user = own_user(current)
    given = _read(user, credential, name) if user else {}
    if not given:
        raise ValidationError(_("That did not work. Please try once more."))
    made: Authenticator = auth.WebAuthn.add(user, given["name"], given["credential"]).instance
    current.user = user  # type: ignore[assignment]
    current.save(update_fields=["user"])
    client.user = user  # type: ignore[assignment]
    entry = audit.record(PASSKEY_ADDED, on=current, by=client, passkey=made.pk)
    request(kind=ADDED, client=current, subject=entry.pk, by=client)
    return made


@transaction.atomic
def remove(*, client: Client, passkey: int, by: audit.Actor) -> None:
    """Nobody is logged in by the log-in any more; with the last one it goes. One that is not theirs is left alone."""
    current = Client.objects.select_for_update(of=("self",)).select_related("user").get(pk=client.pk)
    theirs = passkeys(current)
    found = next((row for row in theirs if row.pk == passkey), None)
    if found is None:
        return
    found.delete()
    audit.record("client.passkey_removed", on=current, by=by)
    user = current.user
    if user and len(theirs) == 1:
        current.user = None
        current.save(update_fields=["user"])
        user.delete()
    elif user:
        user.set_unusable_password()  # another one, by which every session is known to be of before
        user.save(update_fields=["password"])


@transaction.atomic
def remove_all(*, client: Client, by: Membership) -> None:
    """The practice shuts a way in that somebody else may have made, wherever it is logged in. A new one can be made.

    Raises ValidationError where there is none, or where the log-in is not one that we made.
    """
    current = Client.objects.select_for_update(of=("self",)).select_related("user").get(pk=client.pk)
    if current.user is None or has_another(current):
        raise ValidationError(f"{current} has no passkey here.")
    user, current.user = current.user, None
    current.save(update_fields=["user"])
    user.delete()
    audit.record("client.passkeys_removed", on=current, by=by)


def _read(user: AbstractBaseUser, credential: str, name: str) -> dict[str, Any]:
    """Name and credential, checked against the challenge that waits in the session; empty where it does not fit."""
    form = SignupWebAuthnForm(data={"credential": credential, "name": name[:LONGEST_NAME]}, user=user)
    try:
        return form.cleaned_data if form.is_valid() else {}
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):  # JSON that no browser sends
        return {}


def _require_none(line: str) -> None:
    if line:
        raise ValidationError(line)


def _new_user(client: Client) -> AbstractBaseUser:
    model: Any = get_user_model()
    user: AbstractBaseUser = model(**{model.USERNAME_FIELD: name_of(client)})
    user.set_unusable_password()
    user.save()
    return user
