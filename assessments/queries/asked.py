"""Questionnaires that a client is asked to answer in the portal: which are open, and what is asked on which page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessments.models import QuestionnaireRequest, QuestionnaireResponse
from assessments.queries.questionnaires import latest_answer, with_label
from assessments.rules.questionnaires import QUESTIONNAIRES, Questionnaire
from assessments.rules.questionnaires.records import Item
from clinic.models import Client

#: Those whose words stand in the protocol; of the others only a score is kept, so that nobody can be asked.
OFFERED: Mapping[str, Questionnaire] = {key: row for key, row in QUESTIONNAIRES.items() if row.scoring != "typed"}
AT_FIRST = ("nprs", "psfs")  # asked for where a client has answered none yet
STATEMENTS = 6  # on a page of a phone


@dataclass(frozen=True)
class Page:
    """One question, or a short list of statements. `row`: which of the client's own activities, from 1; 0 for none."""

    number: int
    items: tuple[Item, ...] = ()
    row: int = 0

    @property
    def may_be_skipped(self) -> bool:
        return bool(self.items) and all(item.optional for item in self.items)


class Sheet:
    """A request with its questionnaire, the pages that it is asked on, and the draft of the answers."""

    def __init__(self, request: QuestionnaireRequest) -> None:
        self.request = request
        self.questionnaire = OFFERED[request.questionnaire]
        self.answers: dict[str, Any] = request.answers

    @property
    def scoring(self) -> str:
        return self.questionnaire.scoring

    @property
    def activities(self) -> list[dict[str, Any]]:
        return list(self.answers.get("activities", ()))

    @cached_property
    def pages(self) -> list[Page]:
        asked = self.questionnaire
        if asked.own_items:
            return [Page(row, row=row) for row in range(1, max(asked.own_items.least, len(self.activities)) + 1)]
        size = STATEMENTS if asked.scoring == "ticks" else 1
        starts = range(0, len(asked.items), size)
        return [Page(place, asked.items[start : start + size]) for place, start in enumerate(starts, start=1)]

    def page(self, number: int) -> Page | None:
        """One page; also that of one more activity, where more may be named."""
        if self.more_row == number:
            return Page(number, row=number)
        return next((page for page in self.pages if page.number == number), None)

    @property
    def more_row(self) -> int:
        """The row of one more activity; 0 where none can be added now."""
        own, named = self.questionnaire.own_items, len(self.activities)
        return named + 1 if own and own.least <= named < own.most else 0

    def is_answered(self, page: Page) -> bool:
        if page.row:
            return page.row <= len(self.activities)
        if self.scoring == "ticks":
            return all(item.key in self.answers for item in page.items)
        return page.may_be_skipped or all(self.answers.get(item.key) is not None for item in page.items)

    @property
    def open_pages(self) -> list[Page]:
        return [page for page in self.pages if not self.is_answered(page)]

    @property
    def next_page(self) -> Page | None:
        return next(iter(self.open_pages), None)

    @property
    def begun(self) -> bool:
        return bool(self.answers)

    def conflicts(self) -> Iterator[tuple[Item, Item]]:
        """Two answers of which the first cannot be below the second, and is."""
        items = {item.key: item for item in self.questionnaire.items}
        for item in items.values():
            for other in item.at_least:
                low, high = self.answers.get(item.key), self.answers.get(other)
                if low is not None and high is not None and high > low:
                    yield item, items[other]

    def said(self, page: Page) -> list[tuple[str, str]]:
        """What was asked on a page and what is answered so far; of statements only the ticked ones."""
        if page.row:
            rows = self.activities[page.row - 1 : page.row]
            return [(row["activity"], with_label(self.questionnaire, row["score"])) for row in rows]
        if self.scoring == "ticks":
            return [(item.text, "") for item in page.items if self.answers.get(item.key)]
        given = ((item.text, self.answers.get(item.key)) for item in page.items)
        return [(text, "" if value is None else with_label(self.questionnaire, value)) for text, value in given]


def open_requests(client: Client) -> list[QuestionnaireRequest]:
    """Asked and not answered, also those of later days. One query."""
    rows = QuestionnaireRequest.objects.filter(practice_id=client.practice_id, client=client).open()
    return [row for row in rows.select_related("requested_by") if row.questionnaire in OFFERED]


def due(client: Client) -> list[QuestionnaireRequest]:
    """What the client is asked today. One query."""
    today = client.today
    return [row for row in open_requests(client) if row.due_on <= today]


def named_before(client: Client, questionnaire: Questionnaire) -> list[str]:
    """The activities of last time: averages are compared only where they are the same."""
    last = latest_answer(client, questionnaire.key) if questionnaire.own_items else None
    return [row["activity"] for row in last.answers.get("activities", ())] if last else []


def usual(client: Client) -> list[str]:
    """Keys to ask for: those that this client has answered, or the first ones."""
    rows = QuestionnaireResponse.objects.filter(practice_id=client.practice_id, client=client).counting()
    answered = set(rows.order_by().values_list("questionnaire", flat=True).distinct())
    return [key for key in OFFERED if key in answered] or list(AT_FIRST)
