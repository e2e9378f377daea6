"""Every sentence in data files that a client can come to read, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator

from intake.screening import CONDITIONS, RED_FLAGS
from intake.screening.definition import load_form
from intake.screening.items import PROTOCOL_FOLDER
from intake.screening.messages import MESSAGES
from intake.screening.questionnaire import texts as texts_of_form
from treatments.planning.library import CONDITION_PRECAUTIONS, FINDING_PRECAUTIONS, LIBRARY
from treatments.planning.programme import ADVICE


def of_library() -> Iterator[str]:
    for exercise in LIBRARY.values():
        yield exercise.name
        yield from exercise.steps
        yield exercise.evidence.sentence
        yield from (rule.reason for rule in exercise.contraindications.values() if rule.effect == "change")
    for precaution in (*CONDITION_PRECAUTIONS.values(), *FINDING_PRECAUTIONS.values()):
        yield from precaution.changes.values()
        yield precaution.advice
    yield from ADVICE


def of_intake() -> Iterator[str]:
    for items in (RED_FLAGS, CONDITIONS):
        for item in items.values():
            yield from (item.question, item.help)
    for message in MESSAGES.values():
        yield from (message.title, *message.paragraphs)
    for path in sorted((PROTOCOL_FOLDER / "forms").glob("*.json")):
        yield from texts_of_form(load_form(path)).values()


def all_of(texts: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text.strip()))
