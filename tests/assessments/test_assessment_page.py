import pytest
from django.urls import reverse

from assessments.models import Finding, FindingDecision
from clinic import panels
from clinic.models import AuditEntry
from tests.assessments.conftest import block, day, hip_extension, tape


def url(name, row):
    return reverse(f"assessments:{name}", args=[row.pk])


def test_the_page_shows_reading_threshold_source_and_confidence(at, therapist, record):
    text = at(therapist).get(url("assessment", record(hip_extension("left", 2)))).content.decode()
    for words in ("Hip extension, left", "2°; threshold 10°", "Soucie 2011", "Confidence: moderate", "Evidence: weak"):
        assert words in text


def test_trials_are_shown_with_their_spread_and_what_was_typed(at, therapist, record):
    page = at(therapist).get(url("assessment", record(tape("left", 892), tape("left", 896, 2), tape("right", 890))))
    assert "trials 892, 896; spread 4 mm" in page.content.decode()
    inches = record({**tape("left", 35), "unit": "inch"})
    assert "typed 35 inch" in at(therapist).get(url("assessment", inches)).content.decode()


def test_the_picture_says_in_words_what_it_shows(at, therapist, signed, record):
    signed(hip_extension("left", 2))
    text = at(therapist).get(url("assessment", record(hip_extension("left", 4), on=day(2, 5)))).content.decode()
    assert "Hip extension, left 4°, before 2°: within error" in text
    assert 'class="dot-today left within-error"' in text
    assert "Dashed: working threshold 10°, not a norm." in text


def test_what_is_undecided_is_accepted_at_once(at, therapist, record):
    assessment = record(hip_extension("left", 2), hip_extension("right", 3), tape("left", 892), tape("right", 870))
    browser, said = at(therapist), Finding.objects.order_by("id").last()
    browser.post(url("decide", said), {"decision": "rejected", "reason": "Guarding."})
    waiting = Finding.objects.count() - 1
    assert waiting > 1
    assert f"Accept all {waiting} that are undecided" in browser.get(url("assessment", assessment)).content.decode()
    page = browser.post(url("accept", assessment), follow=True).content.decode()
    assert f"{waiting} findings accepted." in page
    assert "that are undecided" not in page
    told = {(row.code, row.side): row.decision for row in FindingDecision.objects.all()}
    assert told.pop((said.code, said.side)) == "rejected"
    assert (len(told), set(told.values())) == (waiting, {"accepted"})
    assert AuditEntry.objects.filter(verb="finding.decided").count() == waiting + 1


def test_the_way_from_a_signed_assessment_leads_to_the_programme(at, therapist, record, signed):
    way = panels.record_url(record().client_id, "programme")
    assert f'href="{way}"' in at(therapist).get(url("assessment", signed(hip_extension("left", 2)))).content.decode()


def test_accepting_and_rejecting(at, therapist, record):
    assessment = record(hip_extension("left", 2))
    finding, browser = Finding.objects.get(code="hip_extension_limited"), at(therapist)
    answer = browser.post(url("decide", finding), {"decision": "accepted"})
    assert (answer.status_code, answer.url) == (302, f"{url('assessment', assessment)}#finding-{finding.pk}")
    refused = browser.post(url("decide", finding), {"decision": "rejected", "reason": " "})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    browser.post(url("decide", finding), {"decision": "rejected", "reason": "Guarding."})
    assert [row.decision for row in FindingDecision.objects.all()] == ["accepted", "rejected"]
    assert "Guarding." in browser.get(url("assessment", assessment)).content.decode()


def test_signing_and_marking_in_error(at, therapist, record):
    assessment, browser = record(), at(therapist)
    assert browser.get(url("sign", assessment)).status_code == 405
    browser.post(url("sign", assessment))
    assessment.refresh_from_db()
    assert (assessment.state, assessment.signed_by) == ("signed", therapist)
    assert "is signed and can" in browser.post(url("sign", assessment), follow=True).content.decode()
    assert browser.get(url("entered_in_error", assessment)).status_code == 200
    assessment.refresh_from_db()
    assert assessment.state == "signed"
    browser.post(url("entered_in_error", assessment))
    assessment.refresh_from_db()
    assert assessment.state == "entered_in_error"


@pytest.mark.parametrize("name", ["assessment", "edit", "entered_in_error"])
def test_another_practice_finds_nothing_and_reception_is_kept_out(at, other_therapist, receptionist, record, name):
    assessment = record()
    assert at(other_therapist).get(url(name, assessment)).status_code == 404
    assert at(receptionist).get(url(name, assessment)).status_code == 403


def test_another_practice_decides_nothing(at, other_therapist, record):
    record()
    finding = Finding.objects.first()
    assert at(other_therapist).post(url("decide", finding), {"decision": "accepted"}).status_code == 404


@pytest.mark.parametrize("name", ["new", "progress"])
def test_another_practice_s_client_is_not_there(at, therapist, other_client, name):
    assert at(therapist).get(url(name, other_client)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_findings(at, therapist, record, count, django_assert_num_queries):
    rows = [tape("left", 892), hip_extension("left", 2), hip_extension("right", 3), tape("right", 870), block(22)]
    assessment, browser = record(*rows[: count * 2 - 1]), at(therapist)
    with django_assert_num_queries(15):  # six: earlier leg lengths, the alert on the record, the banner
        browser.get(url("assessment", assessment))


def test_the_change_page(at, therapist, client_person, signed, record):
    browser = at(therapist)
    assert "Nothing to compare yet" in browser.get(url("progress", client_person)).content.decode()
    signed(hip_extension("left", 2))
    signed(hip_extension("left", 20), on=day(2, 5))
    record(on=day(2, 6))
    text = browser.get(url("progress", client_person)).content.decode()
    for words in ("Improved", "2 Mar 2026", "A draft is not counted here"):
        assert words in text


@pytest.mark.parametrize("count", [2, 4])
def test_the_change_page_costs_the_same_however_many(
    at, therapist, client_person, signed, count, django_assert_num_queries
):
    for month in range(1, count + 1):
        signed(hip_extension("left", 2), on=day(2, month))
    browser = at(therapist)
    with django_assert_num_queries(18):
        browser.get(url("progress", client_person))


def panel(registry, key):
    return next(found for found in registry if found.key == key)


@pytest.mark.parametrize("count", [1, 3])
def test_the_dashboard_panel_shows_drafts(record, signed, therapist, count, django_assert_num_queries):
    for number in range(count):
        record(on=day(2 + number))
    signed(on=day(2, 1))
    with django_assert_num_queries(1):
        shown = panel(panels.dashboard, "assessments").context(therapist)
    assert len(shown["drafts"]) == count


def test_the_client_panel_shows_findings_and_changes(signed, therapist, client_person):
    show = panel(panels.client, "assessment").context
    assert show(therapist, client_person) == {"latest": None}
    signed(hip_extension("left", 2))
    latest = signed(hip_extension("left", 20), on=day(2, 5))
    shown = show(therapist, client_person)
    assert (shown["latest"], [change.verdict for change in shown["changes"]]) == (latest, ["improved"])
