"""Publishing a form: what is still missing, what has changed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from clinic.access import ClinicianView
from clinic.problems import InvalidInput
from intake.models import PracticeForm
from intake.queries import practice_forms as queries
from intake.services import practice_forms


class Publish(ClinicianView):
    """What is still missing, what has changed, and the button."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self.show(self.get_or_404(PracticeForm, pk))

    def show(self, form: PracticeForm, status: int = 200) -> HttpResponse:
        published = queries.versions(form)
        context = {
            "form": form,
            "faults": queries.faults(form),
            "newest": published[0][0] if published else None,
            "changes": queries.changes(form, published[0][0]) if published else [],
            "languages": [(code, name, *queries.translated(form, code)) for code, name in queries.other_languages()],
        }
        return render(self.request, "intake/builder/publish.html", context, status=status)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        try:
            version = practice_forms.publish(form=form, by=self.membership)
        except InvalidInput:
            return self.show(form, status=422)
        except ValidationError as refused:
            for line in refused.messages:
                messages.error(request, line)
            return self.show(form, status=422)
        messages.success(request, f"Version {version.number} is published. It is what clients get from now on.")
        return redirect("intake:forms")
