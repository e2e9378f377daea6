"""People who may be here twice: found, compared side by side, and made one after a page that says what will happen."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateformat import format as date_format

from clinic.access import ClinicianView
from clinic.models import Client, Membership
from clinic.queries import duplicates
from clinic.services import merge

LABELS = {
    "given_name": "Given name", "family_name": "Family name", "date_of_birth": "Date of birth",
    "sex": "Sex for norms", "email": "E-mail", "phone": "Phone", "language": "Language", "timezone": "Time zone",
    "therapist": "Therapist", "reminder_time": "Reminder at",
}  # fmt: skip


def panel(membership: Membership, client: Client) -> Mapping[str, Any] | None:
    """On the record: who may be the same person, or where a merged row leads."""
    if client.merged_into_id:
        return {"goes_on": client.merged_into, "alike": ()}
    alike = [] if client.archived_at else duplicates.alike(client)
    return {"alike": alike} if alike else None


@dataclass(frozen=True)
class Line:
    """One detail of both. `same`: nothing to choose."""

    name: str
    label: str
    mine: str
    other: str

    @property
    def same(self) -> bool:
        return self.mine == self.other

    @property
    def take_other(self) -> bool:
        """Where only the row that ends says something, that is chosen unless somebody chooses otherwise."""
        return bool(self.other) and not self.mine


def lines_of(goes_on: Client, ends: Client) -> list[Line]:
    def said(client: Client, name: str) -> str:
        shown = getattr(client, f"get_{name}_display", None)
        value = shown() if shown else getattr(client, name)
        if isinstance(value, datetime.time):
            return f"{value:%H:%M}"
        return date_format(value, "j M Y") if isinstance(value, datetime.date) else str(value or "")

    lines = (Line(name, label, said(goes_on, name), said(ends, name)) for name, label in LABELS.items())
    return [line for line in lines if line.mine or line.other]


class DuplicateList(ClinicianView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "clinic/duplicates/list.html", {"pairs": duplicates.pairs(self.practice)})


class _OfTwo(ClinicianView):
    """`pk` goes on, `other` ends."""

    def both(self, pk: uuid.UUID, other: uuid.UUID) -> tuple[Client, Client]:
        goes_on, ends = self.get_client(pk), self.get_client(other)
        if pk == other:
            raise Http404
        return goes_on, ends


class Compare(_OfTwo):
    """Side by side: which row goes on, and which details."""

    def get(self, request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
        goes_on, ends = self.both(pk, other)
        lines = lines_of(goes_on, ends)
        context = {"goes_on": goes_on, "ends": ends, "lines": lines, "merged": goes_on.merged_into or ends.merged_into}
        return render(request, "clinic/duplicates/compare.html", context)


class Merge(_OfTwo):
    """What exactly will happen; it happens on POST. `take_<detail>=other`: that of the row that ends."""

    def get(self, request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
        goes_on, ends = self.both(pk, other)
        take = [name for name in merge.CHOICES if request.GET.get(f"take_{name}") == "other"]
        return self.page(goes_on, ends, take)

    def post(self, request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
        goes_on, ends = self.both(pk, other)
        take = request.POST.getlist("take")
        try:
            merge.merge(goes_on=goes_on, ends=ends, take=take, by=self.membership)
        except ValidationError as refused:
            return self.page(goes_on, ends, take, refused)
        messages.success(request, f"{ends.ref} and {goes_on.ref} are one now. Links that {ends.ref} had lead here.")
        return redirect("clinic:client", goes_on.pk)

    def page(
        self, goes_on: Client, ends: Client, take: list[str], refused: ValidationError | None = None
    ) -> HttpResponse:
        taken = [line for line in lines_of(goes_on, ends) if line.name in take and not line.same]
        context = {
            "goes_on": goes_on, "ends": ends, "taken": taken, "plan": duplicates.plan(goes_on, ends),
            "refused": refused.messages if refused else (),
        }  # fmt: skip
        return render(self.request, "clinic/duplicates/merge.html", context, status=422 if refused else 200)


class KeepApart(_OfTwo):
    """They are two people."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
        one, two = self.both(pk, other)
        merge.keep_apart(client=one, other=two, by=self.membership)
        messages.success(request, f"{one} and {two} are two people: nobody is asked about them again.")
        return redirect("clinic:duplicates")
