"""Which questions a practice asks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.models import Practice
from clinic.services import audit
from intake.models import FormVersion, PracticeForm
from intake.screening.questionnaire import read_form
from intake.screening.shipping import DEFAULT, SHIPPED, schema_of


@transaction.atomic
def to_send(*, practice: Practice, by: audit.Actor, form: PracticeForm | str | None = None) -> FormVersion:
    """The newest published version of `form` (a shipped one by its key); of the practice's default without one.

    Raises ValidationError for a form that was never published, is retired, or that nobody knows.
    """
    if form is None:
        form = PracticeForm.objects.filter(practice=practice, is_default=True, retired_at=None).first() or DEFAULT
    if isinstance(form, str):
        return current(practice=practice, by=by, key=form)
    if form.practice_id != practice.pk or form.retired_at:
        raise ValidationError(f"“{form}” is not sent any more. Choose another form.")
    newest = newest_version(practice, form.key)
    if newest is None:
        raise ValidationError(f"“{form}” is not published yet. Publish it first, or choose another form.")
    return newest


@transaction.atomic
def current(*, practice: Practice, by: audit.Actor, key: str = DEFAULT) -> FormVersion:
    """The newest version of a shipped form for `practice`; a new number when the shipped questions changed."""
    return version_of(practice, shipped_schema(key), by)


def version_of(practice: Practice, schema: dict[str, Any], by: audit.Actor) -> FormVersion:
    """The newest version of a form where it has this schema, else a new one."""
    Practice.objects.select_for_update().get(pk=practice.pk)  # two receptionists make one version
    key, title = schema["form"]["key"], schema["form"]["title"]
    newest = newest_version(practice, key)
    if newest and newest.schema == schema:
        return newest
    number = newest.number + 1 if newest else 1
    version = FormVersion.objects.create(practice=practice, key=key, number=number, title=title, schema=schema)
    audit.record("form_version.added", on=version, by=by, number=number)
    return version


def newest_version(practice: Practice, key: str) -> FormVersion | None:
    return FormVersion.objects.filter(practice=practice, key=key).order_by("-number").first()


def shipped_schema(key: str = DEFAULT) -> dict[str, Any]:
    """Raises ValidationError for a key that no shipped form has."""
    if key not in SHIPPED:
        raise ValidationError("There is no such form any more. Choose another.")
    return schema_of(read_form(SHIPPED[key]))
