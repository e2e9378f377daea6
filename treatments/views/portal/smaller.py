"""A smaller programme, offered to a client to whom the whole one is too much."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clinic.portal import PortalView
from treatments.queries.smaller import offer_of
from treatments.services import smaller


class Smaller(PortalView):
    """What would stay and what would rest; `what`: take or refuse."""

    page_key = "today"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("treatments/portal/smaller.html", offer=offer_of(self.client))

    def post(self, request: HttpRequest) -> HttpResponse:
        act = smaller.take if request.POST.get("what") == "take" else smaller.refuse
        try:
            act(client=self.client, by=self.client)
        except ValidationError as problem:
            messages.warning(request, " ".join(problem.messages))
        else:
            taken = _("You have a smaller programme from today. Your therapist sees it.")
            messages.success(request, taken if act is smaller.take else _("Your programme stays as it is."))
        return redirect("treatments:portal", self.token)
