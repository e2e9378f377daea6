"""Translations and scores of a practice's form: what is laid over its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from clinic.models import Membership
from intake.models import PracticeForm
from intake.screening.questionnaire import form_of, texts
from intake.screening.seen import Part, Seen
from intake.services import practice_forms

Score = dict[str, Any]


@transaction.atomic
def translate(
    *, form: PracticeForm, language: str, told: Mapping[str, str | None], seen: Seen, by: Membership, tab: str = ""
) -> PracticeForm:
    """Path -> text in `language`; None takes one away. `seen`: what the editor saw of `told_in`.

    Raises Both with the paths of the texts that somebody else translated meanwhile in another way; nothing is written.
    """
    locked = practice_forms.locked_form(form)
    known = texts(form_of(locked.body))
    given = {path: text for path, text in told.items() if path in known}
    laid = met(locked, told_in(locked, language), given, seen, tab)
    kept = {path: text for path, text in laid.items() if path in known}
    translations = {**locked.body.get("translations", {}), language: kept}
    return practice_forms.save(form=locked, by=by, change=lambda body: {**body, "translations": translations}, tab=tab)


@transaction.atomic
def set_scores(
    *, form: PracticeForm, scores: Mapping[str, Score | None], seen: Seen, by: Membership, tab: str = ""
) -> PracticeForm:
    """Key -> score; None takes one away, one that is not named stays. `seen`: what the editor saw of `scores_in`.

    Raises Both with the keys of the scores that somebody else changed meanwhile in another way, nothing is written;
    InvalidInput for what is no score.
    """
    locked = practice_forms.locked_form(form)
    kept = list(met(locked, scores_in(locked), scores, seen, tab).values())
    return practice_forms.save(form=locked, by=by, change=lambda body: {**body, "scores": kept}, tab=tab)


def met(
    locked: PracticeForm, now: Mapping[str, Part], mine: Mapping[str, Part | None], seen: Seen, tab: str
) -> dict[str, Part]:
    """Mine laid over what is stored. An open page that nobody else saved beside meets nobody: it missed an answer."""
    alone = practice_forms.alone_since(locked, tab, seen.revision)
    kept, both = (Seen.of(now, locked.revision) if alone else seen).merged(now, mine)
    if both:
        raise practice_forms.Both(locked, both)
    return kept


def told_in(form: PracticeForm, language: str) -> dict[str, str]:
    return dict(form.body.get("translations", {}).get(language, {}))


def scores_in(form: PracticeForm) -> dict[str, Score]:
    return {score["key"]: score for score in form.body.get("scores", [])}
