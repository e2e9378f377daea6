"""From answers to a referral level, by contract §3.

An unanswered flag changes no level: it is reported by `Answers.unanswered_red_flags`, and planning refuses to call a
programme ready while one is open. The level itself only speaks of what was answered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from .answers import Answers
from .combinations import COMBINATIONS
from .items import GROUPS, LEVELS, RED_FLAGS, Item


@dataclass(frozen=True, slots=True)
class Referral:
    """`level` is none, ask, urgent or emergency; `because` are sentences for the clinician, most pressing first."""

    level: str
    because: tuple[str, ...] = ()

    @property
    def locks(self) -> bool:
        """Whether a programme must stay empty until a named clinician lifts the lock with a note."""
        return self.level in ("urgent", "emergency")

    def at_least(self, level: str, because: str) -> "Referral":
        """This referral with one more reason, raised to `level` where it was below it."""
        return Referral(max(self.level, level, key=LEVELS.index), (*self.because, because))

    def as_dict(self) -> dict[str, object]:
        return {"level": self.level, "because": list(self.because)}


@dataclass(frozen=True, slots=True)
class _Reason:
    level: str
    sentence: str


def screen(answers: Answers, *, age: int | None) -> Referral:
    """The referral level of an intake; `age` in years, None where unknown (age rules then stay silent)."""
    return _referral(_reasons(answers, age))


def screen_again(before: Answers, said: Mapping[str, str], *, age: int | None) -> Referral:
    """What newly `said` red flags (yes, no or unsure by key) add to what was known `before`.

    A flag that is said again counts again, although somebody may have answered for it: it goes on, or came back. What
    was said before weighs in where it makes a combination with something new; by itself it was dealt with then.
    """
    still = {key: answer for key, answer in before.red_flags.items() if said.get(key, "yes") == "yes"}
    known, always = (set(_reasons(replace(before, red_flags=flags), age)) for flags in (still, {}))
    together = replace(before, red_flags={**before.red_flags, **said})
    alone = set(_reasons(replace(before, red_flags=said), age)) - always
    return _referral([reason for reason in _reasons(together, age) if reason in alone or reason not in known | always])


def _reasons(answers: Answers, age: int | None) -> list["_Reason"]:
    return [*_single_items(answers), *_combined(answers, age)]


def _referral(reasons: list["_Reason"]) -> Referral:
    reasons.sort(key=lambda reason: LEVELS.index(reason.level), reverse=True)
    return Referral(reasons[0].level if reasons else "none", tuple(reason.sentence for reason in reasons))


def _single_items(answers: Answers) -> Iterator[_Reason]:
    for item in RED_FLAGS.values():
        answer = answers.red_flags.get(item.key)
        if answer == "yes":
            yield _Reason(str(item.level), f"{_capital(item.name)}: answered yes. Consider {item.suspects}.")
        elif answer == "unsure":
            yield _Reason("ask", f"{_capital(item.name)}: answered not sure. Ask in person ({item.suspects}).")


def _combined(answers: Answers, age: int | None) -> Iterator[_Reason]:
    said = {group: _said_yes(answers, group) for group in GROUPS}
    sites = {pain.site for pain in answers.pain}
    for combination in COMBINATIONS:
        if combination.holds(said, age, sites):
            yield _Reason(combination.level, combination.because(said, age))


def _said_yes(answers: Answers, group: str) -> list[Item]:
    return [item for item in RED_FLAGS.values() if item.group == group and answers.red_flags.get(item.key) == "yes"]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
