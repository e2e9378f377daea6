"""What a therapist does with the exercises of a draft. Each answers with the whole page: htmx takes what changed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from clinic import undo
from clinic.forms import attempt
from treatments.forms import AddItemForm, ItemForm, MoveItemForm, PutBackForm, RemoveItemForm
from treatments.models import ProgrammeItem
from treatments.services import programmes
from treatments.views.programmes import ProgrammeView


class AddItem(ProgrammeView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme, form = self.programme(pk), AddItemForm(request.POST)
        added = attempt(form, lambda: programmes.add_item(programme=programme, by=self.membership, **form.cleaned_data))
        if added is None:
            return self.edit_page(self.programme(pk), add_form=form, status=422)
        messages.success(request, f"{added.about.name} is in the programme.")
        return self.back(programme)


class ChangeItem(ProgrammeView):
    """Side, dose and days, saved as they are typed: then no message says so, the page does."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        item = self.item(pk)
        form = ItemForm(request.POST, item=item)
        if attempt(form, lambda: programmes.change_item(item=item, by=self.membership, **form.cleaned_data)) is None:
            return self.edit_page(self.programme(item.programme_id), item_forms={item.pk: form}, status=422)
        if not request.headers.get("HX-Request"):
            messages.success(request, f"{item.about.name}: saved.")
        return self.back(item.programme)


class RemoveItem(ProgrammeView):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self.page(self.item(pk), RemoveItemForm())

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        item, form = self.item(pk), RemoveItemForm(request.POST)
        programme, key = item.programme, str(item.pk)
        if attempt(form, lambda: programmes.remove_item(item=item, by=self.membership, **form.cleaned_data)) is None:
            return self.page(item, form, status=422)
        url = reverse("treatments:put_back", args=[programme.pk])
        undo.offer(request, "The exercise is left out.", url=url, fields={"item": key})
        return self.back(programme)

    def page(self, item: ProgrammeItem, form: RemoveItemForm, status: int = 200) -> HttpResponse:
        context = {"item": item, "programme": item.programme, "client": item.programme.client, "form": form}
        return render(self.request, "treatments/remove_item.html", context, status=status)


class PutBack(ProgrammeView):
    """What was left out, in its place and at its dose."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme, form = self.programme(pk), PutBackForm(request.POST)
        back = attempt(form, lambda: programmes.put_back(programme=programme, by=self.membership, **form.cleaned_data))
        if back is None:
            messages.warning(request, " ".join(map(str, form.non_field_errors())) or "Nothing was named to put back.")
        else:
            messages.success(request, f"{back.about.name} is in the programme again.")
        return self.back(programme)


class MoveItem(ProgrammeView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        item, form = self.item(pk), MoveItemForm(request.POST)
        if attempt(form, lambda: programmes.move_item(item=item, by=self.membership, **form.cleaned_data)) is None:
            messages.warning(request, " ".join(map(str, form.non_field_errors())) or "Say to which place.")
        return self.back(item.programme)


class SwapItem(ProgrammeView):
    """The easier or harder neighbour instead."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        item, exercise = self.item(pk), request.POST.get("exercise", "")
        try:
            swapped = programmes.swap_item(item=item, exercise=exercise, by=self.membership)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, f"{swapped.about.name} is in the programme instead.")
        return self.back(item.programme)


class StartFrom(ProgrammeView):
    """An earlier version as the beginning of a new draft."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = self.programme(pk)
        try:
            draft = programmes.start_from(programme=programme, by=self.membership)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
            return redirect("treatments:programme", programme.pk)
        messages.success(request, "A draft with the exercises of that version. Nothing is sent yet.")
        return redirect("treatments:programme", draft.pk)
