"""Translations and scores of a practice's form: what is laid over its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.models import Membership
from intake.models import PracticeForm
from intake.screening import editing
from intake.screening.questionnaire import form_of, texts
from intake.services import practice_forms


@transaction.atomic
def translate(*, form: PracticeForm, language: str, told: Mapping[str, str], seen: str, by: Membership) -> PracticeForm:
    """Path -> text in `language`; an empty text takes one away. `seen` is `token` of what the editor saw: of a text
    that somebody else translated meanwhile, both stand in the refusal, and nothing is overwritten.

    Raises ValidationError, one line a text.
    """

    def change(body: editing.Body) -> editing.Body:
        known, before = texts(form_of(body)), dict(body.get("translations", {}).get(language, {}))
        was = read_token(seen)
        given = {path: text.replace("\r\n", "\n").strip() for path, text in told.items() if path in known}
        changed = {path: text for path, text in given.items() if text != before.get(path, "")}
        mine = {path: text for path, text in changed.items() if editing.fingerprint(text) != was.get(path, EMPTY)}
        both = [path for path in mine if editing.fingerprint(before.get(path, "")) != was.get(path, EMPTY)]
        if both:
            raise ValidationError([met(known[path], before.get(path, ""), mine[path]) for path in both])
        kept = {path: text for path, text in {**before, **mine}.items() if text and path in known}
        return {**body, "translations": {**body.get("translations", {}), language: kept}}

    return practice_forms.save(form=form, by=by, change=change)


EMPTY = editing.fingerprint("")


def met(source: str, theirs: str, mine: str) -> str:
    return (
        f"Somebody else translated “{source[:60]}” meanwhile: “{theirs[:200]}”. Yours was “{mine[:200]}”; nothing was "
        "overwritten. Type it again if yours is better."
    )


def token(form: PracticeForm, language: str) -> str:
    """What the table was drawn from: fingerprints of what is translated."""
    told = form.body.get("translations", {}).get(language, {})
    pairs = (f"{path}={editing.fingerprint(text)}" for path, text in told.items())
    return "~".join([str(form.revision), *pairs])


def read_token(seen: str) -> dict[str, str]:
    pairs = (pair.rpartition("=") for pair in seen.split("~")[1:])
    return {path: print_ for path, _, print_ in pairs}


@transaction.atomic
def set_scores(*, form: PracticeForm, scores: Sequence[Mapping[str, Any]], seen: str, by: Membership) -> PracticeForm:
    """Raises ValidationError when somebody else changed them meanwhile, InvalidInput for what is no score."""

    def change(body: editing.Body) -> editing.Body:
        if editing.fingerprint(body.get("scores", [])) not in (seen, editing.fingerprint(list(scores))):
            raise ValidationError(
                "Somebody else changed the scores meanwhile. Look at theirs in another tab, then save."
            )
        return {**body, "scores": [dict(score) for score in scores]}

    return practice_forms.save(form=form, by=by, change=change)


def score_token(form: PracticeForm) -> str:
    return editing.fingerprint(form.body.get("scores", []))
