"""Reads across answered questionnaires: what somebody answered over time, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from assessments.models import QuestionnaireResponse
from assessments.rules import questionnaires as rules
from clinic.models import Client

SCORE_ONLY = "score_only"


@dataclass(frozen=True)
class Step:
    """One answer beside the one before it. `comparison` None: the first, which has nothing to be judged against."""

    response: QuestionnaireResponse
    comparison: rules.Comparison | None


class Series:
    """One questionnaire of one client over time, oldest first; forms of which only scores are kept by their name."""

    def __init__(self, responses: list[QuestionnaireResponse]) -> None:
        self.responses = responses
        self.latest = responses[-1]
        self.questionnaire = rules.QUESTIONNAIRES.get(self.latest.questionnaire)

    @property
    def name(self) -> str:
        return name_of(self.latest)

    @cached_property
    def steps(self) -> list[Step]:
        """Oldest first."""
        pairs = zip([None, *self.responses], self.responses, strict=False)
        return [Step(row, judge(before, row)) for before, row in pairs]

    @property
    def newest_first(self) -> list[Step]:
        return self.steps[::-1]

    @property
    def since_last(self) -> rules.Comparison | None:
        return self.steps[-1].comparison

    @cached_property
    def since_first(self) -> rules.Comparison | None:
        """Many changes that are each too small may be a large one together."""
        return judge(self.responses[0], self.latest) if len(self.responses) > 2 and self.compares else None

    @property
    def compares(self) -> bool:
        """Whether this one is judged against an earlier one at all."""
        change = self.questionnaire.change if self.questionnaire else None
        return change is not None and change.of == "difference"


def series_of(client: Client) -> list[Series]:
    """Every questionnaire with an answer that counts, in the order in which they are offered."""
    rows = QuestionnaireResponse.objects.filter(practice_id=client.practice_id, client=client).counting()
    groups: dict[tuple[str, str], list[QuestionnaireResponse]] = {}
    for row in rows.select_related("entered_by").order_by("answered_on", "created_at", "id"):
        groups.setdefault((row.questionnaire, rules.same_name(row.name)), []).append(row)
    offered = list(rules.QUESTIONNAIRES)
    order = sorted(groups, key=lambda key: (offered.index(key[0]) if key[0] in offered else len(offered), key))
    return [Series(groups[key]) for key in order]


def series_with(response: QuestionnaireResponse) -> Series | None:
    """The series in which this answer stands; None for one that was entered in error."""
    found = (series for series in series_of(response.client) if response in series.responses)
    return next(found, None)


def marked_in_error(client: Client) -> list[QuestionnaireResponse]:
    """Newest first: they stay visible and count for nothing."""
    rows = QuestionnaireResponse.objects.filter(practice_id=client.practice_id, client=client, entered_in_error=True)
    return list(rows.order_by("-answered_on", "-created_at"))


def latest_answer(client: Client, questionnaire: str) -> QuestionnaireResponse | None:
    rows = QuestionnaireResponse.objects.filter(practice_id=client.practice_id, client=client).counting()
    return rows.filter(questionnaire=questionnaire).first()


def name_of(response: QuestionnaireResponse) -> str:
    """As people read it."""
    known = rules.QUESTIONNAIRES.get(response.questionnaire)
    return response.name or (known.name if known else response.questionnaire)


def answered(response: QuestionnaireResponse) -> rules.Answered:
    return rules.Answered(
        questionnaire=response.questionnaire,
        version=response.version,
        score=float(response.score),
        on=response.answered_on,
        answers=response.answers,
        name=response.name,
    )


def judge(before: QuestionnaireResponse | None, after: QuestionnaireResponse) -> rules.Comparison | None:
    """None where there is nothing earlier and the answer doesn't speak for itself."""
    comparison = rules.compare(answered(before) if before else None, answered(after))
    return None if before is None and comparison.verdict == "not_comparable" else comparison
