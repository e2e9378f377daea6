"""Pack files: what is wrong with one is said in one clear line for each fault, with its place."""

import json

import pytest

from clinic import packs
from clinic.packs import PackError

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "items"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 5},
        "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/item"}},
        "level": {"enum": ["ask", "urgent"]},
    },
    "$defs": {
        "item": {
            "type": "object",
            "additionalProperties": False,
            "required": ["key"],
            "properties": {"key": {"type": "string"}, "size": {"type": "number", "minimum": 0}},
        }
    },
}
GOOD = {"name": "hips", "items": [{"key": "a"}]}


@pytest.fixture
def schema(tmp_path):
    path = tmp_path / "a.schema.json"
    path.write_text(json.dumps(SCHEMA))
    return path


@pytest.fixture
def write(tmp_path):
    def write(content, name="a.json"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def test_a_good_file_is_read_without_its_remarks(write, schema):
    path = write({"_": "for the reader", **GOOD, "items": [{"_": ["here", "too"], "key": "a"}]})
    assert packs.read(path, schema) == GOOD


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"name": ""}, "a.json: name: is empty"),
        ({"items": []}, "a.json: items: is empty"),
        ({"name": None}, "a.json: name: None is not of type 'string'"),
        ({"level": "maybe"}, "a.json: level: 'maybe' is not one of ask, urgent"),
        ({"colour": 1}, "a.json: unknown key 'colour'; known: name, items, level"),
        ({"items": [{"key": "a"}, {}]}, "a.json: items[1]: 'key' is missing"),
        ({"items": [{"key": "a", "size": -1}]}, "a.json: items[0].size: -1 is less than the minimum of 0"),
        ({"items": [{"key": "a", "hue": 1}]}, "a.json: items[0] (a): unknown key 'hue'; known: key, size"),
        ({"name": "a name"}, "a.json: name: is longer than 5 characters"),
    ],
)
def test_each_fault_is_one_line_with_file_place_and_problem(write, schema, change, line):
    with pytest.raises(PackError) as refused:
        packs.read(write({**GOOD, **change}), schema)
    assert refused.value.lines == (line,)
    assert str(refused.value) == line


def test_two_unknown_keys_are_two_lines(schema):
    assert len(packs.faults({**GOOD, "a": 1, "b": 2}, schema, "x")) == 2


def test_every_missing_key_is_named(schema):
    assert packs.faults({}, schema, "x") == ["x: 'name' is missing", "x: 'items' is missing"]


def test_a_document_that_is_no_object_is_refused_as_a_whole(schema):
    assert packs.faults([], schema, "x") == ["x: [] is not of type 'object'"]


def test_broken_json_says_line_and_column(write, schema):
    with pytest.raises(PackError) as refused:
        packs.read(write('{"name": "hips",\n  "items": [,]}'), schema)
    assert refused.value.lines == ("a.json: line 2, column 13: Expecting value",)


def test_several_files_tell_the_faults_of_all_of_them(write, schema):
    good, broken, wrong = write(GOOD, "good.json"), write("{", "broken.json"), write({**GOOD, "name": ""}, "wrong.json")
    assert packs.read_all({good: schema}) == {good: GOOD}
    with pytest.raises(PackError) as refused:
        packs.read_all(dict.fromkeys((good, broken, wrong), schema))
    assert [line.partition(":")[0] for line in refused.value.lines] == ["broken.json", "wrong.json"]


def test_nothing_wrong_is_nothing_raised():
    assert packs.require_none([]) is None
