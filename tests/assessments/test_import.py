import io
import json
import time

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Assessment, Finding, Reading
from assessments.services import imports
from clinic.models import AuditEntry, Client, SafetyAlert
from clinic.problems import InvalidInput
from clinic.services.audit import Machine
from tests.assessments.conftest import hip_extension

FACTS_OF_A_CLIENT = 3  # what intake knows: the newest, what clinicians answered, what was said about safety since
HEADER = "client_ref,date,measure,side,value,unit,grade,mode,position,instrument,trial,examiner"


def csv(*lines):
    return "\n".join([HEADER, *lines]) + "\n"


GOOD = csv(
    "C0001,2026-03-01,hip_extension,left,2,deg,,passive,prone,goniometer,,Mia",
    "C0001,2026-03-01,leg_length_true,left,35.1,inch,,,supine,tape,1,Mia",
    "C0001,2026-03-01,hamstring_length,right,,,moderate,,,,,",
    "C0001,2026-04-01,hip_extension,left,20,deg,,passive,prone,goniometer,,Mia",
)


@pytest.fixture
def bring_in(practice):
    def make(text, **options):
        return imports.import_measurements(practice=practice, text=text, by=Machine.COMMAND, **options)

    return make


def problems(bring_in, text, **options):
    with pytest.raises(InvalidInput) as refused:
        bring_in(text, **options)
    return [str(problem) for problem in refused.value.problems]


def test_rows_of_a_client_and_day_become_one_signed_assessment(bring_in, client_person):
    report = bring_in(GOOD)
    assert (report.rows, report.new_readings, report.assessments, report.unchanged) == (4, 4, 2, 0)
    first = Assessment.objects.get(assessed_on="2026-03-01")
    assert (first.state, first.source, first.client, first.readings.count()) == ("signed", "import", client_person, 3)
    assert Finding.objects.filter(assessment=first, code="hip_extension_limited", side="left").exists()
    inches = first.readings.get(measure="leg_length_true")
    assert (float(inches.value), float(inches.typed_value), inches.typed_unit) == (891.54, 35.1, "inch")
    assert AuditEntry.objects.filter(verb="assessment.imported", client=client_person).count() == 2


def test_the_same_file_twice_changes_nothing(bring_in, client_person):
    bring_in(GOOD)
    before = set(Reading.objects.values_list("pk", flat=True))
    report = bring_in(GOOD)
    assert (report.new_readings, report.assessments, report.unchanged) == (0, 0, 4)
    assert set(Reading.objects.values_list("pk", flat=True)) == before


def test_a_longer_file_adds_only_what_is_new(bring_in, client_person):
    bring_in(GOOD)
    report = bring_in(GOOD + "C0001,2026-03-01,hip_extension,right,9,deg,,passive,prone,goniometer,,Mia\n")
    assert (report.new_readings, report.assessments, report.unchanged) == (1, 1, 4)


def test_what_was_recorded_on_screen_comes_back_as_unchanged(bring_in, signed):
    signed(hip_extension("left", 2))
    report = bring_in(csv("C0001,2026-03-02,hip_extension,left,2,deg,,passive,prone,goniometer,1,"))
    assert (report.new_readings, report.unchanged) == (0, 1)


def test_another_value_than_the_one_on_record_is_refused(bring_in, client_person):
    bring_in(GOOD)
    changed = GOOD.replace("hip_extension,left,2,", "hip_extension,left,3,")
    assert problems(bring_in, changed) == ["line 2: hip_extension of 2026-03-01 is on record with another value"]


def test_one_bad_row_in_a_thousand_refuses_the_file(bring_in, client_person):
    rows = [f"C0001,2025-{m:02}-{d:02},hip_extension,{side},{d},deg,,,,,{t},"
            for m in range(1, 12) for d in range(1, 24) for side in ("left", "right") for t in (1, 2)]  # fmt: skip
    rows = rows[:1000]
    rows[776] = "C0001,2025-01-01,hip_extension,left,220,deg,,,,,7,"
    assert problems(bring_in, csv(*rows)) == ["line 778, value: 220 is above the hard limit 60 for hip_extension"]
    assert not Assessment.objects.exists()
    assert not Reading.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("C9,2026-03-01,hip_extension,left,2,deg,,,,,,", "line 2, client_ref: no client 'C9' in this practice"),
        (",2026-03-01,hip_extension,left,2,deg,,,,,,", "line 2, client_ref: is missing"),
        ("C0001,01.03.2026,hip_extension,left,2,deg,,,,,,", "line 2, date: '01.03.2026' is no date"),
        ("C0001,2126-03-01,hip_extension,left,2,deg,,,,,,", "line 2, date: 2126-03-01 is in the future"),
        ("C0001,2026-03-01,hip_extention,left,2,deg,,,,,,", "line 2, measure: unknown measure 'hip_extention'"),
        ("C0001,2026-03-01,hip_extension,,2,deg,,,,,,", "line 2, side: is missing"),
        ("C0001,2026-03-01,hip_extension,left,nan,deg,,,,,,", "line 2, value: 'nan' is not a finite number"),
        ("C0001,2026-03-01,hip_extension,left,2,mm,,,,,,", "line 2, unit: 'mm' doesn't fit hip_extension"),
        ("C0001,2026-03-01,hip_extension,left,2,deg,,,,,x,", "line 2, trial: 'x' must be a whole number"),
        ("C0001,2026-03-01,hip_extension", "line 2: has another number of columns than the header"),
    ],
)
def test_each_mistake_is_named_with_its_line(bring_in, client_person, line, said):
    found = problems(bring_in, csv(line))
    assert len(found) == 1
    assert found[0].startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the header misses client_ref, date, measure, side, value, unit"),
        ("client_ref;date;measure;side;value;unit\n", "line 1: the header misses"),
        (f"{HEADER},shoe\n", "line 1: the header has unknown columns 'shoe'"),
        (f"{HEADER},date\n", "line 1: the header has date twice"),
        ("\x00\x01", "line 1: this is no text file"),
    ],
)
def test_a_file_that_is_no_table_is_refused(bring_in, practice, text, said):
    assert problems(bring_in, text)[0].startswith(said)


def test_a_repeat_in_the_file_names_both_lines(bring_in, client_person):
    row = "C0001,2026-03-01,hip_extension,left,2,deg,,,,,,"
    assert problems(bring_in, csv(row, row)) == ["line 3: repeats line 2; number the trials"]


def test_unknown_clients_are_added_only_when_asked(bring_in, practice, other_client):
    text = csv("N-7,2026-03-01,hip_extension,left,2,deg,,,,,,", "n-7,2026-03-02,hip_extension,left,2,deg,,,,,,")
    assert bring_in(text, create_clients=True).new_clients == 1
    added = Client.objects.get(practice=practice)
    assert (added.ref, added.search) == ("N-7", "client n 7 n 7 7")
    assert AuditEntry.objects.filter(verb="client.added", client=added).count() == 1


def test_another_practice_s_reference_is_unknown(bring_in, client_person, other_client):
    other_client.ref = "X1"
    other_client.save()
    assert "no client 'X1'" in problems(bring_in, csv("X1,2026-03-01,hip_extension,left,2,deg,,,,,,"))[0]


def test_a_dry_run_reports_and_writes_nothing(bring_in, client_person):
    report = bring_in(GOOD, dry_run=True)
    assert (report.new_readings, report.assessments) == (4, 2)
    assert not Assessment.objects.exists()


def test_only_the_newest_visit_asks_a_clinician(bring_in, client_person):
    rows = [f"C0001,2026-0{month}-01,leg_length_difference_block,right,25,mm,,,,,," for month in (1, 2, 3)]
    bring_in(csv(*rows))
    alert = SafetyAlert.objects.get()
    assert alert.source_id == Assessment.objects.get(assessed_on="2026-03-01").pk


def test_thousands_of_rows_take_seconds(bring_in, practice):
    rows = [f"R{n},2025-{m:02}-01,hip_extension,{side},{n % 20},deg,,passive,prone,goniometer,,Mia"
            for n in range(150) for m in range(1, 11) for side in ("left", "right")]  # fmt: skip
    start = time.perf_counter()
    report = bring_in(csv(*rows), create_clients=True)
    assert (report.new_readings, report.assessments, report.new_clients) == (3_000, 1_500, 150)
    assert time.perf_counter() - start < 20  # seconds on a quiet machine; a loaded one gets its time


@pytest.mark.parametrize("clients", [1, 3])
def test_more_clients_need_no_more_statements(bring_in, practice, django_assert_num_queries, clients):
    rows = [f"R{n},2025-01-01,hip_extension,left,2,deg,,,,,," for n in range(clients)]
    bring_in(csv(*rows), create_clients=True)
    again = [row.replace("2025", "2024") for row in rows]
    with django_assert_num_queries(12 + clients * FACTS_OF_A_CLIENT):
        bring_in(csv(*again))


def test_the_command_imports_from_a_file(tmp_path, client_person, capsys):
    file = tmp_path / "m.csv"
    file.write_text("\ufeff" + GOOD)
    call_command("import_measurements", str(file), "--practice", "riverside")
    assert capsys.readouterr().out.startswith("4 rows: 4 new readings in 2 assessments imported")
    call_command("import_measurements", str(file), "--practice", "riverside", "--json")
    out, err = capsys.readouterr()
    assert json.loads(out)["new_readings"] == 0
    assert err == ""


def test_the_command_reads_standard_input(client_person, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    call_command("import_measurements", "-", "--practice", "riverside", "--dry-run")
    assert "would be imported" in capsys.readouterr().out
    assert not Assessment.objects.exists()


def test_the_command_ends_with_2_and_a_line_for_each_problem(tmp_path, client_person, capsys):
    file = tmp_path / "m.csv"
    file.write_text(GOOD.replace("left,2,", "left,99,").replace("left,20,", "up,20,"))
    with pytest.raises(SystemExit) as ended:
        call_command("import_measurements", str(file), "--practice", "riverside")
    assert ended.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "line 2, value: 99 is above the hard limit 60 for hip_extension"
    assert lines[1].startswith("line 5, side: 'up' is not a side")
    assert lines[2] == "2 problems: nothing was imported."
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("name", "slug"), [("missing.csv", "riverside"), ("m.csv", "nowhere"), ("bad.csv", "riverside")]
)
def test_the_command_says_in_one_line_what_it_cannot_read(tmp_path, practice, name, slug):
    (tmp_path / "m.csv").write_text(GOOD)
    (tmp_path / "bad.csv").write_bytes(b"client_ref\n\xff\xfe")
    with pytest.raises(CommandError) as refused:
        call_command("import_measurements", str(tmp_path / name), "--practice", slug)
    assert refused.value.returncode == 2
    assert len(str(refused.value).splitlines()) == 1
