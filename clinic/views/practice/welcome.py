"""The mail that lets somebody in: the log-in's own way of setting a password, in words that fit."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from clinic.models import Membership

logger = logging.getLogger(__name__)


def welcome(request: HttpRequest, member: Membership) -> bool:
    """Whether the mail left. Who has a password already only gets the address of the practice."""
    user: Any = member.user
    start = settings.PUBLIC_URL.rstrip("/")
    has_password = user.has_usable_password()
    address = reverse("account_login") if has_password else _set_password(user)
    context = {
        "member": member, "practice": member.practice, "by": request.user, "url": start + address,
        "has_password": has_password, "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }  # fmt: skip
    email = getattr(user, user.get_email_field_name())
    try:
        get_adapter(request).send_mail("clinic/practice/mail/welcome", email, context)
    except OSError:  # the mail server; smtplib's errors are OSErrors
        logger.warning("The mail to a new member could not leave.")
        return False
    return True


def _set_password(user: Any) -> str:
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
