import io
import json

import pytest
from django.core.management import CommandError, call_command

from assessments import queries
from tests.assessments.conftest import block, day, hip_extension

KEYS = {
    "measure", "side", "mode", "position", "instrument", "before", "after", "before_date", "after_date", "difference",
    "mdc", "verdict", "note",
}  # fmt: skip


def verdicts(client):
    return [(change.side, change.difference, change.verdict) for change in queries.changes(client)]


@pytest.mark.parametrize(
    ("after", "verdict"), [(14.9, "within_error"), (15, "improved"), (-11, "worse"), (-10.9, "within_error")]
)
def test_a_change_is_judged_against_the_measurement_error(signed, client_person, after, verdict):
    signed(hip_extension("left", 2))
    signed(hip_extension("left", after), on=day(2, 5))
    assert [change.verdict for change in queries.changes(client_person)] == [verdict]


def test_drafts_are_not_counted_but_show_their_own_change(signed, record, client_person):
    signed(hip_extension("left", 2))
    draft = record(hip_extension("left", 20), on=day(2, 5))
    assert queries.changes(client_person) == []
    assert [change.verdict for change in queries.changes_into(draft)] == ["improved"]


def test_the_latest_earlier_reading_of_the_same_way_is_taken(signed, client_person):
    signed(hip_extension("left", 2))
    signed(hip_extension("left", 6, position="side_lying"), on=day(2, 4))
    signed(hip_extension("left", 16), on=day(2, 5))
    assert verdicts(client_person) == [("left", None, "not_comparable"), ("left", 14, "improved")]
    assert queries.changes(client_person)[1].before_date == day(2)


def test_a_difference_on_the_other_side_is_not_comparable(signed, client_person):
    signed(block(9, "right"))
    signed(block(9, "left"), on=day(2, 5))
    change = queries.changes(client_person)[0]
    assert (change.verdict, change.note) == ("not_comparable", "the shorter side was right, now left")


def test_the_command_prints_the_contract_s_list_oldest_first(signed, client_person):
    for place, value in enumerate((2, 4, 20)):
        signed(hip_extension("left", value), on=day(2, 3 + place))
    out = io.StringIO()
    call_command("progress", "c0001", "--practice", "riverside", "--json", stdout=out)
    rows = json.loads(out.getvalue())
    assert [set(row) for row in rows] == [KEYS, KEYS]
    assert [row["verdict"] for row in rows] == ["within_error", "improved"]
    assert rows[0]["before_date"] == "2026-03-02"


def test_the_command_prints_a_table_for_people(signed, client_person):
    out = io.StringIO()
    call_command("progress", "C0001", "--practice", "riverside", stdout=out)
    assert out.getvalue().strip() == "Nothing to compare yet."
    signed(hip_extension("left", 2))
    signed(hip_extension("left", 20), on=day(2, 5))
    out = io.StringIO()
    call_command("progress", "C0001", "--practice", "riverside", stdout=out)
    assert "hip_extension" in out.getvalue().splitlines()[1]


@pytest.mark.parametrize(("ref", "slug"), [("C9999", "riverside"), ("C0001", "nowhere")])
def test_an_unknown_client_is_one_clear_line(client_person, ref, slug):
    with pytest.raises(CommandError, match=f"There is no client '{ref}' in a practice '{slug}'") as refused:
        call_command("progress", ref, "--practice", slug)
    assert refused.value.returncode == 2
