"""Somebody says a name, a number or a reference: who is it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from clinic.models import Client
from clinic.models.people import ClientQuerySet

MOST = 20
TRUNK = re.compile(r"\(0\)")  # +49 (0)30 …: the nought is left out from abroad
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-/().·]+(?=\d)")
FROM_ABROAD = re.compile(r"(?<!\w)00(?=[1-9]\d{3})")


@dataclass(frozen=True)
class Found:
    clients: Sequence[Client]
    more: bool


def search(rows: ClientQuerySet, words: str, most: int = MOST) -> Found:
    """Of `rows` those whom every word fits, in care before archived. One query; none without a word."""
    if not words.strip():
        return Found([], False)
    matching = rows.matching(normal(words)).select_related("practice")
    in_care_first = matching.order_by(F("archived_at").asc(nulls_first=True), "family_name", "given_name", "id")
    found = list(in_care_first[: most + 1])
    return Found(found[:most], len(found) > most)


def normal(words: str) -> str:
    """A phone number in one piece, as `Client.search_text` has it, however it is spelt."""
    return FROM_ABROAD.sub("", BETWEEN_DIGITS.sub("", TRUNK.sub(" ", words)))
