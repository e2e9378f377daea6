"""Reads across answered questionnaires: what somebody answered over time, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
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

    @property
    def score(self) -> str:
        return score_in_words(self.response)


class Series:
    """One questionnaire of one client over time, oldest first; forms of which only scores are kept by their name."""

    def __init__(self, responses: list[QuestionnaireResponse]) -> None:
        self.responses = responses
        self.latest = responses[-1]
        self.questionnaire = rules.QUESTIONNAIRES.get(self.latest.questionnaire)

    @property
    def name(self) -> str:
        return name_of(self.latest)

    @property
    def score(self) -> str:
        return score_in_words(self.latest)

    @cached_property
    def steps(self) -> list[Step]:
        """Oldest first."""
        pairs = zip([None, *self.responses], self.responses, strict=False)
        return [Step(row, judge(before, row)) for before, row in pairs]

    @property
    def newest_first(self) -> list[Step]:
        return self.steps[::-1]

    def comparison_of(self, response: QuestionnaireResponse) -> rules.Comparison | None:
        """With the one before it; None for the first."""
        return next((step.comparison for step in self.steps if step.response == response), None)

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


def comparison_of(response: QuestionnaireResponse) -> rules.Comparison | None:
    """With the one before it; None for the first, and for one that counts for nothing."""
    series = series_with(response)
    return series.comparison_of(response) if series else None


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


def score_in_words(response: QuestionnaireResponse) -> str:
    """`5 of 24`, `+3, somewhat better`, `41.5`."""
    known, number = rules.QUESTIONNAIRES.get(response.questionnaire), f"{response.score.normalize():f}"
    if known is None or known.scoring == "typed":
        return number
    if known.lowest < 0:
        return with_label(known, int(response.score))
    return f"{number} of {known.highest:g}"


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


def answers_in_words(response: QuestionnaireResponse) -> Iterator[tuple[str, str]]:
    """What was asked and what was said; of statements only the ticked ones, with nothing beside them."""
    known = rules.QUESTIONNAIRES.get(response.questionnaire)
    texts = {item.key: item.text for item in known.items} if known and known.version == response.version else {}
    yield from ((row["activity"], f"{row['score']}") for row in response.answers.get("activities", ()))
    in_order = sorted(response.answers.items(), key=lambda pair: [*texts, pair[0]].index(pair[0]))
    for key, given in in_order:
        if key != "activities":
            yield texts.get(key, key), "" if given is True else with_label(known, given)


def with_label(known: rules.Questionnaire | None, given: int) -> str:
    """A number and its words; with its sign on a scale that goes both ways."""
    if known is None:
        return f"{given}"
    label = known.labels.get(given)
    number = f"{given:+d}" if known.lowest < 0 and given else f"{given}"
    return f"{number}, {label}" if label else number
