"""In which languages clients can be spoken to."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError


def require_spoken(language: str) -> None:
    """Raises ValidationError for a code that no texts are there for; none at all means somebody else's choice."""
    known = dict(settings.LANGUAGES)
    if language and language not in known:
        raise ValidationError({"language": f"“{language}” is no language of ours; there are {', '.join(known)}."})
