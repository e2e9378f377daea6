from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


def elements(request: HttpRequest) -> HttpResponse:
    """The living style page; only while developing."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "clinic/elements_page.html")
