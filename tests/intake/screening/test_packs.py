"""The files of the screen: a file that a reviewer left inconsistent is refused, with one clear line for each fault."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator

from clinic.packs import PackError
from intake.screening import combinations, definition, items
from intake.screening.items import PROTOCOL_FOLDER, SCHEMAS
from tests.intake.screening.contract import BACK, SYSTEMIC

FLAGS, CONDITIONS, COMBINED, FORM = "red_flags", "conditions", "combinations", "forms/first_visit"
LOADS = {
    FLAGS: lambda path: items.load(path, SCHEMAS / "red_flags.schema.json"),
    CONDITIONS: lambda path: items.load(path, SCHEMAS / "conditions.schema.json"),
    COMBINED: combinations.load,
    FORM: definition.load_form,
}
GONE = object()


def entries(raw):
    """Everything with a key: items, combinations, pages, fields."""
    pages = raw.get("pages", [])
    return [*raw.get("items", raw.get("combinations", pages)), *(field for page in pages for field in page["fields"])]


def refused(folder, name, raw):
    """The lines with which the changed file is refused."""
    path = folder / f"{name.split('/')[-1]}.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        LOADS[name](path)
    return caught.value.lines


def shipped(name):
    return json.loads((PROTOCOL_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def changed(name, key, change):
    raw = copy.deepcopy(shipped(name))
    entry = next(entry for entry in entries(raw) if entry["key"] == key)
    entry |= change
    for gone in [at for at, value in entry.items() if value is GONE]:
        del entry[gone]
    return raw


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_the_schemas_are_schemas_of_the_draft_they_name(path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", LOADS)
def test_what_is_shipped_loads_as_it_stands(name):
    assert LOADS[name](PROTOCOL_FOLDER / f"{name}.json")


FAULTS = [
    (FLAGS, "new_lump", {"level": "soon"}, "items[21].level: 'soon' is not one of ask, urgent, emergency"),
    (FLAGS, "new_lump", {"tag": "X"}, "items[21].tag: 'X' is not one of V, C, U, D"),
    (FLAGS, "new_lump", {"source": GONE}, "items[21] (new_lump): 'source' is missing"),
    (FLAGS, "new_lump", {"suspects": ""}, "items[21].suspects: is empty"),
    (FLAGS, "new_lump", {"colour": "red"}, "items[21] (new_lump): unknown key 'colour'; known: key, name, level"),
    (FLAGS, "new_lump", {"group": "local"}, "new_lump: group: local; level ask has to have one, other levels"),
    (FLAGS, "diabetes", {"group": None}, "diabetes: group: none; level ask has to have one"),
    (FLAGS, "diabetes", {"group": "general"}, "items[31].group: 'general' is not one of systemic, local, None"),
    (FLAGS, "diabetes", {"key": "new_lump"}, "new_lump: the key stands 2 times"),
    (CONDITIONS, "polio", {"details": ["colour"]}, "items[4].details[0]: 'colour' is not one of side, approach, date"),
    (CONDITIONS, "polio", {"level": "urgent"}, "items[4] (polio): unknown key 'level'; known: key, name"),
    (CONDITIONS, "polio", {"key": "pregnancy"}, "pregnancy: the key stands 2 times"),
    (COMBINED, "two_systemic", {"when": {"yes": {"genral": 1}}},
     "two_systemic: unknown group genral; known: systemic, local"),
    (COMBINED, "two_systemic", {"when": {"yes": {"systemic": 6}}},
     "two_systemic: counts to 6, but group systemic has 5 flags"),
    (COMBINED, "two_systemic", {"when": {"yes": {"systemic": 0}}}, "combinations[0].when.yes.systemic: 0 is less than"),
    (COMBINED, "two_systemic", {"when": {}}, "combinations[0].when: is empty"),
    (COMBINED, "two_systemic", {"when": {"no": {"local": 1}}},
     "combinations[0].when: unknown key 'no'; known: yes, age_over"),
    (COMBINED, "two_systemic", {"level": "emergency"}, "combinations[0].level: 'emergency' is not one of ask, urgent"),
    (COMBINED, "two_systemic", {"sentence": "With {local}."},
     "two_systemic: sentence: nothing under 'when' fills {local}"),
    (COMBINED, "two_systemic", {"sentence": "At {age}."}, "two_systemic: sentence: nothing under 'when' fills {age}"),
    (COMBINED, "young_back", {"sentence": "Over {age_over}."},
     "young_back: sentence: nothing under 'when' fills {age_over}"),
    (COMBINED, "young_back", {"sentence": "{key}."}, "young_back: sentence: nothing under 'when' fills {key}"),
    (COMBINED, "young_back", {"when": {"age_under": 18, "pain_in": ["back"]}}, "young_back: unknown site back"),
    (COMBINED, "young_back", {"when": {"age_under": 18, "age_over": 17}},
     "young_back: no age in years is over 17 and under 18"),
    (COMBINED, "young_back", {"key": "two_systemic"}, "two_systemic: the key stands 2 times"),
    (FORM, "pain", {"minimum": GONE}, "pages[0].fields[0] (pain): 'minimum' is missing"),
    (FORM, "pain", {"minimum": 10}, "pages[0].fields[0].minimum: 10 is not below the maximum 10"),
    (FORM, "pain", {"sides": GONE}, "pages[0].fields[0] (pain): 'sides' is missing"),
    (FORM, "footwear", {"choices": []}, "pages[2].fields[0].choices: is empty"),
    (FORM, "footwear", {"choices": GONE}, "pages[2].fields[0] (footwear): 'choices' is missing"),
    (FORM, "footwear", {"type": "menu"}, "pages[2].fields[0].type: 'menu' is not one of number, choice"),
    (FORM, "sitting_hours_per_day", {"maximum": GONE},
     "pages[1].fields[0] (sitting_hours_per_day): 'maximum' is missing"),
    (FORM, "consent", {"version": ""}, "pages[10].fields[0].version: is empty"),
    (FORM, "consent", {"text": GONE}, "pages[10].fields[0] (consent): 'text' is missing"),
    (FORM, "now_answers", {"items": GONE}, "pages[9].fields[0] (now_answers): 'items' is missing"),
    (FORM, "now_answers", {"block": "flags"}, "pages[9].fields[0].block: 'flags' is not one of red_flags"),
    (FORM, "now_answers", {"items": ["gout"]}, "pages[9].fields[0].items[0]: gout is not in conditions"),
    (FORM, "now_answers", {"items": ["polio"]}, "conditions.polio: asked 2 times, not once"),
    (FORM, "now_answers", {"items": ["polio"]}, "conditions.pregnancy: asked 0 times, not once"),
    (FORM, "tried", {"items": ["massage"]}, "pages[3].fields[0].items[0]: massage is not in any block"),
    (FORM, "tried", {"key": "pain"}, "pages[3].fields[0].key: pain stands 2 times"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "key", "change", "line"), FAULTS)
def test_a_fault_is_named_with_its_file_and_place(tmp_path, name, key, change, line):
    lines = refused(tmp_path, name, changed(name, key, change))
    assert any(said.startswith(f"{name.split('/')[-1]}.json: {line}") for said in lines), lines


def test_all_faults_of_a_file_come_at_once(tmp_path):
    raw = changed("combinations", "two_systemic", {"when": {"yes": {"bad": 1, "worse": 1}}, "sentence": "{good}"})
    assert refused(tmp_path, "combinations", raw) == (
        "combinations.json: two_systemic: unknown group bad; known: systemic, local",
        "combinations.json: two_systemic: unknown group worse; known: systemic, local",
        "combinations.json: two_systemic: sentence: nothing under 'when' fills {good}",
    )


def test_remarks_are_no_data(tmp_path):
    path = tmp_path / "combinations.json"
    path.write_text(
        json.dumps({"_": "reviewed", **changed("combinations", "young_back", {"_": "ours"})}), encoding="utf-8"
    )
    assert combinations.load(path) == combinations.COMBINATIONS


def test_the_shipped_combinations_are_those_of_the_contract():
    found = {one.key: one for one in combinations.COMBINATIONS}
    assert {key: one.level for key, one in found.items()} == {
        "two_systemic": "urgent",
        "systemic_with_local": "urgent",
        "systemic_in_old_age": "urgent",
        "young_back_with_systemic": "urgent",
        "young_back": "ask",
    }
    assert found["young_back"].pain_in == found["young_back_with_systemic"].pain_in == frozenset(BACK)
    assert {one.tag for one in found.values()} == {"D"}


@pytest.mark.parametrize("key", SYSTEMIC)
def test_a_combination_with_two_limits_holds_between_them(tmp_path, key):
    """Nothing shipped has both limits; a pack may."""
    between = {"yes": {"systemic": 1}, "age_over": 40, "age_under": 44}
    raw = changed(
        "combinations", "two_systemic", {"when": between, "sentence": "{age_over} < {age} < {age_under}: {systemic}"}
    )
    path = tmp_path / "combinations.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    one = combinations.load(path)[0]
    said = {"systemic": [items.RED_FLAGS[key]], "local": []}
    assert [age for age in (None, *range(38, 47)) if one.holds(said, age, set())] == [41, 42, 43]
    assert one.because(said, 42) == f"40 < 42 < 44: {items.RED_FLAGS[key].name}"
