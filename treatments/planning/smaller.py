"""A smaller programme for a client to whom the whole one is too much: what stays, and what rests.

For each thing that was found one exercise stays: the one that studies support best, of those the one that takes the
least time. Where there is only one for each already, one stays for all of them: the best supported, then the one that
answers most. The strengthening for back and hip and the activity, which every programme has, stay in any case: they
are what a programme is safe and useful with when stretches fall away. What is only kept up rests.
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


@dataclass(frozen=True, slots=True)
class Smaller:
    """`places` of what stays, in order; empty where nothing would rest, so that there is nothing to offer. `each`: one
    for each thing that was found, else one for all of them."""

    places: tuple[int, ...]
    each: bool = True


def smaller(asked: Sequence[Asked]) -> Smaller:
    best_first = sorted(range(len(asked)), key=lambda place: (*_rank(asked[place]), place))
    safe = {place for kind in ("strength", "activity") for place in _first(asked, best_first, kind)}
    each = safe | _one_for_each(asked, best_first)
    if 0 < len(each) < len(asked):
        return Smaller(tuple(sorted(each)))
    answers = [place for place in range(len(asked)) if asked[place].codes and place not in safe]
    one = safe | set(sorted(answers, key=lambda place: _pressing(asked[place]))[:1])
    return Smaller(tuple(sorted(one)), each=False) if 0 < len(one) < len(asked) else Smaller(())


def _one_for_each(asked: Sequence[Asked], best_first: Sequence[int]) -> set[int]:
    kept = set()
    for found in {found for one in asked if not one.maintenance for found in one.serves}:
        serving = [place for place in best_first if found in asked[place].serves and not asked[place].maintenance]
        kept.add(serving[0])
    return kept


def _pressing(one: Asked) -> tuple[int, int, int]:
    return _level(one), -len(set(one.codes)), one.seconds


def _level(one: Asked) -> int:
    return LEVELS.index(one.level) if one.level in LEVELS else len(LEVELS)


def _rank(one: Asked) -> tuple[int, int]:
    return _level(one), one.seconds


def _first(asked: Sequence[Asked], order: Sequence[int], kind: str) -> list[int]:
    """One of a kind; a strengthening one only where it strengthens what a back needs."""
    counts = [place for place in order if asked[place].kind == kind]
    if kind == "strength":
        counts = [place for place in counts if asked[place].target in STRENGTHENS_THE_BACK]
    return counts[:1]
