"""Template tags of the visual identity: icons from our own sprite, and attributes for elements."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from clinic import undo

register = template.Library()

PASSED_THROUGH = ("hx_", "aria_", "data_")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Symbol `name` of img/icons.svg. Without a label it is decoration, hidden from screen readers."""
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon icon-{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        name,
        said,
        static("clinic/img/icons.svg"),
        name,
    )


@register.filter
def ago(at: datetime.datetime) -> str:
    """“2 hours, 5 minutes ago”; within the first minute “just now”."""
    if timezone.now() - at < datetime.timedelta(minutes=1):
        return "just now"
    return f"{timesince(at)} ago"


@register.filter
def html_attributes(attrs: Mapping[str, Any]) -> SafeString:
    """The hx_*, aria_* and data_* arguments of an element as HTML attributes (`hx_get` becomes `hx-get`).

    False and None are left out, True becomes an empty attribute.
    """
    pairs = [(key.replace("_", "-"), value) for key, value in attrs.items() if key.startswith(PASSED_THROUGH)]
    return format_html_join(
        "", ' {}="{}"', ((key, "" if value is True else value) for key, value in pairs if value not in (None, False))
    )


@register.filter
def wrong_fields(form: BaseForm) -> list[BoundField]:
    """Those with problems, in the order of the page; first those that have no place on it."""
    return sorted((field for field in form if field.errors), key=lambda field: not field.is_hidden)


@register.filter
def widget_attribute(field: BoundField, name: str) -> Any:
    """An attribute of the field's widget whose name has a dash (`data-unit`), "" where there is none."""
    return field.field.widget.attrs.get(name, "")


@register.simple_tag
def undo_of(message: Any) -> undo.Undo | None:
    """What takes back what the message says; None for a message without it."""
    return undo.of_message(message) if isinstance(message, Message) else None
