"""The safety questions and the conditions, read from `intake/protocol/*.json` and checked on loading."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

PROTOCOL_FOLDER = Path(__file__).resolve().parent.parent / "protocol"
LEVELS = ("none", "ask", "urgent", "emergency")
GROUPS = ("systemic", "local")
TAGS = ("V", "C", "U", "D")
DETAILS = ("side", "approach", "date", "restrictions")


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the screen. A red flag has a level (and a group when that is `ask`); a condition has neither.

    `name` and `suspects` are for the clinician; `question` and `help` are for the client. `details` names what else
    matters when a condition is answered yes. `tag` says how far `source` was verified: V, C, U or D.
    """

    key: str
    question: str
    level: str | None
    group: str | None
    suspects: str
    source: str
    tag: str
    name: str
    help: str
    details: tuple[str, ...] = ()


def load(path: Path) -> Mapping[str, Item]:
    """Items by key, in the order of the file. Raises ValueError for a file that a reviewer left inconsistent."""
    document = json.loads(path.read_text(encoding="utf-8"))
    items = [_item(raw) for raw in document["items"]]
    by_key = {item.key: item for item in items}
    if len(by_key) != len(items):
        raise ValueError(f"{path.name}: a key stands twice")
    return MappingProxyType(by_key)


def _item(raw: dict[str, Any]) -> Item:
    item = Item(
        key=raw["key"],
        question=raw["question"],
        level=raw.get("level"),
        group=raw.get("group"),
        suspects=raw.get("suspects", ""),
        source=raw["source"],
        tag=raw["tag"],
        name=raw["name"],
        help=raw["help"],
        details=tuple(raw.get("details", ())),
    )
    if not _is_consistent(item):
        raise ValueError(f"{item.key}: level, group, details or tag is not one we know")
    return item


def _is_consistent(item: Item) -> bool:
    grouped = item.group in GROUPS if item.level == "ask" else item.group is None
    level_known = item.level is None or item.level in LEVELS[1:]
    return grouped and level_known and item.tag in TAGS and set(item.details) <= set(DETAILS)


RED_FLAGS = load(PROTOCOL_FOLDER / "red_flags.json")
CONDITIONS = load(PROTOCOL_FOLDER / "conditions.json")
