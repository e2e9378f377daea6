"""What a data file says, in another language: `translations/<language>.json` beside it, sentence by sentence. Pure.

The English sentence is the key. So a sentence that was changed has no translation until somebody wrote it anew: a
client never reads what the library said last year. The language is always given, nothing here remembers one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from clinic import packs

T = TypeVar("T")
SCHEMA = Path(__file__).resolve().parent / "schema" / "translation.schema.json"


@dataclass(frozen=True)
class Translations:
    """`words`: language → English sentence → the same in that language. `spoken`: names of the fields that a client
    reads; all others, such as keys, stay what they are."""

    words: Mapping[str, Mapping[str, str]]
    spoken: Collection[str]

    def sentence(self, english: str, language: str) -> str:
        """English where nobody translated it. `es-mx` is read from `es`."""
        known = self.words.get(language) or self.words.get(language.partition("-")[0]) or {}
        return known.get(english, english)

    def of(self, thing: T, language: str) -> T:
        """A sentence, or a dataclass with everything spoken in it, at any depth, in `language`."""
        if isinstance(thing, str):
            return self.sentence(thing, language)  # type: ignore[return-value]
        if not is_dataclass(thing) or isinstance(thing, type):
            return thing
        values = {field.name: getattr(thing, field.name) for field in fields(thing)}
        said = {name: self._value(value, language, name in self.spoken) for name, value in values.items()}
        return replace(thing, **said)

    def _value(self, value: Any, language: str, spoken: bool) -> Any:
        if isinstance(value, str) and not spoken:
            return value
        if isinstance(value, tuple):
            return tuple(self._value(one, language, spoken) for one in value)
        if isinstance(value, Mapping):
            return {key: self._value(one, language, spoken) for key, one in value.items()}
        return self.of(value, language)


def read(folder: Path, *, spoken: Collection[str]) -> Translations:
    """Every language of a folder, each file named after its own. Raises PackError."""
    found = {path.stem: packs.read(path, SCHEMA) for path in sorted(folder.glob("*.json"))}
    packs.require_none(
        f"{name}.json: language: {raw['language']} is not the file's name"
        for name, raw in found.items()
        if raw["language"] != name
    )
    return Translations({name: raw["texts"] for name, raw in found.items()}, frozenset(spoken))
