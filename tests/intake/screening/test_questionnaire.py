import pytest

from intake.screening import CONDITIONS, FIRST_VISIT, RED_FLAGS
from intake.screening import vocabulary as words


def test_the_first_form_asks_every_flag_and_condition_once():
    asked = [item for field in FIRST_VISIT.fields for item in field.items]
    assert sorted(asked) == sorted([*RED_FLAGS, *CONDITIONS])


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("pain", words.SITES),
        ("standing_surface", words.SURFACES),
        ("footwear", words.FOOTWEAR),
        ("tried", words.TRIED),
    ],
)
def test_the_form_offers_exactly_the_words_that_reading_takes(key, allowed):
    choices = next(field.choices for field in FIRST_VISIT.fields if field.key == key)
    assert [choice.value for choice in choices] == list(allowed)


def test_the_form_offers_exactly_the_sides_that_reading_takes():
    sides = next(field.sides for field in FIRST_VISIT.fields if field.key == "pain")
    assert [side.value for side in sides] == list(words.PAIN_SIDES)
