import copy
import json

import pytest

from intake.screening import CONDITIONS, FIRST_VISIT, RED_FLAGS
from intake.screening import vocabulary as words
from intake.screening.items import PROTOCOL_FOLDER, load
from intake.screening.questionnaire import read_form

RAW = json.loads((PROTOCOL_FOLDER / "forms" / "first_visit.json").read_text(encoding="utf-8"))

ITEM = {"key": "k", "name": "n", "question": "q", "help": "h", "level": "urgent", "source": "s", "tag": "V"}


def field(raw, key):
    return next(field for page in raw["pages"] for field in page["fields"] if field["key"] == key)


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


@pytest.mark.parametrize(
    ("key", "change", "line"),
    [
        ("pain", {"minimum": None}, "pain: a pain_sites field needs minimum and maximum"),
        ("footwear", {"choices": []}, "footwear: a choice field needs choices"),
        ("footwear", {"type": "menu"}, "footwear: unknown field type menu"),
        ("consent", {"version": ""}, "consent: a consent needs its text and version"),
        ("now_answers", {"items": []}, "now_answers: a yes_no_unsure field needs items"),
        ("now_answers", {"items": ["gout"]}, "now_answers: gout is not in conditions"),
        ("now_answers", {"items": ["polio"]}, "conditions.polio: asked 2 times, not once"),
        ("tried", {"key": "pain"}, "pain: the key stands 2 times"),
    ],
)
def test_a_broken_form_is_refused(key, change, line):
    raw = copy.deepcopy(RAW)
    field(raw, key).update(change)
    with pytest.raises(ValueError) as refused:
        read_form(raw)
    assert line in str(refused.value).splitlines()


@pytest.mark.parametrize("change", [{"level": "soon"}, {"group": "systemic"}, {"tag": "X"}, {"details": ["colour"]}])
def test_an_inconsistent_item_is_refused(tmp_path, change):
    item = {
        "key": "k",
        "name": "n",
        "question": "q",
        "help": "h",
        "level": "urgent",
        "source": "s",
        "tag": "V",
        **change,
    }
    path = tmp_path / "items.json"
    path.write_text(json.dumps({"items": [item]}))
    with pytest.raises(ValueError, match="k: level, group"):
        load(path)


def test_a_key_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "items.json"
    path.write_text(json.dumps({"items": [ITEM, ITEM]}))
    with pytest.raises(ValueError, match="stands twice"):
        load(path)
