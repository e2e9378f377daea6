"""Asking a client for a questionnaire, and what they answer in the portal, page by page, until they send it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import QuestionnaireRequest, QuestionnaireResponse
from assessments.queries.asked import OFFERED, Page, Sheet
from assessments.rules.questionnaires.scoring import NOT_TEXT, same_name
from assessments.services.asked_mail import plan_after_asking
from assessments.services.questionnaires import record, require_clinician
from clinic.models import Client, Membership
from clinic.problems import InvalidInput, Problem
from clinic.services import audit

A_YEAR = datetime.timedelta(days=366)
A_SLIP = datetime.timedelta(hours=1)


@transaction.atomic
def ask(
    *, client: Client, questionnaires: Sequence[str], due_on: datetime.date, by: Membership
) -> list[QuestionnaireRequest]:
    """The client sees them from `due_on` on, and hears of them by one mail. Raises ValidationError; one that is open
    already is not asked twice, and one that was just withdrawn is taken up again, so that it is not said twice."""
    require_clinician(client, by)
    if client.archived_at:
        raise ValidationError(f"{client} is archived and has no page to answer on.")
    if not questionnaires or not set(questionnaires) <= set(OFFERED):
        raise ValidationError(f"Choose at least one of {', '.join(row.abbreviation for row in OFFERED.values())}.")
    if not client.today <= due_on <= client.today + A_YEAR:
        raise ValidationError("Choose a day from today on, within a year.")
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    rows = QuestionnaireRequest.objects.filter(practice_id=client.practice_id, client=client).open()
    there = set(rows.values_list("questionnaire", flat=True))
    if twice := [OFFERED[key].abbreviation for key in questionnaires if key in there]:
        raise ValidationError(f"Asked for already, and not answered yet: {', '.join(twice)}.")
    made = [_asked(client, key, due_on, by) for key in dict.fromkeys(questionnaires)]
    for row in made:
        audit.record("questionnaire.asked", on=row, by=by, client=client, due_on=due_on.isoformat())
    plan_after_asking(client)
    return made


def _asked(client: Client, key: str, due_on: datetime.date, by: Membership) -> QuestionnaireRequest:
    common = {"practice_id": client.practice_id, "client": client, "questionnaire": key}
    just = QuestionnaireRequest.objects.filter(**common, withdrawn_at__gt=timezone.now() - A_SLIP, due_on=due_on)
    row = just.order_by("-withdrawn_at").first()
    if row is None:
        return QuestionnaireRequest.objects.create(**common, due_on=due_on, requested_by=by)
    row.withdrawn_at, row.requested_by = None, by
    row.save(update_fields=["withdrawn_at", "requested_by"])
    return row


@transaction.atomic
def withdraw(*, request: QuestionnaireRequest, by: Membership) -> QuestionnaireRequest:
    """The client is asked no more. Raises ValidationError where they have answered."""
    current = _current(request)
    require_clinician(current.client, by)
    if current.response_id:
        raise ValidationError("The client has answered it already.")
    if current.withdrawn_at is None:
        current.withdrawn_at, current.answers = timezone.now(), {}
        current.save(update_fields=["withdrawn_at", "answers"])
        audit.record("questionnaire.withdrawn", on=current, by=by, client=current.client)
    return current


@transaction.atomic
def keep(*, request: QuestionnaireRequest, page: int, given: Mapping[str, Any], by: Client) -> QuestionnaireRequest:
    """What was answered on one page, as a draft: nobody else sees it, so it has no audit row.

    `given`: `{"value": "5"}`; `{"ticked": ["3", "17"]}`; `{"activity": "Socks", "value": "4"}`, or `{"remove": True}`.
    Raises InvalidInput with lines for the client, by field; ValidationError where it is closed or has no such page.
    """
    current = _current(request)
    sheet = _open_sheet(current, by)
    shown = sheet.page(page)
    if shown is None:
        raise ValidationError(_("There is no such page."))
    current.answers = KEEPERS[sheet.scoring](sheet, shown, given)
    current.save(update_fields=["answers"])
    return current


@transaction.atomic
def send(*, request: QuestionnaireRequest, by: Client) -> QuestionnaireResponse:
    """The draft becomes an answered questionnaire of today, scored as any other. Sent twice, it is one.

    Raises InvalidInput with a line for each page that is missing or contradicts another; ValidationError where closed.
    """
    current = _current(request)
    if current.response_id and by.pk == current.client_id:
        return current.response  # type: ignore[return-value]
    sheet = _open_sheet(current, by)
    if problems := incomplete(sheet):
        raise InvalidInput(problems)
    answers = {key: value for key, value in current.answers.items() if value is not None}
    response = record(
        client=current.client, questionnaire=current.questionnaire, answered_on=by.today, answers=answers, by=by
    )
    current.response, current.answers = response, {}
    current.save(update_fields=["response", "answers"])
    return response


def incomplete(sheet: Sheet) -> list[Problem]:
    """What keeps the draft from being sent, in lines for the client; the path is the number of the page."""
    missing = [Problem(f"{page.number}", _("This is not answered yet.")) for page in sheet.open_pages]
    line = _("“%(this)s” can't be less than “%(other)s”: change one of the two.")
    where = {item.key: page.number for page in sheet.pages for item in page.items}
    return missing + [
        Problem(f"{where[this.key]}", line % {"this": this.text, "other": other.text})
        for this, other in sheet.conflicts()
    ]


def _current(request: QuestionnaireRequest) -> QuestionnaireRequest:
    rows = QuestionnaireRequest.objects.select_for_update(of=("self",)).select_related("client__practice", "response")
    return rows.get(pk=request.pk)


def _open_sheet(current: QuestionnaireRequest, by: Client) -> Sheet:
    if by.pk != current.client_id:
        raise ValidationError("Only the client answers in the portal.")
    if current.response_id:
        raise ValidationError(_("You have answered this already."))
    if current.withdrawn_at or current.questionnaire not in OFFERED:
        raise ValidationError(_("Your practice does not need this one any more."))
    return Sheet(current)


# --- one page ---------------------------------------------------------------------------------------------------------


def _number(sheet: Sheet, given: Mapping[str, Any]) -> int | None:
    text = str(given.get("value", "")).strip()
    return next((number for number in sheet.questionnaire.numbers if text in (str(number), f"+{number}")), None)


def _keep_number(sheet: Sheet, page: Page, given: Mapping[str, Any]) -> dict[str, Any]:
    number = _number(sheet, given)
    if number is None and not (page.may_be_skipped and not given.get("value")):
        raise InvalidInput([Problem("value", _("Choose a number."))])
    return {**sheet.answers, page.items[0].key: number}


def _keep_ticks(sheet: Sheet, page: Page, given: Mapping[str, Any]) -> dict[str, Any]:
    ticked = set(given.get("ticked", ()))
    return {**sheet.answers, **{item.key: item.key in ticked for item in page.items}}


def _keep_activity(sheet: Sheet, page: Page, given: Mapping[str, Any]) -> dict[str, Any]:
    rows, own = sheet.activities, sheet.questionnaire.own_items
    place = min(page.row, len(rows) + 1) - 1
    if given.get("remove"):
        return {"activities": rows[:place] + rows[place + 1 :]}
    name, number = " ".join(str(given.get("activity", "")).split()), _number(sheet, given)
    others = [same_name(row["activity"]) for row in rows[:place] + rows[place + 1 :]]
    problems = []
    if not name or NOT_TEXT.search(name):
        problems.append(Problem("activity", _("Write in a few words what is hard for you.")))
    elif own and len(name) > own.longest:
        line = _("That is longer than %(most)s characters: say it shorter.")
        problems.append(Problem("activity", line % {"most": own.longest}))
    elif same_name(name) in others:
        problems.append(Problem("activity", _("You have named this one already.")))
    if number is None:
        problems.append(Problem("value", _("Choose a number.")))
    if problems:
        raise InvalidInput(problems)
    return {"activities": [*rows[:place], {"activity": name, "score": number}, *rows[place + 1 :]]}


KEEPERS = {"one_item": _keep_number, "ticks": _keep_ticks, "own_items": _keep_activity}
