from __future__ import annotations

from collections.abc import Callable

from clinic.models import Practice


def seed_many(slug: str, clients: int, *, step: Callable[[int], object]) -> Practice:
    raise NotImplementedError
