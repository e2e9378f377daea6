"""“Anything new?”: the safety questions once more, while a programme runs."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.models import Client, Level
from clinic.problems import InvalidInput, Problem
from clinic.services import audit, safety
from intake.models import Rescreen
from intake.queries.rescreens import known_before
from intake.screening import read_intake, screen_again

SOURCE = "rescreen"


@transaction.atomic
def answer(*, client: Client, answers: Mapping[str, str], nothing_new: bool, by: Client) -> Rescreen:
    """Keep what the client said, for ever, and raise with the practice what follows from it, as an intake does.

    `answers`: yes, no or unsure by red flag; what is not named is as it was. Raises InvalidInput where a flag or an
    answer is unknown, where there is neither an answer nor `nothing_new`, and where “nothing new” contradicts a yes.
    """
    refuse_nonsense(answers, nothing_new)
    referral = screen_again(known_before(client), answers, age=client.age)
    row = Rescreen.objects.create(
        practice_id=client.practice_id, client=client, answers={"red_flags": dict(answers)}, nothing_new=nothing_new,
        referral_level=referral.level, referral_because=list(referral.because),
    )  # fmt: skip
    audit.record("rescreen.answered", on=row, by=by, client=client)
    if referral.level != "none":
        level, because = Level(referral.level), referral.because
        safety.raise_alert(client=client, level=level, because=because, source=SOURCE, source_id=row.pk, by=by)
    return row


def refuse_nonsense(answers: Mapping[str, str], nothing_new: bool) -> None:
    _answers, problems = read_intake({"red_flags": dict(answers)}, path="")
    found = [Problem(problem.path.lstrip("."), problem.message) for problem in problems]
    if nothing_new and any(said != "no" for said in answers.values()):
        found.append(Problem("", _("You answered a question with yes or not sure: send your answers instead.")))
    if not nothing_new and not answers:
        found.append(Problem("", _("Answer what is new, or tap “Nothing new”.")))
    if found:
        raise InvalidInput(found)
