"""The time of day at which the mail comes."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clinic.portal import PortalView
from clinic.services import clients
from treatments.forms import TimeForm


class PortalTime(PortalView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TimeForm(request.POST)
        if not (form.is_valid() and self._changed(form)):
            return self.show("treatments/portal/time.html", form=form, status=422)
        when = f"{form.cleaned_data['reminder_time']:%H:%M}"
        messages.success(request, _("Your reminder comes at %(time)s from now on.") % {"time": when})
        return redirect("treatments:portal", self.token)

    def _changed(self, form: TimeForm) -> bool:
        try:
            clients.change(client=self.client, by=self.client, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        return form.is_valid()
