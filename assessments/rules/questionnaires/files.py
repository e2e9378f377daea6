"""The shipped questionnaires: assessments/protocol/questionnaires/*.json, checked once, while loading.

A broken file stops the start and says everything that is wrong with it in one line each (PackError).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assessments.rules.questionnaires.records import (
    CountingChange,
    Item,
    LittleRoom,
    OwnItems,
    Questionnaire,
    Recovered,
    Wording,
)
from clinic import packs

FOLDER = Path(__file__).resolve().parents[2] / "protocol"
SCHEMA = FOLDER / "schema" / "questionnaire.schema.json"
#: In the order in which they are offered.
KEYS = ("nprs", "rmdq", "psfs", "groc", "score_only")
PARTS = {
    "own_items": OwnItems,
    "change": CountingChange,
    "recovered": Recovered,
    "little_room": LittleRoom,
    "wording": Wording,
}


def build(document: Mapping[str, Any]) -> Questionnaire:
    """A questionnaire of a document that the schema accepted."""
    parts = {name: kind(**document[name]) for name, kind in PARTS.items() if name in document}
    items = tuple(build_item(entry) for entry in document.get("items", ()))
    labels = MappingProxyType({int(number): words for number, words in document.get("labels", {}).items()})
    return Questionnaire(**{**document, **parts, "items": items, "labels": labels})


def build_item(entry: Mapping[str, Any]) -> Item:
    return Item(**{**entry, "at_least": tuple(entry.get("at_least", ()))})


def faults(questionnaire: Questionnaire) -> Iterator[str]:
    """What no schema can see: doubled items, unknown ones, limits outside the range."""
    place, keys = f"{questionnaire.key}.json", [item.key for item in questionnaire.items]
    yield from (f"{place}: items: {key} stands there twice" for key in sorted(set(keys)) if keys.count(key) > 1)
    named = [key for item in questionnaire.items for key in item.at_least]
    named += [questionnaire.score_item] if questionnaire.score_item else []
    yield from (f"{place}: no such item: {key}" for key in named if key not in keys)
    if questionnaire.lowest >= questionnaire.highest:
        yield f"{place}: lowest {questionnaire.lowest:g} is not below highest {questionnaire.highest:g}"
    if questionnaire.scoring == "ticks" and (questionnaire.lowest, questionnaire.highest) != (0, len(keys)):
        yield f"{place}: {len(keys)} statements give a score from 0 to {len(keys)}"
    if questionnaire.change and questionnaire.better == "unknown":
        yield f"{place}: a change that counts needs to know which way is better"
    yield from (f"{place}: {number:g} is outside {questionnaire.allowed}" for number in beyond(questionnaire))


def beyond(questionnaire: Questionnaire) -> Iterator[float]:
    """The limits and labels that no score can reach."""
    numbers: list[float] = list(questionnaire.labels)
    numbers += [questionnaire.recovered.at] if questionnaire.recovered else []
    numbers += [questionnaire.little_room.below, questionnaire.little_room.above] if questionnaire.little_room else []
    return (number for number in numbers if not questionnaire.lowest <= number <= questionnaire.highest)


def load(folder: Path = FOLDER / "questionnaires") -> Mapping[str, Questionnaire]:
    """Every questionnaire by its key. Raises PackError with a line for everything that is wrong."""
    read = packs.read_all({folder / f"{key}.json": SCHEMA for key in KEYS})
    found = {path.stem: build(document) for path, document in read.items()}
    packs.require_none(f"{name}.json: its key is {row.key}" for name, row in found.items() if row.key != name)
    packs.require_none(fault for row in found.values() for fault in faults(row))
    return MappingProxyType(found)


QUESTIONNAIRES = load()
