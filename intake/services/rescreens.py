"""“Anything new?”: the safety questions once more, while a programme runs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import facts
from clinic.models import Client, Level, Practice
from clinic.problems import InvalidInput, Problem
from clinic.services import audit, safety
from intake.models import FormVersion, Rescreen
from intake.queries.known import known_now
from intake.screening import read_intake, screen_again
from intake.screening.again import KEY, again_schema
from intake.services import forms

SOURCE = "rescreen"
TWICE = datetime.timedelta(minutes=10)


@transaction.atomic
def answer(*, client: Client, answers: Mapping[str, str], nothing_new: bool, by: Client) -> Rescreen:
    """Keep what the client said, for ever, and raise with the practice what follows from it, as an intake does.

    The same once more within ten minutes is the row that is there. `answers`: yes, no or unsure by red flag; what is
    not named is as it was. Raises InvalidInput where a flag or an answer is unknown, where there is neither an answer
    nor `nothing_new`, and where “nothing new” contradicts a yes.
    """
    refuse_nonsense(answers, nothing_new)
    Client.objects.select_for_update(of=("self",), no_key=True).get(pk=client.pk)  # tapped twice, kept once
    if known := said_just_now(client, answers, nothing_new):
        return known
    referral = screen_again(known_now(client), answers, age=client.age)
    row = Rescreen.objects.create(
        practice_id=client.practice_id, client=client, answers={"red_flags": dict(answers)}, nothing_new=nothing_new,
        referral_level=referral.level, referral_because=list(referral.because), language=client.speaks,
        form_version=words_of(client.practice, by=by),
    )  # fmt: skip
    audit.record("rescreen.answered", on=row, by=by, client=client)
    if referral.level != "none":
        level, because = Level(referral.level), referral.because
        safety.raise_alert(client=client, level=level, because=because, source=SOURCE, source_id=row.pk, by=by)
    facts.changed(client, by=by)
    return row


def words_of(practice: Practice, *, by: audit.Actor) -> FormVersion:
    """The questions as they are asked now; another version of them only where a word changed."""
    newest = forms.newest_version(practice, KEY)
    return newest if newest and newest.schema == again_schema() else forms.version_of(practice, again_schema(), by)


def said_just_now(client: Client, answers: Mapping[str, str], nothing_new: bool) -> Rescreen | None:
    """The last thing said, where it was the same and a moment ago: a button tapped twice, a page sent again."""
    newest = Rescreen.objects.filter(practice_id=client.practice_id, client=client).first()
    if newest is None or newest.created_at < timezone.now() - TWICE:
        return None
    same = (newest.answers["red_flags"], newest.nothing_new) == (dict(answers), nothing_new)
    return newest if same else None


def refuse_nonsense(answers: Mapping[str, str], nothing_new: bool) -> None:
    _answers, problems = read_intake({"red_flags": dict(answers)}, path="")
    found = [Problem(problem.path.lstrip("."), problem.message) for problem in problems]
    if nothing_new and any(said != "no" for said in answers.values()):
        found.append(Problem("", _("You answered a question with yes or not sure: send your answers instead.")))
    if not nothing_new and not answers:
        found.append(Problem("", _("Answer what is new, or tap “Nothing new”.")))
    if found:
        raise InvalidInput(found)
