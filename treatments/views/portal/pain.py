"""How much it hurts, before and after: one tap, never asked for twice, never in the way."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from treatments.forms import PainForm
from treatments.services import home_days
from treatments.views.portal.today import DayView


class PortalPain(DayView):
    """The number before leads to the first exercise; the one after to what was done today."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PainForm(request.POST)
        if not (form.is_valid() and self.told(form)):
            return self.show("treatments/portal/pain_again.html", form=form, day=self.day(), status=422)
        day = self.day()
        if form.cleaned_data["before"] is None or day.next is None or day.answered or day.state != "today":
            return redirect("treatments:portal", self.token)
        return redirect("treatments:portal_item", self.token, day.next.item.pk)

    def told(self, form: PainForm) -> bool:
        try:
            home_days.tell(client=self.client, by=self.client, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        return form.is_valid()
