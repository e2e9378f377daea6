"""Changing the protocol of a practice: what it would have changed on past assessments is seen before it is adopted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from assessments import queries
from assessments.forms.layout import SYMBOLS, YES_NO
from assessments.forms.protocol import FindingForm, PackForm, ReasonedForm, ShippedForm, pretty
from assessments.models import Assessment, PracticePack
from assessments.rules import PACK, Because, Pack, pack_files
from assessments.services import packs
from assessments.services.replay import Count, Difference, Summary, replay
from assessments.templatetags.measures import measure_label
from assessments.views.protocol import ProtocolView, row_of
from clinic.access import current_membership
from clinic.forms import attempt
from clinic.models import CLINICIANS, Role
from clinic.packs import PackError

#: The newest assessments that a change is tried on.
MOST_TRIED = 200
#: So few of them are listed without a click.
FEW = 5


@dataclass(frozen=True)
class Differing:
    """An assessment with its differences, each with what decided it in words."""

    assessment: Assessment
    told: list[tuple[Difference, str]]


@dataclass(frozen=True)
class Preview:
    """What a pack would have said to past assessments: the counts, and those that would differ, newest first."""

    summary: Summary
    differing: list[Differing]

    @property
    def counts(self) -> list[tuple[str, Count]]:
        """Of the findings that would differ or read differently, by name."""
        found = self.summary.by_code.items()
        moved = {code: one for code, one in found if one.added or one.gone or one.changed or one.reworded}
        return sorted((name_of(code), moved[code]) for code in moved)

    @property
    def short(self) -> bool:
        return len(self.differing) <= FEW

    @property
    def only_newest(self) -> bool:
        return self.summary.assessments == MOST_TRIED


def name_of(code: str) -> str:
    return PACK.rules[code].name if code in PACK.rules else code.replace("_", " ")


def preview_of(rows: Any, pack: Pack, now: Pack) -> Preview:
    """Against what is in force: what changed in the protocol before is not of this change's making."""
    summary, differing = Summary(), []
    for one in replay(rows.signed().order_by("-assessed_on", "-id")[:MOST_TRIED], pack, against=now):
        summary.add(one)
        if one.differences:
            differing.append(Differing(one.assessment, [(each, decided(each)) for each in one.differences]))
    return Preview(summary, differing)


def decided(difference: Difference) -> str:
    """The deciding reading and the thresholds: `Hip extension 8°; threshold 10°, now 20°`; empty without one."""
    reading, then, now = difference.reading, difference.threshold_then, difference.threshold_now
    if reading is None:
        return ""
    unit = SYMBOLS.get(reading.unit, f" {reading.unit}" if reading.unit else "")
    if then is not None and now is not None and then != now:
        limit = f"; threshold {number(then)}{unit}, now {number(now)}{unit}"
    elif now is not None:
        limit = f"; threshold {number(now)}{unit}"
    else:
        limit = "" if then is None else f"; threshold in force {number(then)}{unit}"
    return f"{measure_label(reading.measure)} {read_as(reading, unit)}{limit}"


def read_as(reading: Because, unit: str) -> str:
    if reading.value is None:
        return (reading.grade or reading.observed or "").replace("_", " ")
    if reading.unit == YES_NO:
        return "positive" if reading.value else "negative"
    return f"{number(reading.value)}{unit}"


def number(value: float) -> str:
    """To two decimals, without those that say nothing."""
    return f"{round(value, 2):g}"


class Change(ProtocolView):
    """Type, see what it would have changed, adopt. Adopting takes exactly what was seen, or shows it once more."""

    roles = frozenset({Role.OWNER})
    title: str = ""
    fields: ClassVar[str] = "assessments/protocol_reason.html"
    typed: ClassVar[bool] = True
    now: queries.packs.InForce

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever reads the protocol and can't change it is told who can."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except PermissionDenied:
            membership = current_membership(request)
            if membership is None or membership.role not in CLINICIANS:
                raise
            return render(request, "assessments/protocol_only_owner.html", status=403)

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        pack = self.checked(form)
        if pack is None:
            return self.page(form, 422)
        mark, wants = self.mark(form.document()), "adopt" in request.POST
        seen = form.cleaned_data["seen"] == mark
        adopted = self.adopt(form) if wants and seen else None
        if adopted:
            messages.success(request, f"Version {adopted.number} is in force from now on.")
            return redirect("assessments:protocol")
        form.show("seen", mark)
        form.fields["why"].required = True  # from here on it is asked for
        tried, again = preview_of(self.visible(Assessment), pack, self.now.pack), wants and not seen
        return self.page(form, 422 if form.errors or again else 200, preview=tried, again=again)

    def form(self, *data: Any) -> ReasonedForm:
        self.now = queries.packs.in_force(self.practice.pk)
        return self.make_form(*data)

    def make_form(self, *data: Any) -> ReasonedForm:
        return ShippedForm(*data)

    def checked(self, form: ReasonedForm) -> Pack | None:
        """The pack that the form asks for; None with the problems on the form."""

        def check() -> Pack:
            pack = queries.packs.check(form.document(), self.now.number + 1)
            packs.require_change(self.now, pack_files.normal(form.document()))
            return pack

        try:
            return attempt(form, check)
        except PackError as broken:
            form.refuse(broken.lines)
            return None

    def adopt(self, form: ReasonedForm) -> PracticePack | None:
        """The new version; None with the reason on the form."""
        given = {"overrides": form.document(), "why": form.cleaned_data["why"], "after": self.now.number}
        try:
            return attempt(form, lambda: packs.adopt(practice=self.practice, by=self.membership, **given))
        except packs.EditConflict as conflict:
            form.add_error(None, f"This change {conflict}. Look at it again.")
            return None

    def mark(self, document: Mapping[str, Any]) -> str:
        """Stands for what was seen: the document, the version it follows, and the shipped protocol."""
        seen = [pack_files.normal(document), self.now.number, PACK.version]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()

    def page(self, form: ReasonedForm, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            "form": form,
            "now": self.now,
            "next": self.now.number + 1,
            "title": self.title,
            "typed": self.typed,
            **more,
        }
        return render(
            self.request, "assessments/protocol_change.html", {"fields": self.fields, **context}, status=status
        )


class ChangeFinding(Change):
    """The numbers and texts of one finding; what the practice changed of others stays."""

    fields = "assessments/protocol_fields.html"

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        form = self.form()
        if self.now.lines:
            messages.warning(request, "First mend the practice’s own version: it no longer fits.")
            return redirect("assessments:protocol_pack")
        return self.page(form)

    def make_form(self, *data: Any) -> ReasonedForm:
        code = self.kwargs["code"]
        if code not in PACK.rules:
            raise Http404
        current, overrides = self.now.pack.rules[code], self.now.overrides
        return FindingForm(*data, shipped=PACK.rules[code], current=current, overrides=overrides)

    def page(self, form: ReasonedForm, status: int = 200, **more: Any) -> HttpResponse:
        row = row_of(self.kwargs["code"], self.now.pack)
        self.title = row.shipped.name
        return super().page(form, status, row=row, **more)


class ChangePack(Change):
    """A whole pack file, which takes the place of what the practice changed so far."""

    title = "Change by a pack file"
    fields = "assessments/protocol_file.html"

    def make_form(self, *data: Any) -> ReasonedForm:
        form = PackForm(*data)
        form.initial["text"] = pretty(self.now.overrides) if self.now.overrides else ""
        return form


class BackToShipped(Change):
    """Everything as shipped again, as a version of its own."""

    title = "Back to the shipped protocol"
    typed = False

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """Nothing is to be typed, so what it would have changed is shown at once."""
        form = self.form()
        if self.now.row is None or not self.now.row.overrides:
            return self.page(form, nothing=True)
        form.initial["seen"], form.fields["why"].required = self.mark({}), True
        return self.page(form, preview=preview_of(self.visible(Assessment), PACK, self.now.pack))
