"""Locations and their rooms."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from clinic import undo
from clinic.forms.practice import EditForm, LocationForm, RoomForm, written
from clinic.models import Location, Room
from clinic.queries import practice as queries
from clinic.services import places
from clinic.views.practice.frame import OwnerPage


class PlacesPage(OwnerPage):
    topic = "places"
    model: ClassVar[type[Location] | type[Room]]
    form: ClassVar[type[EditForm]]
    undone: ClassVar[str]

    def place(self, pk: uuid.UUID) -> Any:
        return self.get_or_404(self.model, pk)

    def shown(self, *, status: int = 200, **forms: EditForm) -> HttpResponse:
        """`forms`: what was typed and refused, under the name of its place."""
        context = {"places": queries.places(self.practice), "new": LocationForm(instance=Location()), **forms}
        return self.page("places", context, status=status)


class Places(PlacesPage):
    """The list; a POST adds a location."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LocationForm(request.POST, instance=Location())
        done, location = written(
            form, lambda: places.add_location(practice=self.practice, by=self.membership, **form.given())
        )
        if not done:
            return self.shown(status=422, new=form)
        messages.success(request, f"{location} is added. Now its rooms.")
        return redirect("clinic:places")


class AddRoom(PlacesPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        location = self.get_or_404(Location, pk)
        form = RoomForm(request.POST, instance=Room())
        done, room = written(form, lambda: places.add_room(location=location, by=self.membership, **form.given()))
        if not done or room is None:
            return self.page("place", {"form": form, "of": location}, status=422)
        url = reverse("clinic:remove_room", args=[room.pk])
        undo.offer(request, f"{room} is added.", url=url)
        return redirect("clinic:places")


class ChangePlace(PlacesPage):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        place = self.place(pk)
        return self.page("place", {"form": self.form(instance=place), "place": place})

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        place = self.place(pk)
        form = self.form(request.POST, instance=place)
        done, _place = written(
            form, lambda: places.change(place=place, seen=form.before(), by=self.membership, **form.given())
        )
        if not done:
            form.look_again()
            return self.page("place", {"form": form, "place": place}, status=422)
        messages.success(request, "Saved.")
        return redirect("clinic:places")


class ChangeLocation(ChangePlace):
    model, form = Location, LocationForm


class ChangeRoom(ChangePlace):
    model, form = Room, RoomForm


class RemovePlace(PlacesPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        place = self.place(pk)
        try:
            places.remove(place=place, by=self.membership)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            undo.offer(request, f"{place} is not offered any more.", url=reverse(self.undone, args=[place.pk]))
        return redirect("clinic:places")


class RemoveLocation(RemovePlace):
    model, undone = Location, "clinic:restore_location"


class RemoveRoom(RemovePlace):
    model, undone = Room, "clinic:restore_room"


class RestorePlace(PlacesPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        place = places.restore(place=self.place(pk), by=self.membership)
        messages.success(request, f"{place} is offered again.")
        return redirect("clinic:places")


class RestoreLocation(RestorePlace):
    model = Location


class RestoreRoom(RestorePlace):
    model = Room
