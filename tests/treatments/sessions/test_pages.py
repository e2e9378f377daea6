"""The pages of a note as somebody without a script has them, and how often they ask the database."""

import datetime
import json
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.services import assessments
from clinic.models import Visit
from tests.treatments.sessions.conftest import PSOAS, STROKE
from treatments.models import SessionNote
from treatments.queries.session_timeline import session_events
from treatments.queries.sessions import note_address, sessions_panel
from treatments.services import sessions
from treatments.services.sessions import Row, content_of


def fields(page):
    """What the form of a page would send."""
    form = page.context["sheet"].form
    names = ("note", "revision", "held_on", "subjective", "objective", "analysis", "plan", "pain_before", "pain_after")
    values = {name: form[name].value() for name in names}
    values["chart"] = form["chart"].value()
    values["assessment"] = form["assessment"].value()
    for row in page.context["sheet"].rows:
        values |= {row.add_prefix(name): row[name].value() for name in row.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def at(name, *args):
    return reverse(f"treatments:{name}", args=args)


def test_opening_an_empty_sheet_writes_nothing(logged_in, client_person):
    assert logged_in.get(at("new_note", client_person.pk)).status_code == 200
    assert not SessionNote.objects.exists()


def test_writing_and_signing_without_a_script(logged_in, client_person):
    page = logged_in.get(at("new_note", client_person.pk))
    typed = {
        "subjective": "Stiff.",
        "t-0-technique": "trigger-point pressure",
        "t-0-structure": "Psoas",
        "t-0-side": "right",
    }
    sent = fields(page) | typed | {"mark_place": "back-right_low_back", "mark_kind": "ache", "do": "mark"}
    answer = logged_in.post(at("new_note", client_person.pk), sent)
    note = SessionNote.objects.get()
    assert answer.url == f"{at('edit_note', note.pk)}#chart"
    assert (note.chart[0]["kind"], note.techniques.get().structure) == ("ache", "psoas")
    page = logged_in.get(at("edit_note", note.pk))
    assert b"Ache: right low back" in page.content
    answer = logged_in.post(at("edit_note", note.pk), fields(page) | {"do": "sign"})
    assert answer.url == at("note", note.pk)
    assert "keep_done" in answer.cookies
    shown = logged_in.get(answer.url).content.decode()
    assert "Stiff." in shown
    assert "Trigger-point pressure" in shown
    assert "Ache: right low back" in shown


def test_a_blank_sheet_leaves_no_trace(logged_in, client_person):
    page = logged_in.get(at("new_note", client_person.pk))
    logged_in.post(at("new_note", client_person.pk), fields(page))
    assert not SessionNote.objects.exists()


def test_what_is_missing_is_said_and_what_was_typed_is_kept(logged_in, draft):
    page = logged_in.get(at("edit_note", draft.pk))
    answer = logged_in.post(at("edit_note", draft.pk), fields(page) | {"t-0-technique": "trig", "do": "sign"})
    assert answer.status_code == 422
    assert "“trig” is not in the list of techniques" in answer.content.decode()
    assert fields(answer)["revision"] == 2
    assert SessionNote.objects.get().techniques.get().technique == "trig"


def test_a_number_that_can_not_be_comes_back_as_it_was_typed(logged_in, draft):
    page = logged_in.get(at("edit_note", draft.pk))
    answer = logged_in.post(at("edit_note", draft.pk), fields(page) | {"t-0-minutes": "900", "plan": "New."})
    assert answer.status_code == 422
    assert (fields(answer)["t-0-minutes"], fields(answer)["plan"]) == ("900", "New.")
    assert SessionNote.objects.get().plan == "Go on."


def test_same_as_last_time(logged_in, signed, client_person):
    page = logged_in.get(at("new_note", client_person.pk))
    logged_in.post(at("new_note", client_person.pk), fields(page) | {"do": "repeat", "subjective": "New."})
    note = SessionNote.objects.exclude(pk=signed.pk).get()
    assert content_of(note).techniques == (PSOAS,)
    assert (note.subjective, note.plan, note.pain_before, note.chart) == ("New.", "Go on.", None, [])


def test_measuring_keeps_the_note_and_comes_back(logged_in, draft, client_person):
    page = logged_in.get(at("edit_note", draft.pk))
    answer = logged_in.post(at("edit_note", draft.pk), fields(page) | {"plan": "Kept.", "do": "measure"})
    assert answer.url.startswith(reverse("assessments:new", args=[client_person.pk]) + "?next=%2Fnotes%2F")
    assert SessionNote.objects.get().plan == "Kept."


def test_two_editors_get_both_versions_and_choose(logged_in, draft, keep, said, owner):
    page = logged_in.get(at("edit_note", draft.pk))
    hers = replace(said, plan="Hers.", subjective="Her words.", pain_after=5, techniques=(PSOAS, Row("education")))
    keep(hers, note=draft, by=owner)
    mine = {"plan": "Mine.", "subjective": "My words.", "pain_after": "2", "t-1-technique": "Heat"}
    both = logged_in.post(at("edit_note", draft.pk), fields(page) | mine)
    assert both.status_code == 409
    for words in ("Hers.", "Mine.", "Her words.", "My words.", "Explaining and advice", "Heat"):
        assert words in both.content.decode()
    assert SessionNote.objects.get().plan == "Hers."
    choices = {
        "choose-plan": "theirs",
        "choose-subjective": "both",
        "choose-pain_after": "mine",
        "choose-techniques": "both",
    }
    kept = {"mine": both.context["mine"], "revision": both.context["revision"]}
    answer = logged_in.post(at("merge_note", draft.pk), kept | choices)
    assert answer.status_code == 302
    note = SessionNote.objects.get()
    assert (note.plan, note.subjective, note.pain_after) == ("Hers.", "Her words.\n\nMy words.", 2)
    assert [row.technique for row in note.techniques.all()] == ["trigger_point_pressure", "education", "heat"]


def test_a_third_editor_while_two_versions_are_compared(logged_in, draft, keep, said, owner):
    page = logged_in.get(at("edit_note", draft.pk))
    note = keep(replace(said, plan="Hers."), note=draft, by=owner)
    both = logged_in.post(at("merge_note", draft.pk), fields(page) | {"plan": "Mine."})
    keep(replace(said, plan="Later."), note=note, by=owner)
    again = logged_in.post(
        at("merge_note", draft.pk), {"mine": both.context["mine"], "revision": "2", "choose-plan": "mine"}
    )
    assert again.status_code == 409
    assert "Later." in again.content.decode()
    assert "Mine." in again.content.decode()
    assert SessionNote.objects.get().plan == "Later."


@pytest.mark.parametrize("mine", ["", "[]", "{}", "null", '{"plan": 1}', json.dumps({"techniques": [{"x": 1}]})])
def test_a_merge_page_that_makes_no_sense_writes_nothing(logged_in, draft, said, mine):
    answer = logged_in.post(at("merge_note", draft.pk), {"mine": mine, "revision": "1"})
    assert answer.status_code == 422
    assert content_of(SessionNote.objects.get()) == said


def test_what_a_merge_page_carries_is_taken_as_it_was_written(logged_in, draft, keep, said, owner):
    page = logged_in.get(at("edit_note", draft.pk))
    keep(replace(said, plan="Hers."), note=draft, by=owner)
    both = logged_in.post(at("merge_note", draft.pk), fields(page) | {"plan": "Mine."})
    other = both.context["mine"].replace('"Mine."', "5")
    assert other != both.context["mine"]
    assert logged_in.post(at("merge_note", draft.pk), {"mine": other, "revision": "2"}).status_code == 422
    assert SessionNote.objects.get().plan == "Hers."


NO_CHARTS = [
    "5",
    '"abc"',
    '{"view": "back"}',
    '[{"view": "back"}]',
    "[5]",
    "true",
    "nonsense",
    "9" * 5000,
    "[" * 99_999,
]


@pytest.mark.parametrize("chart", NO_CHARTS, ids=range(len(NO_CHARTS)))
def test_a_chart_that_is_none_is_refused(logged_in, draft, said, chart):
    page = logged_in.get(at("edit_note", draft.pk))
    for address in ("edit_note", "keep_note", "merge_note"):
        answer = logged_in.post(at(address, draft.pk), fields(page) | {"chart": chart})
        assert answer.status_code == 422, address
    assert content_of(SessionNote.objects.get()) == said


def test_signed_while_somebody_typed(logged_in, draft, therapist):
    page = logged_in.get(at("edit_note", draft.pk))
    sessions.sign(note=draft, by=therapist)
    for name in ("edit_note", "merge_note"):
        answer = logged_in.post(at(name, draft.pk), fields(page) | {"plan": "Too late."})
        assert answer.status_code == 409
        assert "Too late." in answer.content.decode()
    kept = logged_in.post(at("keep_note", draft.pk), fields(page) | {"plan": "Too late."})
    assert kept.status_code == 422
    assert "is signed" in kept.json()["lines"][0]
    assert SessionNote.objects.get().plan == "Go on."


def test_what_was_typed_by_somebody_else_is_not_taken(logged_in, draft, owner):
    page = logged_in.get(at("edit_note", draft.pk))
    headers = {"X-Keep-User": str(owner.user.pk)}
    answer = logged_in.post(at("keep_note", draft.pk), fields(page) | {"plan": "Hers."}, headers=headers)
    assert answer.status_code == 401
    assert SessionNote.objects.get().plan == "Go on."


def test_the_trainee_reads_why_it_came_back(client, waiting, therapist, trainee):
    client.force_login(therapist.user)
    client.post(at("return_note", waiting.pk), {"text": "Which side?"})
    client.force_login(trainee.user)
    assert "Which side?" in client.get(at("edit_note", waiting.pk)).content.decode()


def test_entered_in_error_is_struck_through_with_its_reason(logged_in, signed):
    logged_in.post(at("note_in_error", signed.pk), {"text": "Another client."})
    shown = logged_in.get(at("note", signed.pk)).content.decode()
    assert "Another client." in shown
    assert "struck" in shown
    assert "Stiff." in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_lists(logged_in, keep, said, therapist, client_person, rows, django_assert_num_queries):
    for number in range(rows):
        note = sessions.sign(note=keep(replace(said, plan=f"{number}")), by=therapist)
        sessions.amend(note=note, text="More.", by=therapist)
    with django_assert_num_queries(3):
        assert len(sessions_panel(therapist, client_person)["notes"]) == rows
    with django_assert_num_queries(3):
        assert len(session_events(therapist, client_person, None, 20)) == rows
    logged_in.get(at("notes", client_person.pk))
    with django_assert_num_queries(12):
        logged_in.get(at("notes", client_person.pk))


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_sheet_do_not_grow_with_its_rows(logged_in, keep, said, rows, django_assert_num_queries):
    note = keep(replace(said, techniques=(PSOAS,) * rows, chart=[STROKE] * rows))
    with django_assert_num_queries(18):
        logged_in.get(at("edit_note", note.pk))
    with django_assert_num_queries(10):
        logged_in.get(at("note", note.pk))


def test_what_was_measured_in_the_session_stands_in_the_note(logged_in, draft, client_person, therapist, yesterday):
    reading = {"measure": "hip_extension", "side": "right", "unit": "deg", "mode": "passive", "position": "prone"}

    def measure(day, value):
        rows = [{**reading, "value": value, "instrument": "goniometer"}]
        return assessments.record(client=client_person, assessed_on=day, measurements=rows, by=therapist)

    assessments.sign(assessment=measure(yesterday, 2), by=therapist)
    now = measure(client_person.today, 8)
    page = logged_in.get(f"{at('edit_note', draft.pk)}?assessment={now.pk}")
    assert fields(page)["assessment"] == str(now.pk)
    logged_in.post(at("edit_note", draft.pk), fields(page) | {"do": "sign"})
    shown = logged_in.get(at("note", draft.pk)).content.decode()
    assert SessionNote.objects.get().assessment == now
    assert "2° → 8°" in shown
    assert "Within error" in shown
    assert "Improved" not in shown


def test_a_note_of_a_visit_begins_with_its_day_and_is_found_again(logged_in, client_person, therapist, yesterday):
    starts = datetime.datetime.combine(yesterday, datetime.time(10), client_person.practice.zone)
    ends = starts + datetime.timedelta(hours=1)
    visit = Visit.objects.create(
        practice=client_person.practice, client=client_person, therapist=therapist, starts_at=starts, ends_at=ends
    )
    address = f"{at('new_note', client_person.pk)}?visit={visit.pk}"
    assert note_address(visit) == address
    page = logged_in.get(address)
    assert fields(page)["held_on"] == yesterday
    logged_in.post(at("new_note", client_person.pk), fields(page) | {"visit": visit.pk, "plan": "Go on."})
    note = SessionNote.objects.get()
    assert (note.visit, note.held_on) == (visit, yesterday)
    assert logged_in.get(address).url == at("note", note.pk)
    assert "Go on with the draft" in logged_in.get(at("new_note", client_person.pk)).content.decode()
    visit.state = "cancelled"
    assert note_address(visit) == ""


def test_a_visit_of_another_client_is_not_there(logged_in, client_person, other_client, other_therapist):
    now = timezone.now()
    visit = Visit.objects.create(
        practice=other_client.practice, client=other_client, therapist=other_therapist, starts_at=now,
        ends_at=now + datetime.timedelta(hours=1),
    )  # fmt: skip
    assert logged_in.get(f"{at('new_note', client_person.pk)}?visit={visit.pk}").status_code == 404


def test_what_was_refused_is_told_to_the_browser_as_not_kept(logged_in, draft):
    page = logged_in.get(at("edit_note", draft.pk))
    assert "data-keep-unsaved" not in page.content.decode()
    answer = logged_in.post(at("edit_note", draft.pk), fields(page) | {"t-0-minutes": "900"})
    assert "data-keep-unsaved" in answer.content.decode()
