"""A client's programme on paper."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.dates import WEEKDAYS_ABBR

from clinic import paper
from treatments.models import Programme
from treatments.queries.load import load_of


def programme_pdf(programme: Programme) -> bytes:
    """A4 or Letter, as the practice prints. What is stopped is not on it. Raises `clinic.paper.NoPaper`."""
    practice = programme.client.practice
    return paper.pdf(programme_html(programme), ["treatments/css/paper.css"], paper=practice.paper)


def programme_html(programme: Programme) -> str:
    """In the client's language, whoever prints it."""
    items = [item for item in programme.items.all() if item.stopped_at is None]
    context = {
        "programme": programme,
        "client": programme.client,
        "practice": programme.client.practice,
        "items": items,
        "load": load_of(items),
        "days": list(WEEKDAYS_ABBR.values()),  # from Monday
        "weekdays": range(1, 8),
    }
    with translation.override(programme.client.speaks):
        return render_to_string("treatments/paper/programme.html", context)
