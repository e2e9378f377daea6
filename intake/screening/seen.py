"""What an open page of the builder has seen of a form: nobody overwrites what somebody else changed meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from .editing import fingerprint

Part = TypeVar("Part")
NOTHING = fingerprint(None)


@dataclass(frozen=True)
class Seen:
    """The revision a page goes by, and the fingerprint of each part that it shows, by key."""

    revision: int
    prints: Mapping[str, str]

    @classmethod
    def of(cls, parts: Mapping[str, object], revision: int) -> Seen:
        return cls(revision, {key: fingerprint(part) for key, part in parts.items()})

    @classmethod
    def read(cls, token: str) -> Seen:
        """As `str` writes it; of anything else what there is."""
        number, *pairs = token.split("~")
        found = (pair.rpartition("=") for pair in pairs)
        revision = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
        return cls(revision, {key: print_ for key, _, print_ in found})

    def __str__(self) -> str:
        return "~".join([str(self.revision), *(f"{key}={print_}" for key, print_ in self.prints.items())])

    def after(self, parts: Mapping[str, Any], mine: Mapping[str, Any], revision: int) -> Seen:
        """Once the page saved `mine`: where `parts` is what it sent, it saw that. Where somebody else's stands it does
        not show theirs, so it goes by what it saw before."""
        prints, behind = dict(self.prints), False
        for key, part in mine.items():
            if parts.get(key) == part:
                prints[key] = fingerprint(part)
            else:
                behind = True
        return Seen(self.revision if behind else revision, prints)

    def shown(self, parts: Mapping[str, Any], both: Collection[str]) -> Seen:
        """A page that was refused shows what was typed, and only of `both` what is stored: `parts`. The revision stays,
        as the one of now would say that the page had seen all of it."""
        met = {key: fingerprint(parts[key]) for key in both if key in parts}
        return Seen(self.revision, {**self.prints, **met})

    def merged(self, now: Mapping[str, Part], mine: Mapping[str, Part | None]) -> tuple[dict[str, Part], list[str]]:
        """What is stored with what the page sends (None: taken away), and the keys of what somebody else changed too:
        there, what is stored stays."""
        result, both = dict(now), []
        for key, part in mine.items():
            there, was = now.get(key), self.prints.get(key, NOTHING)
            if part == there or fingerprint(part) == was:
                continue
            if there is not None and fingerprint(there) != was:
                both.append(key)
            elif part is None:
                del result[key]
            else:
                result[key] = part
        return result, both
