"""Words that no text of a finding may say: assessments/protocol/claims.json, each with its reason."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

TEXTS = ("text", "client_text")
Claims = Iterable[Mapping[str, Any]]


def claims_in(key: str, texts: Mapping[str, Any], claims: Claims) -> Iterator[str]:
    """`text: says “…”: why not`, for each claim in the texts of the finding `key`. `texts`: what it has of TEXTS."""
    for claim in claims:
        for name in claim.get("texts", TEXTS) if key not in claim.get("except", ()) else ():
            said = next((words for words in claim["words"] if pattern(words).search(texts.get(name, ""))), None)
            if said:
                yield f"{name}: {claim['why'].replace('{word}', said)}"


@cache
def pattern(words: str) -> re.Pattern[str]:
    """Whole words in any capitals and spacing; … is anything within the sentence, or nothing."""
    parts = [r"\s+".join(map(re.escape, part.split())) for part in words.split("…")]
    return re.compile(r"\b" + r"\b[^.!?]*\b".join(parts) + r"\b", re.IGNORECASE)


def exception_faults(claims: Claims, findings: Iterable[str]) -> Iterator[str]:
    """Exceptions for findings that there are not."""
    named = (key for claim in claims for key in claim.get("except", ()))
    yield from (f"claims.json: except: no such finding: {key}" for key in named if key not in findings)
