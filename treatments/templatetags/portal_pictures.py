"""Pictures of the client's own days."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clinic.charts.pain import PainDay, draw_pain
from treatments.models import HomeDay

register = template.Library()


@register.simple_tag
def pain_picture(days: Sequence[HomeDay]) -> SafeString:
    """At least one day, oldest first; the same numbers stand in the table beside it."""
    points = [PainDay(day.local_date, day.pain_before, day.pain_after) for day in days]
    ends = date_format(points[0].day, "MONTH_DAY_FORMAT"), date_format(points[-1].day, "MONTH_DAY_FORMAT")
    text = _("From %(first)s to %(last)s. The same numbers stand in the table below.")
    said = text % {"first": ends[0], "last": ends[1]}
    return mark_safe(draw_pain("pain", _("Pain out of 10, day by day"), said, points, ends))  # noqa: S308 - our own
