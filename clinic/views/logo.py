"""The practice's picture for its clients' pages. Whoever sees a page or a mail of the practice sees it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views import View

from clinic.models import Logo


class LogoPicture(View):
    """A new picture has a new address, so this one may be kept for good."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        logo = get_object_or_404(Logo, pk=pk)
        response = HttpResponse(bytes(logo.picture), content_type=logo.media_type)
        response["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
