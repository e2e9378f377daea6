"""Phrases that somebody types often: their own, or the whole practice's."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.models import CLINICIANS, Membership
from clinic.services import audit
from treatments.models import Snippet

EDITABLE = ("label", "section", "text")
SECTIONS = ("", "subjective", "objective", "analysis", "plan")


@transaction.atomic
def add_snippet(*, by: Membership, label: str, text: str, section: str = "", shared: bool = False) -> Snippet:
    """One's own, or with `shared` the practice's. Raises ValidationError for a label that is taken or has spaces."""
    if by.role not in CLINICIANS:
        raise ValidationError("Only a clinician of the practice can do this.")
    snippet = Snippet(practice_id=by.practice_id, owner=None if shared else by)
    return store(snippet, by, "snippet.added", label=label, text=text, section=section)


@transaction.atomic
def change_snippet(*, snippet: Snippet, by: Membership, label: str, text: str, section: str = "") -> Snippet:
    require_own(snippet, by)
    return store(snippet, by, "snippet.changed", label=label, text=text, section=section)


@transaction.atomic
def remove_snippet(*, snippet: Snippet, by: Membership) -> None:
    require_own(snippet, by)
    audit.record("snippet.removed", on=snippet, by=by)
    snippet.delete()


def store(snippet: Snippet, by: Membership, verb: str, *, label: str, text: str, section: str) -> Snippet:
    snippet.label, snippet.text, snippet.section = label.strip().lower().lstrip(";"), text.strip(), section
    if section not in SECTIONS:
        raise ValidationError({"section": f"{section!r} is not one of {', '.join(SECTIONS[1:])}."})
    if not snippet.label.replace("-", "").replace("_", "").isalnum():
        raise ValidationError({"label": "Letters and digits, without spaces, such as lbp or gait2."})
    taken = Snippet.objects.filter(practice_id=snippet.practice_id, owner=snippet.owner, label=snippet.label)
    if taken.exclude(pk=snippet.pk).exists():
        raise ValidationError({"label": f"There is a phrase “;{snippet.label}” already."})
    snippet.full_clean()
    snippet.save()
    audit.record(verb, on=snippet, by=by)
    return snippet


def require_own(snippet: Snippet, by: Membership) -> None:
    """The practice's belong to every clinician of it."""
    if by.role not in CLINICIANS or by.practice_id != snippet.practice_id or snippet.owner_id not in (None, by.pk):
        raise ValidationError("This phrase is somebody else’s.")
