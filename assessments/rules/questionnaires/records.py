"""What a questionnaire is, what somebody answered, and what two answers say together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

#: How far a figure is verified, in words.
TAGS = {
    "V": "verified",
    "C": "corroborated by a second source",
    "U": "unverified: our own working value",
    "D": "our own working value",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One row or statement. at_least: items whose answer can't be above this one's."""

    key: str
    text: str
    optional: bool = False
    at_least: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnItems:
    """How many activities somebody names, and the characters each may have."""

    least: int
    most: int
    longest: int


@dataclass(frozen=True, slots=True)
class CountingChange:
    """From when on a change counts. of: `difference` of two scores, or the `score` itself (a rating of change).

    points: of the scale. percent: of the earlier score, for an improvement only; needs: `both` or `either` of the two.
    single: points for one activity of the person's own. called: what the source calls it. Scores are without unit.
    """

    called: str
    of: str
    points: float
    why: str
    source: str
    tag: str
    percent: float | None = None
    needs: str = "both"
    single: float | None = None

    @property
    def tag_words(self) -> str:
        return TAGS[self.tag]


@dataclass(frozen=True, slots=True)
class Recovered:
    """The score that counts as recovered: this one or a better one."""

    at: float
    source: str
    tag: str


@dataclass(frozen=True, slots=True)
class LittleRoom:
    """Earlier scores below and above which a change can hardly show."""

    below: float
    above: float
    source: str
    tag: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Whose words these are, and what to do before relying on them."""

    says: str
    tag: str


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One instrument in one version. scoring: one_item|ticks|own_items|typed. better: lower|higher|unknown."""

    key: str
    version: str
    name: str
    abbreviation: str
    about: str
    instruction: str
    scoring: str
    how_scored: str
    better: str
    lowest: float
    highest: float
    licence: str
    source: str
    tag: str
    items: tuple[Item, ...] = ()
    score_item: str = ""
    own_items: OwnItems | None = None
    labels: Mapping[int, str] = field(default_factory=dict)
    change: CountingChange | None = None
    recovered: Recovered | None = None
    little_room: LittleRoom | None = None
    wording: Wording | None = None

    @property
    def allowed(self) -> str:
        return f"{self.lowest:g} to {self.highest:g}" if self.scoring != "typed" else "-9999.99 to 9999.99"

    @property
    def numbers(self) -> range:
        """What can be chosen in one row."""
        return range(int(self.lowest), int(self.highest) + 1)


@dataclass(frozen=True, slots=True)
class Score:
    """A score, and the answers as they are kept."""

    questionnaire: str
    version: str
    value: float
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """A questionnaire answered on one day. name: of a score-only one."""

    questionnaire: str
    version: str
    score: float
    on: date | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class OwnItemChange:
    """The change of one activity that was named both times."""

    activity: str
    before: float
    after: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two scores say together. verdict: improved|worse|within_error|not_comparable; `note` says why.

    needed: the points from which an improvement would have counted. remarks: what to read beside the verdict.
    """

    questionnaire: str
    verdict: str
    note: str
    before: float | None
    after: float
    before_on: date | None
    after_on: date | None
    difference: float | None = None
    needed: float | None = None
    called: str = ""
    source: str = ""
    tag: str = ""
    recovered: bool = False
    remarks: tuple[str, ...] = ()
    activities: tuple[OwnItemChange, ...] = ()

    @property
    def tag_words(self) -> str:
        return TAGS.get(self.tag, "")
