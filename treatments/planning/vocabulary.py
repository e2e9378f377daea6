"""The words of a session note, read from `treatments/library/{techniques,structures}.json` and checked on loading.

They say what was done and where, and nothing of its effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from clinic.packs import require_none
from treatments.planning.checks import double_keys
from treatments.planning.library import LIBRARY_FOLDER, document

TECHNIQUES_FILE, STRUCTURES_FILE = "techniques.json", "structures.json"


@dataclass(frozen=True, slots=True)
class Technique:
    """`licence`: what must be held to use it; empty where nothing special is needed."""

    key: str
    name: str
    group: str
    about: str
    synonyms: tuple[str, ...]
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """`sided`: there is a left and a right one."""

    key: str
    name: str
    region: str
    sided: bool
    synonyms: tuple[str, ...]


class Word(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


W = TypeVar("W", bound=Word)


@dataclass(frozen=True)
class Vocabulary:
    """By key, in the order of the files. `groups` and `regions` name what the entries are sorted into."""

    techniques: Mapping[str, Technique]
    structures: Mapping[str, Structure]
    groups: Mapping[str, str]
    regions: Mapping[str, str]


def read_vocabulary(folder: Path = LIBRARY_FOLDER) -> Vocabulary:
    """Raises PackError with a line for everything that is wrong."""
    techniques, structures = document("techniques", folder), document("structures", folder)
    require_none(
        [
            *faults(TECHNIQUES_FILE, techniques["techniques"], "group", techniques["groups"]),
            *faults(STRUCTURES_FILE, structures["structures"], "region", structures["regions"]),
        ]
    )
    return Vocabulary(
        techniques=MappingProxyType(
            {raw["key"]: Technique(**{**raw, "synonyms": tuple(raw["synonyms"])}) for raw in techniques["techniques"]}
        ),
        structures=MappingProxyType(
            {raw["key"]: Structure(**{**raw, "synonyms": tuple(raw["synonyms"])}) for raw in structures["structures"]}
        ),
        groups=MappingProxyType(techniques["groups"]),
        regions=MappingProxyType(structures["regions"]),
    )


def faults(file: str, rows: list[Mapping[str, Any]], kind: str, kinds: Mapping[str, str]) -> Iterator[str]:
    yield from double_keys(file, rows)
    names = Counter(row["name"].casefold() for row in rows)
    yield from (f"{file}: {name!r} is the name of {times} entries" for name, times in names.items() if times > 1)
    for row in rows:
        if row[kind] not in kinds:
            yield f"{file}: {row['key']}: {kind}: {row[kind]!r} is not one of {', '.join(kinds)}"
    empty = kinds.keys() - {row[kind] for row in rows}
    yield from (f"{file}: {kind}: nothing is {name!r}" for name in sorted(empty))


def known(typed: str, words: Mapping[str, W]) -> str:
    """The key of what was typed by key or name; what is neither comes back as it was typed."""
    typed = " ".join(typed.split())
    return typed if typed in words else by_name(words.values()).get(typed.casefold(), typed)


def by_name(words: Iterable[W]) -> dict[str, str]:
    return {word.name.casefold(): word.key for word in words}


def name_of(key: str, words: Mapping[str, W]) -> str:
    """How a person reads it; what has no entry, half-typed or from an older list, as it stands."""
    return words[key].name if key in words else key


VOCABULARY = read_vocabulary()
TECHNIQUES: Mapping[str, Technique] = VOCABULARY.techniques
STRUCTURES: Mapping[str, Structure] = VOCABULARY.structures
