"""The mail that a client will get, composed as the engine composes it; nothing is kept and nothing leaves."""

from __future__ import annotations

from clinic.reminders import Letter
from treatments.models import Programme
from treatments.services import home_mail
from treatments.services.home_stretch import HomeStretch


def letter_of(programme: Programme, *, detail: str = "", language: str = "") -> Letter:
    """The mail of the first day that has something to do; with another `MailDetail` or language where given. Its links
    lead nowhere."""
    return home_mail.sample(programme, HomeStretch.key, detail=detail, language=language)
