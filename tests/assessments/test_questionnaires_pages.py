import pytest
from django.urls import reverse

from assessments import queries
from assessments.models import QuestionnaireResponse
from assessments.rules.questionnaires import QUESTIONNAIRES
from assessments.views.trends import BOTTOM, TOP, trend_of
from tests.assessments.conftest import day
from tests.assessments.test_questionnaires import odi, own

NAMES = ("Walk to the shop", "Put on socks", "Sit an hour")


def fill_url(client, key):
    return reverse("assessments:fill_questionnaire", args=[client.pk, key])


def page_of(response):
    return reverse("assessments:questionnaire", args=[response.pk])


def psfs_form(*scores, **more):
    named = {f"activity_{row}": name for row, name in enumerate(NAMES, 1)}
    return {**named, **{f"score_{row}": score for row, score in enumerate(scores, 1)}, **more}


FILLED = {
    "nprs": {"worst": "8", "average": "5", "now": ""},
    "rmdq": {"ticked": ["1", "5", "24"]},
    "psfs": psfs_form("2", "4", "5"),
    "groc": {"change": "-3"},
    "score_only": {"name": "ODI 2.1", "total": "41,5", "licence_held": "no"},
}
SHOWN = {"nprs": "5 of 10", "rmdq": "3 of 24", "psfs": "3.67 of 10", "groc": "-3, somewhat worse", "score_only": "41.5"}


@pytest.mark.parametrize("key", list(QUESTIONNAIRES))
def test_filling_in_without_script(at, therapist, client_person, key):
    browser, url = at(therapist), fill_url(client_person, key)
    assert browser.get(url).status_code == 200
    answer = browser.post(url, {"answered_on": "2026-03-02", **FILLED[key]}, follow=True)
    response = QuestionnaireResponse.objects.get()
    assert answer.redirect_chain[-1][0] == page_of(response)
    assert SHOWN[key] in answer.content.decode()
    assert (response.questionnaire, response.answered_on, response.entered_by) == (key, day(2), therapist)


def test_an_unknown_questionnaire_is_404(at, therapist, client_person):
    assert at(therapist).get(fill_url(client_person, "odi")).status_code == 404


@pytest.mark.parametrize(
    ("key", "sent", "field", "said"),
    [
        ("nprs", {"worst": "7"}, "average", "Is missing; choose 0 to 10."),
        ("nprs", {"worst": "4", "average": "5"}, "worst", "4 is below “Average pain in the last 7 days”, which is 5."),
        ("nprs", {"average": "eleven"}, "average", "“eleven” is not a whole number; allowed: 0 to 10."),
        ("rmdq", {}, "none_of_them", "Nothing is ticked. If that is so, tick this."),
        ("rmdq", {"ticked": ["1"], "none_of_them": "on"}, "none_of_them", "1 above is ticked."),
        ("rmdq", {"ticked": ["1", "2"], "none_of_them": "on"}, "none_of_them", "2 above are ticked."),
        ("rmdq", {"ticked": ["25"]}, "ticked", "Select a valid choice"),
        ("psfs", psfs_form("2", "4"), "score_3", "Is missing; choose 0 to 10."),
        ("psfs", psfs_form("2", "4", "5", activity_2=""), "activity_2", "Is missing; a few words"),
        ("psfs", psfs_form("2", "4", "5", activity_5="Lift"), "score_5", "Is missing; choose 0 to 10."),
        ("psfs", psfs_form("2", "4", "5", activity_3="put on  SOCKS"), "activity_3", "stands there twice"),
        ("groc", {}, "change", "Is missing; choose -7 to 7."),
        ("score_only", {"name": "ODI", "licence_held": "yes"}, "total", "Is missing."),
        ("score_only", {"name": "ODI", "licence_held": "yes", "total": "many"}, "total", "“many” is not a number."),
        ("score_only", {"name": "ODI", "total": "4"}, "licence_held", "Is missing; say yes or no."),
        ("score_only", {"total": "4", "licence_held": "yes"}, "name", "Is missing."),
        (
            "score_only",
            {"name": "O\u0007DI", "total": "1.234", "licence_held": "yes"},
            "total",
            "1.234 has more than two decimals.",
        ),
    ],
)
def test_a_mistake_is_said_at_its_place(at, therapist, client_person, key, sent, field, said):
    answer = at(therapist).post(fill_url(client_person, key), {"answered_on": "2026-03-02", **sent})
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert said in errors[field][0]
    assert errors[field][0][0] in "“ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    assert "9999" not in errors[field][0]
    assert not QuestionnaireResponse.objects.exists()


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({}, "activity_1", "Name at least 3 activities; none is filled in."),
        (psfs_form("2", activity_2="", activity_3=""), "activity_2", "Name at least 3 activities; 1 is filled in."),
        (psfs_form("2", "4", activity_3=""), "activity_3", "Name at least 3 activities; 2 are filled in."),
    ],
)
def test_too_few_activities_are_said_where_the_next_one_goes(at, therapist, client_person, sent, field, said):
    answer = at(therapist).post(fill_url(client_person, "psfs"), {"answered_on": "2026-03-02", **sent})
    assert answer.context["form"].errors == {field: [said]}
    assert f'href="#id_{field}"' in answer.content.decode()


@pytest.mark.parametrize("on", ["", "soon", "2126-01-01", "1970-01-01"])
def test_a_wrong_day_comes_back_with_everything_typed(at, therapist, client_person, on):
    sent = psfs_form("2", "4", "5", activity_4="Sleep", score_4="0", answered_on=on)
    answer = at(therapist).post(fill_url(client_person, "psfs"), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["answered_on"]
    page = answer.content.decode()
    assert all(f'value="{name}"' in page for name in (*NAMES, "Sleep"))
    assert page.count(" checked") == 4


def test_nothing_ticked_is_a_score_of_zero_once_it_is_said(at, therapist, client_person):
    sent = {"answered_on": "2026-03-02", "none_of_them": "on"}
    at(therapist).post(fill_url(client_person, "rmdq"), sent)
    response = QuestionnaireResponse.objects.get()
    assert (response.score, response.answers) == (0, {})


def test_the_same_activities_are_asked_again_without_their_scores(at, therapist, client_person, fill):
    fill("psfs", own(2, 4, 5))
    form = at(therapist).get(fill_url(client_person, "psfs")).context["form"]
    rows = [*form.needed_rows, *form.further_rows]
    assert [activity.value() for activity, _ in rows] == [*NAMES, "", ""]
    assert [score.value() for _, score in rows] == [None] * 5


def test_the_record_shows_the_latest_of_each_with_verdict_line_and_table(at, therapist, client_person, fill):
    for number, on in ((8, day(2)), (7, day(9)), (4, day(16))):
        fill(answers={"average": number}, on=on)
    odi(fill)
    text = at(therapist).get(reverse("clinic:client", args=[client_person.pk]) + "?tab=assessments").content.decode()
    for words in (
        "4 of 10", "Improved", "ODI 2.1", "Since 9 Mar 2026: 3 points better; counts from 2.1 points",
        "Since the first, 2 Mar 2026",
        "Lower is better. Band: not yet a change that counts, from the score of 9 Mar 2026.",
    ):  # fmt: skip
        assert words in text
    assert '<polyline class="trend plumb"' in text
    assert "2 Mar 2026: 8; 9 Mar 2026: 7; 16 Mar 2026: 4" in text
    assert all(f"/questionnaires/{key}/" in text for key in QUESTIONNAIRES)


def test_a_receptionist_sees_none_of_it(at, receptionist, client_person, fill):
    fill()
    assert (
        "Questionnaires" not in at(receptionist).get(reverse("clinic:client", args=[client_person.pk])).content.decode()
    )


def test_the_page_of_one_answer(at, therapist, fill):
    fill("psfs", own(2, 4, 5))
    text = at(therapist).get(page_of(fill("psfs", own(5, 5, 7), on=day(9)))).content.decode()
    for words in (
        "5.67 of 10", "Improved", "2 points better; counts from 2 points", "Walk to the shop: 2 then, 5 now",
        "Minimal detectable change (90 %): unverified: our own working value.",
    ):  # fmt: skip
        assert words in text
    assert "our own working value (unverified" not in text


def test_how_far_a_source_was_checked_is_said_once(at, therapist, client_person):
    text = at(therapist).get(fill_url(client_person, "groc")).content.decode()
    assert text.count("our own working value") == 1
    known = QUESTIONNAIRES["nprs"].change
    assert f"({known.tag_words})" in at(therapist).get(fill_url(client_person, "nprs")).content.decode()


def test_what_can_be_filled_in_is_offered_by_its_full_name(at, therapist, client_person):
    text = at(therapist).get(reverse("clinic:client", args=[client_person.pk]) + "?tab=assessments").content.decode()
    for name in ("Pain, 0 to 10 (NPRS)", "Global rating of change (GROC)", "Score of another questionnaire"):
        assert name in text


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_of_one_answer_reads_its_series_once(at, therapist, fill, count, django_assert_num_queries):
    """Session, user, membership, the answer, all answers of its client; and four of the banner."""
    browser, rows = at(therapist), [fill(on=day(number)) for number in range(1, count + 1)]
    with django_assert_num_queries(9):
        assert browser.get(page_of(rows[-1])).status_code == 200


@pytest.mark.parametrize(
    ("key", "answers", "more", "words"),
    [
        ("rmdq", {"1": True}, {}, "to be compared with the printed form before clinical use"),
        ("score_only", {"total": 3}, {"name": "ODI", "licence_held": False}, "No licence is known for this form"),
        ("groc", {"change": 4}, {}, "No change that counts"),
    ],
)
def test_what_to_know_before_relying_on_it(at, therapist, fill, key, answers, more, words):
    assert words in at(therapist).get(page_of(fill(key, answers, **more))).content.decode()


def test_other_activities_than_last_time(at, therapist, fill):
    fill("psfs", own(2, 4, 5))
    text = at(therapist).get(page_of(fill("psfs", own(5, 5, 7, 9), on=day(9)))).content.decode()
    assert "Not comparable" in text
    assert "The activities are not the same as last time" in text


def test_marking_in_error_asks_first(at, therapist, client_person, fill):
    response, browser = fill(), at(therapist)
    url = reverse("assessments:questionnaire_in_error", args=[response.pk])
    assert browser.get(url).status_code == 200
    response.refresh_from_db()
    assert not response.entered_in_error
    answer = browser.post(url, follow=True)
    assert "Marked as entered in error" in answer.content.decode()
    assert "Nothing filled in yet" in answer.content.decode()
    assert "marked as entered in error already" in browser.post(url, follow=True).content.decode()
    assert "counts for nothing: no comparison" in browser.get(page_of(response)).content.decode()


# --- the line ---------------------------------------------------------------------------------------------------------


def drawn(client):
    (series,) = queries.series_of(client)
    return trend_of(series, "trend")


@pytest.mark.parametrize(
    ("before", "after", "band"),
    [
        (8, 6, (10, 5.6)),  # worse from 10, better from 5.6
        (1, 1, (3, 0)),  # no better score is left: the band ends with the scale
    ],
)
def test_the_band_is_what_does_not_count_yet(fill, client_person, before, after, band):
    fill(answers={"average": before})
    fill(answers={"average": after}, on=day(9))
    trend = drawn(client_person)
    height = BOTTOM - TOP
    top, bottom = (BOTTOM - number / 10 * height for number in band)
    assert trend.band.y == pytest.approx(top, abs=0.1)
    assert trend.band.y + trend.band.height == pytest.approx(bottom, abs=0.1)
    assert trend.dots[-1].within


def test_the_band_of_a_rating_lies_around_no_change(fill, client_person):
    fill("groc", {"change": 7})
    fill("groc", {"change": 5}, on=day(9))
    trend = drawn(client_person)
    assert trend.band.y + trend.band.height / 2 == pytest.approx((TOP + BOTTOM) / 2, abs=0.1)
    assert (trend.dots[-1].within, trend.caption) == (False, "Higher is better. Band: not yet a change that counts.")


def test_no_line_leads_from_one_set_of_activities_to_another(fill, client_person):
    for number, count in enumerate((3, 3, 4, 4, 3), 1):
        fill("psfs", own(*([2] * count)), on=day(number))
    trend = drawn(client_person)
    assert ([len(run) for run in trend.runs], len(trend.lines)) == ([2, 2, 1], 2)
    assert len(trend.small.dots) == len(trend.dots) == 5
    assert all(0 < dot.x < trend.small.width and 0 < dot.y < trend.small.height for dot in trend.small.dots)


def test_one_score_is_no_line_and_one_day_is_drawn_evenly(fill, client_person):
    fill()
    assert drawn(client_person) is None
    fill()
    fill()
    xs = [dot.x for dot in drawn(client_person).dots]
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=0.2)


def test_scores_without_a_known_range_are_drawn_from_zero(fill, client_person):
    odi(fill)
    odi(fill, on=day(9))
    assert {dot.y for dot in drawn(client_person).dots} == {TOP}
    odi(fill, 10, on=day(16))
    trend = drawn(client_person)
    assert (trend.band, trend.highest, trend.lowest) == (None, "40", "0")
    assert "is not on file" in trend.caption
