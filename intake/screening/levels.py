"""From answers to a referral level, by contract §3.

An unanswered flag changes no level: it is reported by `Answers.unanswered_red_flags`, and planning refuses to call a
programme ready while one is open. The level itself only speaks of what was answered.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .answers import Answers
from .items import LEVELS, RED_FLAGS, Item

# Low back pain is felt from the lowest ribs to the buttock folds, so the sacroiliac region is back as well.
BACK_SITES = frozenset({"low_back", "upper_back", "sacroiliac"})
ADULT_AGE = 18
SYSTEMIC_ALONE_IS_URGENT_OVER_AGE = 70


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
    reasons = [*_single_items(answers), *_systemic_combinations(answers, age), *_young_back(answers, age)]
    reasons.sort(key=lambda reason: LEVELS.index(reason.level), reverse=True)
    return Referral(reasons[0].level if reasons else "none", tuple(reason.sentence for reason in reasons))


def _single_items(answers: Answers) -> Iterator[_Reason]:
    for item in RED_FLAGS.values():
        answer = answers.red_flags.get(item.key)
        if answer == "yes":
            yield _Reason(str(item.level), f"{_capital(item.name)}: answered yes. Consider {item.suspects}.")
        elif answer == "unsure":
            yield _Reason("ask", f"{_capital(item.name)}: answered not sure. Ask in person ({item.suspects}).")


def _systemic_combinations(answers: Answers, age: int | None) -> Iterator[_Reason]:
    systemic, local = _said_yes(answers, "systemic"), _said_yes(answers, "local")
    if not systemic:
        return
    if len(systemic) > 1:
        yield _Reason("urgent", f"Two or more general signs together: {_names(systemic)}.")
    if local:
        yield _Reason("urgent", f"A general sign with a local one: {_names(systemic)}, with {_names(local)}.")
    if age is not None and age > SYSTEMIC_ALONE_IS_URGENT_OVER_AGE:
        yield _Reason(
            "urgent", f"A general sign at {age} years, over {SYSTEMIC_ALONE_IS_URGENT_OVER_AGE}: {_names(systemic)}."
        )


def _young_back(answers: Answers, age: int | None) -> Iterator[_Reason]:
    if age is None or age >= ADULT_AGE or BACK_SITES.isdisjoint(pain.site for pain in answers.pain):
        return
    systemic = _said_yes(answers, "systemic")
    if systemic:
        yield _Reason("urgent", f"Back pain at {age} years with a general sign: {_names(systemic)}.")
    else:
        yield _Reason("ask", f"Back pain at {age} years, under {ADULT_AGE}.")


def _said_yes(answers: Answers, group: str) -> list[Item]:
    return [item for item in RED_FLAGS.values() if item.group == group and answers.red_flags.get(item.key) == "yes"]


def _names(items: list[Item]) -> str:
    return "; ".join(item.name for item in items)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
