"""Two devices write in one draft: field by field, of each field the later answer counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Parts of the intake document that hold one answer for each key.
BLOCKS = ("red_flags", "conditions", "own")
EMPTY: tuple[object, ...] = (None, "", [], {})


def merged(now: Mapping[str, Any], given: Mapping[str, Any], seen: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The draft `now` with `given` over it. A None takes an answer back, what is not named stays.

    `seen`: what the page showed when it was drawn; what still says the same was not answered on this device, and
    leaves what another one said meanwhile.
    """
    result = dict(now)
    for key, value in given.items():
        before = None if seen is None else seen.get(key)
        if key in BLOCKS and isinstance(value, Mapping):
            result[key] = over(now.get(key), value, None if seen is None else before or {})
        elif key == "pain" and seen is not None and isinstance(value, list):
            result[key] = places(now.get(key), value, before)
        elif seen is None or not same(value, before) or key not in now:
            result[key] = value
    return without_none(result)


def over(now: Any, given: Mapping[str, Any], seen: Any) -> dict[str, Any]:
    before = seen if isinstance(seen, Mapping) else {}
    changed = {key: said for key, said in given.items() if seen is None or not same(said, before.get(key))}
    return without_none({**(now or {}), **changed})


def places(now: Any, given: list[Any], seen: Any) -> list[Any]:
    """Painful places, each by its site."""
    mine, theirs, before = by_site(given), by_site(now), by_site(seen)
    changed = [site for site in {**before, **mine} if mine.get(site) != before.get(site)]
    found = {**theirs, **{site: mine.get(site) for site in changed}}
    return [place for place in found.values() if place is not None]


def by_site(entries: Any) -> dict[Any, Any]:
    listed = entries if isinstance(entries, list) else []
    named = [entry for entry in listed if isinstance(entry, Mapping) and isinstance(entry.get("site"), str | None)]
    return {entry.get("site"): entry for entry in named}


def same(one: Any, other: Any) -> bool:
    return one == other or (one in EMPTY and other in EMPTY)


def without_none(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answers.items() if value is not None}
