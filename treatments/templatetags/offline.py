from __future__ import annotations

from django import template
from django.urls import reverse

from clinic.models import Client
from treatments.queries.offline import person_key

register = template.Library()


@register.simple_tag
def worker_address(client: Client, token: str) -> str:
    """Of the service worker; the same person has the same key under each of their links."""
    return f"{reverse('treatments:portal_worker', args=[token])}?person={person_key(client)}"
