"""The practice's picture where nothing can be fetched: on paper."""

from __future__ import annotations

from django import template

from clinic.models import Practice
from clinic.services import logos

register = template.Library()


@register.simple_tag
def logo_inside(practice: Practice) -> str:
    """The address of an image that is the image; "" without one."""
    found = logos.of(practice)
    return logos.data_address(found) if found else ""
