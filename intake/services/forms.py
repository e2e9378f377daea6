"""Which questions a practice asks."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from clinic.models import Practice
from clinic.services import audit
from intake.models import FormVersion
from intake.screening import CONDITIONS, RED_FLAGS, Item
from intake.screening.items import PROTOCOL_FOLDER

SHIPPED = PROTOCOL_FOLDER / "forms" / "first_visit.json"


@transaction.atomic
def current(*, practice: Practice, by: audit.Actor) -> FormVersion:
    """The newest version of the shipped form for `practice`; a new number when the shipped questions changed."""
    schema = shipped_schema()
    key = schema["form"]["key"]
    Practice.objects.select_for_update().get(pk=practice.pk)  # two receptionists make one version
    newest = FormVersion.objects.filter(practice=practice, key=key).order_by("-number").first()
    if newest and newest.schema == schema:
        return newest
    number = newest.number + 1 if newest else 1
    title = schema["form"]["title"]
    version = FormVersion.objects.create(practice=practice, key=key, number=number, title=title, schema=schema)
    audit.record("form_version.added", on=version, by=by, number=number)
    return version


def shipped_schema() -> dict[str, Any]:
    """The form with the wording of what it asks, so that answers can be read with their own questions for ever."""
    questions = {"red_flags": RED_FLAGS, "conditions": CONDITIONS}
    return {
        "form": json.loads(SHIPPED.read_text(encoding="utf-8")),
        "questions": {block: {key: wording(item) for key, item in items.items()} for block, items in questions.items()},
    }


def wording(item: Item) -> dict[str, Any]:
    return {"question": item.question, "help": item.help, "name": item.name, "details": list(item.details)}
