"""Documents about a client: added, shown, described, removed; for clinicians."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from clinic import panels, undo
from clinic.access import ClinicianView
from clinic.models import ClientFile
from clinic.queries.record import SHOWN_BY_A_BROWSER
from clinic.services import files

# An opened image can run nothing, load nothing and reach no page of ours. Chromium's own viewer of PDFs does not start
# in a sandbox; scripts of a PDF never see the site.
ALONE = "default-src 'none'; frame-ancestors 'none'"
SANDBOX = f"{ALONE}; sandbox"


class AddFiles(ClinicianView):
    """POST with `files`, several: each one is kept, or refused with a line."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client, added = self.get_client(pk), 0
        given = request.FILES.getlist("files")
        for content in given:
            try:
                files.add(client=client, content=content, by=self.membership)
                added += 1
            except ValidationError as refused:
                name = files.tidy(content.name or "")
                messages.error(request, f"“{name}” was not added: {' '.join(refused.messages)}")
        if added:
            messages.success(request, "1 file added." if added == 1 else f"{added} files added.")
        elif not given:
            messages.error(request, "Choose a file first.")
        back = panels.record_url(client.pk, "files")
        return HttpResponseClientRedirect(back) if request.htmx else redirect(back)  # type: ignore[attr-defined]


class OneFile(ClinicianView):
    def file(self, pk: uuid.UUID) -> ClientFile:
        rows = self.visible(ClientFile).select_related("client")
        file: ClientFile | None = rows.filter(pk=pk).first()
        if file is None:
            raise Http404
        return file


class DownloadFile(OneFile):
    """The document itself; with `?show=1` in the browser, where that is safe."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
        file = self.file(pk)
        shown = "show" in request.GET and file.media_type in SHOWN_BY_A_BROWSER
        try:
            content = file.content.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        answer = FileResponse(content, as_attachment=not shown, filename=file.name, content_type=file.media_type)
        answer["Content-Security-Policy"] = ALONE if file.media_type == "application/pdf" else SANDBOX
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer


class DescribeFile(OneFile):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        file = self.file(pk)
        try:
            files.describe(file=file, about=request.POST.get("about", ""), by=self.membership)
            messages.success(request, "Saved.")
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        return redirect(panels.record_url(file.client_id, "files"))


class RemoveFile(OneFile):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        file = files.remove(file=self.file(pk), by=self.membership)
        undo.offer(request, "The file is removed.", url=reverse("clinic:restore_file", args=[file.pk]))
        return redirect(panels.record_url(file.client_id, "files"))


class RestoreFile(OneFile):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        file = files.restore(file=self.file(pk), by=self.membership)
        messages.success(request, "The file is back.")
        return redirect(panels.record_url(file.client_id, "files"))
