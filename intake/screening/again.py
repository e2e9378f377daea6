"""“Anything new?”: which safety questions are asked again, in which order, and what keeps their words for ever."""

from functools import cache

from .items import LEVELS, RED_FLAGS, Item
from .shipping import Body, safety_words

#: Of the versions that keep the words; no form that a practice names can have it.
KEY = "_anything-new"


def asked_again() -> list[Item]:
    """The most pressing first."""
    return sorted(RED_FLAGS.values(), key=lambda item: LEVELS.index(item.level or "none"), reverse=True)


@cache
def again_schema() -> Body:
    """As the schema of a form version: one page, with the words of each question in every language."""
    items = [item.key for item in asked_again()]
    field = {"key": "red_flags", "type": "yes_no_unsure", "label": "", "block": "red_flags", "items": items}
    page = {"key": "again", "title": "Anything new?", "fields": [field]}
    words = safety_words()
    told = {language: {"red_flags": blocks["red_flags"]} for language, blocks in words["translations"].items()}
    form = {"key": KEY, "title": "Anything new?", "pages": [page]}
    return {"form": form, "questions": {"red_flags": words["questions"]["red_flags"]}, "translations": told}
