"""Answers that weigh more together than alone, read from `intake/protocol/combinations.json` and checked on loading."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from clinic import packs

from .items import GROUPS, PROTOCOL_FOLDER, RED_FLAGS, SCHEMAS, Item, doubled
from .vocabulary import SITES

_WORD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Combination:
    """Asks for `level` when all of it holds. Nothing in it can ask for a no, so another yes never lowers a level.

    `yes`: group -> at least so many of its flags answered yes. Ages in whole years, the limit itself excluded; None
    where the age does not matter. `pain_in`: sites, any of which hurts; empty where the place does not matter.
    """

    key: str
    level: str
    sentence: str
    source: str
    tag: str
    yes: Mapping[str, int]
    age_over: int | None = None
    age_under: int | None = None
    pain_in: frozenset[str] = frozenset()

    def holds(self, said: Mapping[str, Sequence[Item]], age: int | None, sites: AbstractSet[str]) -> bool:
        """`said`: group -> flags answered yes. An unknown age (None) is neither over nor under anything."""
        enough = all(len(said[group]) >= least for group, least in self.yes.items())
        return enough and self._at(age) and (not self.pain_in or not self.pain_in.isdisjoint(sites))

    def because(self, said: Mapping[str, Sequence[Item]], age: int | None) -> str:
        """The sentence for the clinician, filled in."""
        words = {group: "; ".join(item.name for item in items) for group, items in said.items()}
        words |= {"age": f"{age}", "age_over": f"{self.age_over}", "age_under": f"{self.age_under}"}
        return _WORD.sub(lambda word: words[word[1]], self.sentence)

    def _at(self, age: int | None) -> bool:
        if age is None:
            return self.age_over is None and self.age_under is None
        return (self.age_over is None or age > self.age_over) and (self.age_under is None or age < self.age_under)


def load(path: Path) -> tuple[Combination, ...]:
    """In the order of the file. Raises PackError with a line for everything that is wrong with it."""
    document = packs.read(path, SCHEMAS / "combinations.schema.json")
    found = tuple(_combination(raw) for raw in document["combinations"])
    lines = [*doubled(one.key for one in found), *(line for one in found for line in _problems(one))]
    packs.require_none(f"{path.name}: {line}" for line in lines)
    return found


def _combination(raw: Mapping[str, Any]) -> Combination:
    plain = {name: value for name, value in raw.items() if name != "when"}
    when = {**raw["when"], "pain_in": frozenset(raw["when"].get("pain_in", ()))}
    return Combination(**{**plain, **when, "yes": MappingProxyType(when.get("yes", {}))})


def _problems(one: Combination) -> Iterator[str]:
    """What no schema can see: groups and places that do not exist, what can never hold, words nobody fills in."""
    for group, least in one.yes.items():
        yield from _group_problems(one, group, least)
    yield from (f"{one.key}: unknown site {site}" for site in sorted(one.pain_in.difference(SITES)))
    if one.age_over is not None and one.age_under is not None and one.age_under - one.age_over < 2:
        yield f"{one.key}: no age in years is over {one.age_over} and under {one.age_under}"
    unfilled = [word for word in _WORD.findall(one.sentence) if not _fills(one, word)]
    yield from (f"{one.key}: sentence: nothing under 'when' fills {{{word}}}" for word in unfilled)


def _group_problems(one: Combination, group: str, least: int) -> Iterator[str]:
    size = sum(item.group == group for item in RED_FLAGS.values())
    if group not in GROUPS:
        yield f"{one.key}: unknown group {group}; known: {', '.join(GROUPS)}"
    elif least > size:
        yield f"{one.key}: counts to {least}, but group {group} has {size} flags"


def _fills(one: Combination, word: str) -> bool:
    if word == "age":
        return one.age_over is not None or one.age_under is not None
    return word in one.yes or (word in ("age_over", "age_under") and getattr(one, word) is not None)


COMBINATIONS = load(PROTOCOL_FOLDER / "combinations.json")
