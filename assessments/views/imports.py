from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments.forms import ImportForm
from assessments.services import imports
from clinic.access import ClinicianView
from clinic.problems import InvalidInput

MOST_SHOWN = 200


class Import(ClinicianView):
    """A CSV of measurements: checked and reported first, written only when the therapist says so."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(ImportForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        write = "write" in request.POST
        try:
            report = imports.import_measurements(
                practice=self.practice,
                text=form.content,
                by=self.membership,
                create_clients=form.cleaned_data["create_clients"],
                dry_run=not write,
            )
        except InvalidInput as error:
            shown = error.problems[:MOST_SHOWN]
            return self.page(form, status=422, problems=shown, hidden=len(error.problems) - len(shown))
        if not write:
            return self.page(form, report=report, text=form.content)
        words = f"Imported {report.new_readings} readings in {report.assessments} assessments"
        messages.success(request, f"{words}; {report.unchanged} were on record already.")
        return redirect("assessments:import")

    def page(self, form: ImportForm, status: int = 200, **more: object) -> HttpResponse:
        return render(self.request, "assessments/import.html", {"form": form, **more}, status=status)
