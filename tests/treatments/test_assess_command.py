import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

CASES = Path(__file__).parent / "cases"


@pytest.fixture
def assess(capsys):
    def run(*arguments):
        status = 0
        try:
            call_command("assess", *map(str, arguments))
        except SystemExit as leaving:
            status = leaving.code
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_it_prints_the_result_document_without_a_database(assess, flags):
    status, out, err = assess(CASES / "stiff_hip_long_sitting.json", *flags)
    assert (status, err) == (0, "")
    assert json.loads(out)["programme"]["items"]


def test_it_reads_standard_input(assess, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO('{"client": {"age": 40}}'))
    status, out, _ = assess("-")
    assert status == 0
    assert json.loads(out)["findings"] == []


def test_the_summary_for_a_person_names_level_items_and_open_questions(assess):
    _, out, _ = assess(CASES / "older_woman_new_hip.json", "--text")
    assert "Referral: ask" in out
    assert "  seated_trunk_bracing\n" in out
    assert "Answer first: Diabetes" in out
    _, locked, _ = assess(CASES / "both_legs_numb.json", "--text")
    assert "Programme: locked" in locked


def test_the_chain_of_reasons_stands_in_lines(assess):
    _, out, _ = assess(CASES / "stiff_hip_long_sitting.json", "--text")
    lines = [line.strip() for line in out.splitlines()]
    finding = lines.index(
        "iliopsoas_short right (moderate, moderate confidence; weak evidence; rule iliopsoas_short v1)"
    )
    assert lines[finding + 1].startswith(
        "Modified Thomas: thigh to horizontal right 6 deg; threshold 0; pelvis controlled;"
    )
    assert "limited prone extension on the same side" in lines[finding + 2]
    item = lines.index("half_kneeling_hip_flexor_stretch right")
    assert "Hip extension limited, Iliopsoas short" in lines[item + 1]
    assert "next: Measure again with standing blocks." in lines
    assert any("one leg measured; trials 1" in line for line in lines)
    assert "hip_rotators_short: not measured: Piriformis length" in lines
    assert any(line.startswith("seated_hip_flexor_stretch: already covered by") for line in lines)


def test_methods_side_by_side_that_disagree(assess, tmp_path):
    path = tmp_path / "case.json"
    rows = [("true", "left", 12), ("block", "right", 8)]
    measurements = [{"measure": f"leg_length_difference_{kind}", "side": side, "value": mm} for kind, side, mm in rows]
    path.write_text(json.dumps({"client": {"age": 40}, "measurements": measurements}))
    _, out, _ = assess(path, "--text")
    assert "These methods disagree on the side." in out
    assert "Difference by tape, true: 12 mm, left shorter" in out


def test_warnings_go_to_standard_error_only(assess, tmp_path):
    path = tmp_path / "case.json"
    reading = {"measure": "hip_flexion", "side": "left", "value": 50, "unit": "deg"}
    path.write_text(json.dumps({"client": {}, "measurements": [reading]}))
    status, out, err = assess(path)
    assert status == 0
    assert err.startswith("warning: measurements[0].value: ")
    json.loads(out)


def test_an_invalid_case_ends_with_two_and_one_line_a_problem(assess, tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"client": {"age": 200}, "intake": {"tried": ["a\nb"]}, "foot\nwear": 1}))
    status, out, err = assess(path)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 3


def test_broken_json_names_line_and_column(assess, tmp_path):
    path = tmp_path / "case.json"
    path.write_text('{"client":\n  {"age": 4,}}')
    status, _, err = assess(path)
    assert status == 2
    assert len(err.splitlines()) == 1
    assert "not valid JSON at line 2, column" in err


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read: No such file"), (b"\xff\xfe{", "not UTF-8 text"), (b"[" * 200_000, "nested too deeply")],
)
def test_a_file_that_cannot_be_read_is_one_line(assess, tmp_path, content, message):
    path = tmp_path / "case.json"
    if content is not None:
        path.write_bytes(content)
    status, out, err = assess(path)
    assert (status, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_a_byte_order_mark_is_no_problem(assess, tmp_path):
    path = tmp_path / "case.json"
    path.write_text('{"client": {}}', encoding="utf-8-sig")
    assert assess(path)[0] == 0
