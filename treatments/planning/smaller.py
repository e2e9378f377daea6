"""A smaller programme for a client to whom the whole one is too much: what stays, and what rests.

For each thing that was found one exercise stays: the one that studies support best, of those the one that takes the
least time. The strengthening for back and hip and the activity, which every programme has, stay: they are what a
programme is safe and useful with when stretches fall away. What is only kept up rests.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from treatments.planning.library import STRENGTHENS_THE_BACK

#: From the best supported on.
LEVELS = ("supported", "partly", "weak", "traditional", "contradicted")


@dataclass(frozen=True, slots=True)
class Asked:
    """One exercise of the programme that runs. `level` of its evidence, `seconds` in a week, `codes` of findings with
    the side that it works on (left, right, or empty)."""

    kind: str
    target: str
    side: str
    codes: tuple[str, ...]
    level: str
    seconds: int
    maintenance: bool = False

    @property
    def serves(self) -> set[tuple[str, str]]:
        sides = (self.side,) if self.side else ("left", "right")
        return {(code, side) for code in self.codes for side in sides}


def smaller(asked: Sequence[Asked]) -> tuple[int, ...]:
    """Places of what stays, in order; empty where nothing would rest, so that there is nothing to offer."""
    best_first = sorted(range(len(asked)), key=lambda place: (*_rank(asked[place]), place))
    kept = {place for kind in ("strength", "activity") for place in _first(asked, best_first, kind)}
    for found in sorted({found for one in asked if not one.maintenance for found in one.serves}):
        serving = [place for place in best_first if found in asked[place].serves and not asked[place].maintenance]
        kept.add(serving[0])
    return tuple(sorted(kept)) if 0 < len(kept) < len(asked) else ()


def _rank(one: Asked) -> tuple[int, int]:
    return LEVELS.index(one.level) if one.level in LEVELS else len(LEVELS), one.seconds


def _first(asked: Sequence[Asked], order: Sequence[int], kind: str) -> list[int]:
    """One of a kind; a strengthening one only where it strengthens what a back needs."""
    counts = [place for place in order if asked[place].kind == kind]
    if kind == "strength":
        counts = [place for place in counts if asked[place].target in STRENGTHENS_THE_BACK]
    return counts[:1]
