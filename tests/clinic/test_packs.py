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


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'{"name": "a", "name": "b", "items": [{"key": "c", "key": "c", "key": "d"}]}', "'key' stands there twice"),
        (b'{"name": "a", "items": [{"key": "c", "size": NaN}]}', "NaN is no number"),
        (b'{"name": -Infinity}', "-Infinity is no number"),
        (b'{"name": "\xff"}', "byte 10 is no UTF-8"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"1" * 5000, "has a number that is too long"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_file_that_python_would_read_on_is_refused(tmp_path, schema, content, line):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(PackError) as refused:
        packs.read(path, schema)
    assert f"a.json: {line}" == refused.value.lines[0]


def test_a_file_that_is_not_there_is_one_line(tmp_path, schema):
    with pytest.raises(PackError) as refused:
        packs.read_all({tmp_path / "gone.json": schema, tmp_path: schema})
    assert refused.value.lines == (
        "gone.json: can't be read: No such file or directory",
        f"{tmp_path.name}: can't be read: Is a directory",
    )


def test_faults_stand_in_the_order_of_the_document(schema):
    items = [{"key": str(number), **({"size": -1} if number in (2, 10) else {})} for number in range(11)]
    document = {"name": "", "level": "maybe", "items": items}
    assert packs.faults(document, schema, "x") == [
        "x: name: is empty",
        "x: level: 'maybe' is not one of ask, urgent",
        "x: items[2].size: -1 is less than the minimum of 0",
        "x: items[10].size: -1 is less than the minimum of 0",
    ]


def test_the_fault_of_a_whole_document_may_name_its_key(schema):
    assert packs.faults({**GOOD, "key": "hips"}, schema, "x") == [
        "x: (hips): unknown key 'key'; known: name, items, level"
    ]


def test_several_files_tell_the_faults_of_all_of_them(write, schema):
    good, broken, wrong = write(GOOD, "good.json"), write("{", "broken.json"), write({**GOOD, "name": ""}, "wrong.json")
    assert packs.read_all({good: schema}) == {good: GOOD}
    with pytest.raises(PackError) as refused:
        packs.read_all(dict.fromkeys((good, broken, wrong), schema))
    assert [line.partition(":")[0] for line in refused.value.lines] == ["broken.json", "wrong.json"]


def test_nothing_wrong_is_nothing_raised():
    assert packs.require_none([]) is None
