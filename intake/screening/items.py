"""The safety questions and the conditions, read from `intake/protocol/*.json` and checked on loading."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from clinic import packs, spoken

PROTOCOL_FOLDER = Path(__file__).resolve().parent.parent / "protocol"
SCHEMAS = PROTOCOL_FOLDER / "schema"
LEVELS = ("none", "ask", "urgent", "emergency")
GROUPS = ("systemic", "local")


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the screen. A red flag has a level (and a group when that is `ask`); a condition has neither.

    `name` and `suspects` are for the clinician; `question` and `help` are for the client. `details` names what else
    matters when a condition is answered yes. `tag` says how far `source` was verified: V, C, U or D.
    """

    key: str
    name: str
    question: str
    help: str
    source: str
    tag: str
    level: str | None = None
    group: str | None = None
    suspects: str = ""
    details: tuple[str, ...] = ()


def load(path: Path, schema: Path) -> Mapping[str, Item]:
    """Items by key, in the order of the file. Raises PackError with a line for everything that is wrong with it."""
    items = [_item(raw) for raw in packs.read(path, schema)["items"]]
    packs.require_none(f"{path.name}: {line}" for line in (*doubled(item.key for item in items), *_ungrouped(items)))
    return MappingProxyType({item.key: item for item in items})


def doubled(keys: Iterable[str]) -> Iterator[str]:
    """One line for each key that stands more than once."""
    yield from (f"{key}: the key stands {times} times" for key, times in Counter(keys).items() if times > 1)


def _item(raw: Mapping[str, Any]) -> Item:
    return Item(**{**raw, "details": tuple(raw.get("details", ()))})


def _ungrouped(items: Iterable[Item]) -> Iterator[str]:
    """Combinations count groups, so a grouped item of another level, or an `ask` outside any, would be a slip."""
    for item in items:
        if (item.level == "ask") != (item.group is not None):
            yield f"{item.key}: group: {item.group or 'none'}; level ask has to have one, other levels have none"


RED_FLAGS = load(PROTOCOL_FOLDER / "red_flags.json", SCHEMAS / "red_flags.schema.json")
CONDITIONS = load(PROTOCOL_FOLDER / "conditions.json", SCHEMAS / "conditions.schema.json")

SPOKEN = ("question", "help", "label", "title", "intro", "text", "unit", "paragraphs")
TRANSLATIONS = spoken.read(PROTOCOL_FOLDER / "translations", spoken=SPOKEN)
in_language = TRANSLATIONS.of
