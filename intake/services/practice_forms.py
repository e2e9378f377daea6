"""Forms that a practice builds itself: drafts that two people may change, versions that nobody changes any more."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from clinic.models import CLINICIANS, Membership, Practice
from clinic.problems import EditConflict, InvalidInput
from clinic.services import audit
from intake.models import FormVersion, PracticeForm
from intake.screening import editing
from intake.screening.definition import problems, shape_problems
from intake.screening.questionnaire import read_form
from intake.screening.seen import Seen
from intake.screening.shipping import DEFAULT, SHIPPED, finished, same, schema_of
from intake.services import forms

EMPTY = "empty"
#: What an empty form begins with: a page to fill, the safety pages, agreement and signature.
SAFETY = ("safety_now", "safety_injury", "safety_health", "safety_body", "joints", "now", "agreement")
LONGEST_TAB = 28  # with the revision behind it, as the row keeps it
Change = Callable[[editing.Body], editing.Body]


class Both(EditConflict):
    """Two people changed the same part of a page. `keys`: of the fields, "" for title and intro of the page."""

    def __init__(self, form: PracticeForm, keys: list[str]) -> None:
        super().__init__("Somebody else changed the same question meanwhile.")
        self.form, self.keys = form, keys


@transaction.atomic
def create(*, practice: Practice, title: str, by: Membership, start: str | PracticeForm = EMPTY) -> PracticeForm:
    """A draft: empty (but for what every form has), from a shipped form by its key, or a copy of another form.

    A shipped form that was taken a moment ago, and that nobody touched since, is not taken twice: that draft is given.
    Raises ValidationError for a start that nobody knows and for a title that is empty or too long.
    """
    check_may(practice, by)
    named, begun_with = checked_title(title), body_to_start(start)
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)  # pressed twice: the second meets the first
    if isinstance(start, str) and (twin := untouched(practice, {**begun_with, "title": named})):
        return twin
    key = free_key(practice, named)
    body = {**begun_with, "key": key, "title": named}
    form = PracticeForm.objects.create(practice=practice, key=key, title=named, body=body, changed_by=by)
    audit.record("practice_form.created", on=form, by=by, start=start if isinstance(start, str) else str(start.pk))
    return form


def untouched(practice: Practice, body: editing.Body) -> PracticeForm | None:
    """The draft, never published, that has just this body but for its key."""
    published = FormVersion.objects.filter(practice=practice).values("key")
    drafts = PracticeForm.objects.filter(practice=practice, title=body["title"], revision=1, retired_at=None)
    found = drafts.exclude(key__in=published).order_by("key")
    return next((form for form in found if {**body, "key": form.key} == form.body), None)


def body_to_start(start: str | PracticeForm) -> editing.Body:
    if isinstance(start, PracticeForm):
        return copy.deepcopy(start.body)
    if start == EMPTY:
        shipped = read_form(SHIPPED[DEFAULT])
        kept = [page for page in shipped["pages"] if page["key"] in SAFETY]
        first = {"key": editing.new_key("p"), "title": "", "fields": []}
        return {"version": "draft", "pages": [first, *kept]}
    if start not in SHIPPED:
        raise ValidationError({"start": "Choose one of the forms to start from."})
    return {**read_form(SHIPPED[start]), "translations": {}}


def checked_title(title: str) -> str:
    named = title.strip()
    if not named or len(named) > 120 or "\x00" in named:
        raise ValidationError({"title": "Give the form a name of 1 to 120 characters."})
    return named


def free_key(practice: Practice, title: str) -> str:
    plain = slugify(title)[:40].strip("-") or "form"
    if not plain[0].isalpha():
        plain = f"form-{plain}"
    taken = set(PracticeForm.objects.filter(practice=practice).values_list("key", flat=True))
    taken |= set(FormVersion.objects.filter(practice=practice).values_list("key", flat=True)) | set(SHIPPED)
    numbered = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 2)))
    return next(key for key in numbered if key not in taken)


@transaction.atomic
def save(
    *,
    form: PracticeForm,
    by: Membership,
    title: str | None = None,
    page: str = "",
    head: Mapping[str, str] | None = None,
    fields: Mapping[str, Mapping[str, Any]] | None = None,
    seen: Seen | None = None,
    change: Change | None = None,
    tab: str = "",
) -> PracticeForm:
    """What was typed on one page, then a change of the whole; a draft may be unfinished.

    `seen` is what the editor saw of the page (`editing.parts`): what somebody else changed meanwhile stays, and where
    both changed the same, Both is raised and nothing written. `tab`: the open page that saves; an answer to it that got
    lost is no second editor. Raises InvalidInput with every problem of the shape, ValidationError where the
    change is impossible.
    """
    check_may(form.practice, by)
    locked = locked_form(form)
    body = copy.deepcopy(locked.body)
    try:
        if head is not None:
            was = seen or Seen(0, {})
            alone = alone_since(locked, tab, was.revision)
            body = laid(locked, body, page, head, fields or {}, None if alone else was.prints)
        if title is not None:
            body["title"] = title.strip()
        body = change(body) if change else body
    except editing.Refused as refused:
        raise ValidationError(str(refused)) from refused
    return store(locked, body, by, tab)


def laid(
    form: PracticeForm, body: editing.Body, page: str, head: Mapping[str, str],
    fields: Mapping[str, Mapping[str, Any]], seen: Mapping[str, str] | None,
) -> editing.Body:  # fmt: skip
    """The body with what was typed in it, wherever the question stands by now."""
    there = body["pages"][editing.page_at(body, page)]
    both: list[str] = []
    if taken("", editing.head_of(there), dict(head), seen, both):
        there |= {name: text for name, text in head.items() if text or name == "title"}
        if not head["intro"]:
            there.pop("intro", None)
    places = {field["key"]: (each["fields"], at) for each in body["pages"] for at, field in enumerate(each["fields"])}
    for key, mine in fields.items():
        if key in places:
            siblings, at = places[key]
            if taken(key, siblings[at], dict(mine), seen, both):
                siblings[at] = dict(mine)
        elif (seen or {}).get(key) != editing.fingerprint(dict(mine)):  # removed meanwhile, but typed into here
            body = editing.put_field(body, page, mine, None)
    if both:
        raise Both(form, both)
    return body


def taken(key: str, current: object, mine: object, seen: Mapping[str, str] | None, both: list[str]) -> bool:
    """Whether mine goes in; where both changed it, its key is added to `both`. `seen` None: nobody else was here."""
    if seen is None:
        return mine != current
    was = seen.get(key)
    if mine == current or editing.fingerprint(mine) == was:
        return False
    if was is not None and editing.fingerprint(current) != was:
        both.append(key)
        return False
    return True


def alone_since(form: PracticeForm, tab: str, since: int) -> bool:
    """Whether nobody but this open page saved after revision `since`: then it only missed an answer to itself."""
    last, start = begun(form)
    return bool(tab) and tab[:LONGEST_TAB] == last and start <= since


def begun(form: PracticeForm) -> tuple[str, int]:
    """The open page that saved last, and the revision after which nobody else did."""
    tab, _, start = form.tab.rpartition("@")
    return tab, int(start) if tab and start.isdecimal() else 0


def store(locked: PracticeForm, body: editing.Body, by: Membership, tab: str = "") -> PracticeForm:
    """Nothing is written, and nobody told, where nothing changed."""
    if body == locked.body:
        return locked
    if wrong := shape_problems(body):
        raise InvalidInput(wrong)
    locked.title = checked_title(body.get("title", ""))
    if not tab:
        locked.tab = ""
    elif tab[:LONGEST_TAB] != begun(locked)[0]:
        locked.tab = f"{tab[:LONGEST_TAB]}@{locked.revision}"
    locked.body, locked.revision, locked.changed_by = body, locked.revision + 1, by
    locked.save(update_fields=["title", "body", "revision", "changed_at", "changed_by", "tab"])
    audit.record("practice_form.changed", on=locked, by=by, revision=locked.revision)
    return locked


@transaction.atomic
def publish(*, form: PracticeForm, by: Membership) -> FormVersion:
    """A new version of the draft, which is sent from now on. Invitations that are out keep their own version.

    Raises InvalidInput with everything that is still missing, ValidationError when nothing changed.
    """
    check_may(form.practice, by)
    locked = locked_form(form)
    newest = forms.newest_version(locked.practice, locked.key)
    number = newest.number + 1 if newest else 1
    body = finished(locked.body, newest.schema["form"] if newest else None, number)
    if wrong := problems(body):
        raise InvalidInput(wrong)
    if newest and same(newest.schema["form"], body):
        raise ValidationError(f"Nothing has changed since version {newest.number}.")
    version = FormVersion.objects.create(
        practice=locked.practice, key=locked.key, number=number, title=locked.title, schema=schema_of(body)
    )
    audit.record("practice_form.published", on=locked, by=by, number=number)
    return version


@transaction.atomic
def make_default(*, form: PracticeForm | None, practice: Practice, by: Membership) -> None:
    """The form that is sent unless another is chosen; None: the one that comes along."""
    check_may(practice, by)
    Practice.objects.select_for_update().get(pk=practice.pk)
    if form is not None and (form.practice_id != practice.pk or form.retired_at):
        raise ValidationError("A retired form can’t be the one that is sent. Use it again first.")
    if form is not None and forms.newest_version(practice, form.key) is None:
        raise ValidationError("Publish the form first; only then it can be sent.")
    PracticeForm.objects.filter(practice=practice, is_default=True).update(is_default=False)
    if form is not None:
        PracticeForm.objects.filter(pk=form.pk).update(is_default=True)
        audit.record("practice_form.default", on=form, by=by)
    else:
        audit.record("practice_form.default", on=practice, by=by, form=DEFAULT)


@transaction.atomic
def retire(*, form: PracticeForm, by: Membership) -> PracticeForm:
    """It is not sent any more; what was answered stays, invitations that are out still work."""
    check_may(form.practice, by)
    locked = locked_form(form)
    if locked.retired_at is None:
        locked.retired_at, locked.is_default = timezone.now(), False
        locked.save(update_fields=["retired_at", "is_default", "changed_at"])
        audit.record("practice_form.retired", on=locked, by=by)
    return locked


@transaction.atomic
def use_again(*, form: PracticeForm, by: Membership) -> PracticeForm:
    check_may(form.practice, by)
    locked = locked_form(form)
    if locked.retired_at is not None:
        locked.retired_at = None
        locked.save(update_fields=["retired_at", "changed_at"])
        audit.record("practice_form.used_again", on=locked, by=by)
    return locked


def locked_form(form: PracticeForm) -> PracticeForm:
    rows = PracticeForm.objects.select_for_update(of=("self",)).select_related("practice")
    found: PracticeForm = rows.get(pk=form.pk)
    return found


def check_may(practice: Practice, by: Membership) -> None:
    if by.role not in CLINICIANS or by.practice_id != practice.pk:
        raise ValidationError("Only a clinician of the practice can change its forms.")
