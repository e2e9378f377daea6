"""Two people wrote the same note: both versions, field by field, and nothing of either is lost."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date

from clinic import keeping
from clinic.figure.chart import in_words
from clinic.problems import InvalidInput
from treatments.forms.sessions import LABELS
from treatments.models import SessionNote, SessionTechnique
from treatments.queries import sessions as read
from treatments.services import sessions
from treatments.services.sessions import Content, EditConflict, Row, content_of
from treatments.services.sessions.content import TEXTS, cleaned
from treatments.views.sessions.sheet import SheetView, lines_of

WORDS = {
    **LABELS,
    "held_on": "Session of",
    "pain_before": "Pain before",
    "pain_after": "Pain after",
    "chart": "Body chart",
    "assessment": "Measured in this session",
    "techniques": "Techniques",
}
#: What a page carries from one request to the next is ours, or nothing.
SEAL = Signer(salt="treatments.merge")
#: What both versions can be put together of.
BOTH = (*TEXTS, "chart", "techniques")


@dataclass(frozen=True)
class Difference:
    """A field that isn't the same in both; each side as lines of words."""

    name: str
    label: str
    theirs: list[str]
    mine: list[str]

    @property
    def can_have_both(self) -> bool:
        return self.name in BOTH and bool(self.theirs) and bool(self.mine)


def differences(theirs: Content, mine: Content) -> list[Difference]:
    return [
        Difference(name.name, WORDS[name.name], shown(theirs, name.name), shown(mine, name.name))
        for name in fields(Content)
        if getattr(theirs, name.name) != getattr(mine, name.name)
    ]


def shown(content: Content, name: str) -> list[str]:
    value = getattr(content, name)
    if name == "techniques":
        return [row_words(row) for row in value]
    if name == "chart":
        return in_words(value)
    if name == "assessment":
        return ["An assessment of that day"] if value else []
    return [] if value in (None, "") else str(value).split("\n")


def row_words(row: Row) -> str:
    words = read.technique_words(SessionTechnique(**asdict(row)))
    return " · ".join(filter(None, (words, read.finding_words(row.for_finding, row.for_side), row.remark)))


def put_together(theirs: Content, mine: Content, choices: Any) -> Content:
    """`choices`: field → theirs, mine or both; mine where nothing was chosen."""
    chosen: dict[str, Any] = {}
    for difference in differences(theirs, mine):
        name = difference.name
        one, other = getattr(theirs, name), getattr(mine, name)
        match choices.get(f"choose-{name}"):
            case "theirs":
                chosen[name] = one
            case "both" if name in TEXTS:
                chosen[name] = f"{one}\n\n{other}"
            case "both":
                chosen[name] = [*one, *(part for part in other if part not in one)]
            case _:
                chosen[name] = other
    if "techniques" in chosen:
        chosen["techniques"] = tuple(chosen["techniques"])
    return replace(mine, **chosen)


def merge_page(view: SheetView, current: SessionNote, mine: Content) -> HttpResponse:
    """Both side by side; `current` is as it is saved now."""
    note = get_object_or_404(read.with_parts(view.visible(SessionNote)), pk=current.pk)
    try:
        mine = cleaned(mine, note.client)
    except InvalidInput as error:
        return view.page(lines=lines_of(error))
    context = {
        "client": note.client,
        "note": note,
        "rows": differences(content_of(note), mine),
        "mine": SEAL.sign(json.dumps(asdict(mine), cls=DjangoJSONEncoder)),
        "revision": note.revision,
    }
    return render(view.request, "treatments/sessions/merge.html", context, status=409)


def read_content(text: str) -> Content:
    """What `merge_page` wrote and sealed. ValidationError for anything else."""
    try:
        raw = json.loads(SEAL.unsign(text))
        return Content(
            **{
                **raw,
                "held_on": parse_date(raw["held_on"] or ""),
                "assessment": uuid.UUID(raw["assessment"]) if raw["assessment"] else None,
                "techniques": tuple(Row(**row) for row in raw["techniques"]),
            }
        )
    except (BadSignature, ValueError, TypeError, KeyError) as error:
        raise ValidationError("This page is out of date: open the note again.") from error


def too_late(view: SheetView, note: SessionNote) -> HttpResponse:
    """Signed meanwhile: what was typed is shown, to be added as an amendment."""
    sheet = view.sent(view.request)
    rows: list[Difference] = []
    if "mine" not in view.request.POST and sheet.is_valid():
        rows = differences(content_of(note), cleaned(sheet.content(), note.client))
    context = {"client": note.client, "note": note, "rows": rows}
    return render(view.request, "treatments/sessions/too_late.html", context, status=409)


class MergeNote(SheetView):
    """POST only: of a sheet that was refused as out of date, or of the choices made on the page that followed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        note = self.for_note(pk)
        if not note.is_draft:
            return too_late(self, note)
        if "mine" in request.POST:
            return self.merged(request, note)
        sheet = self.sent(request)
        if not sheet.is_valid():
            return self.page(sheet=sheet, lines=sheet.lines())
        return merge_page(self, note, sheet.content())

    def merged(self, request: HttpRequest, note: SessionNote) -> HttpResponse:
        try:
            mine = read_content(request.POST["mine"])
            revision = int(request.POST.get("revision") or 0)
        except (ValidationError, ValueError) as error:
            return self.page(lines=lines_of(error) if isinstance(error, ValidationError) else ["Open the note again."])
        wanted = put_together(content_of(note), mine, request.POST) if note.revision == revision else mine
        try:
            sessions.save(client=self.client, pk=note.pk, revision=revision, content=wanted, by=self.membership)
        except EditConflict as conflict:
            return merge_page(self, conflict.current, wanted)
        except (InvalidInput, ValidationError) as error:
            return self.page(lines=lines_of(error))
        answer = redirect("treatments:edit_note", note.pk)
        return keeping.done(answer, keeping.key(request.user, "note", note.pk))
