"""A page that was refused shows what was typed: its next save must not undo what is stored and was never shown."""

import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from intake.forms.scores import ScoresForm
from intake.screening import editing
from intake.screening.seen import Seen
from intake.services import form_words, practice_forms
from tests.intake.builder.test_pages import at, drawn


@pytest.fixture
def form(practice, therapist):
    return practice_forms.create(practice=practice, title="Sports massage", start="pt-first-visit", by=therapist)


@pytest.fixture
def builder(client, therapist):
    client.force_login(therapist.user)
    return client


def score(form, key, label):
    return {"key": key, "label": label, "fields": [ScoresForm(form.body).countable[0][0]]}


def set_scores(form, by, **labels):
    """By somebody who sees what is stored now."""
    form.refresh_from_db()
    scores = {key: score(form, key, label) for key, label in labels.items()}
    form_words.set_scores(form=form, scores=scores, seen=Seen.of(form_words.scores_in(form), form.revision), by=by)


def names(form):
    form.refresh_from_db()
    return {key: score["label"] for key, score in form_words.scores_in(form).items()}


def sheet(shown):
    """What a browser would send back of the scores as they are drawn."""
    fields = [field for row in shown.context["rows"] for field in row[0]]
    sent = {field.html_name: field.value() for field in fields if field.value() not in (None, "")}
    return {"revision": shown.context["token"], **sent}


# --- scores -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def scores(builder, form, therapist):
    """The page of two scores: its address, and what is sent of it."""
    for key in names(form):
        form_words.set_scores(form=form, scores={key: None}, seen=Seen.of(form_words.scores_in(form), 1), by=therapist)
    set_scores(form, therapist, s_a="One", s_b="Two")
    url = reverse("intake:form_scores", args=[form.pk])
    return url, sheet(builder.get(url))


def test_after_a_line_that_is_refused_theirs_stays(builder, form, owner, scores):
    url, mine = scores
    set_scores(form, owner, s_b="Theirs")
    refused = builder.post(url, {**mine, "0-label": "Mine", "0-bands": "nonsense"})
    assert refused.status_code == 422
    assert builder.post(url, {**sheet(refused), "0-bands": ""}).status_code == 302
    assert names(form) == {"s_a": "Mine", "s_b": "Theirs"}


def test_after_both_are_shown_only_what_was_shown_is_overwritten(builder, form, owner, scores):
    url, mine = scores
    set_scores(form, owner, s_a="Theirs of one", s_b="Theirs of two")
    both = builder.post(url, {**mine, "0-label": "Mine"})
    assert (both.status_code, both.context["both"]) == (409, ("s_a",))
    set_scores(form, owner, s_a="Theirs anew")
    again = builder.post(url, sheet(both))
    assert again.status_code == 409
    assert "</span> Theirs anew" in again.content.decode()
    assert builder.post(url, sheet(again)).status_code == 302
    assert names(form) == {"s_a": "Mine", "s_b": "Theirs of two"}


def test_the_page_that_saved_last_before_theirs_is_not_taken_for_alone(builder, form, owner, scores):
    """It keeps the revision it was drawn at: the one of now would say that nobody else was here since."""
    url, mine = scores
    keep, tab = reverse("intake:keep_form_scores", args=[form.pk]), {"X-Keep-Tab": "mine"}
    set_scores(form, owner, s_a="Theirs of one", s_b="Theirs of two")
    sent = sheet(builder.post(url, {**mine, "0-label": "Mine"}, headers=tab))
    for label in ("Mine", "Mine, longer"):  # the answer to the first is read, the second goes by it
        kept = builder.post(keep, {**sent, "0-label": label}, headers=tab)
        assert kept.status_code == 200
        sent["revision"] = kept.json()["revision"]
    assert names(form) == {"s_a": "Mine, longer", "s_b": "Theirs of two"}


@pytest.mark.parametrize("wrong", [{"0-key": ""}, {"0-key": None}, {"0-key": "s_b"}, {"1-key": " s_a "}])
def test_rows_that_do_not_say_whose_they_are_are_refused(builder, form, scores, wrong):
    """Counted on from, the rows behind such a row would be read into the wrong score."""
    url, mine = scores
    sent = {name: value for name, value in {**mine, "1-label": "Mine", **wrong}.items() if value is not None}
    refused = builder.post(url, sent)
    assert refused.status_code == 422
    assert "arrived mixed up, so none of them is saved" in refused.content.decode()
    assert 'value="One"' in refused.content.decode()
    assert 'value="Mine"' in refused.content.decode()
    kept = builder.post(reverse("intake:keep_form_scores", args=[form.pk]), sent)
    assert (kept.status_code, len(kept.json()["lines"])) == (422, 1)
    assert names(form) == {"s_a": "One", "s_b": "Two"}


# --- translations -----------------------------------------------------------------------------------------------------


def test_a_translation_that_was_never_shown_is_not_taken_away(builder, form, owner):
    url = reverse("intake:translate_form", args=[form.pk, "es"])
    shown, paths = builder.get(url), ["title", "pages.sport.title"]
    told = dict(zip(paths, ["Suyo", "Suyo también"], strict=True))
    form_words.translate(form=form, language="es", told=told, seen=Seen.of({}, form.revision), by=owner)
    mine = {"revision": shown.context["token"], "path": paths, "text": ["Mío", ""]}
    both = builder.post(url, mine)
    assert (both.status_code, both.context["both"]) == (409, ("title",))
    rows = {each.path: text for each, text, _ in both.context["told"]}
    again = {"revision": both.context["token"], "path": paths, "text": [rows[path] for path in paths]}
    assert builder.post(url, again).status_code == 302
    form.refresh_from_db()
    assert form_words.told_in(form, "es") == {"title": "Mío", "pages.sport.title": "Suyo también"}


# --- a page of questions ----------------------------------------------------------------------------------------------


def save_page(form, by, **labels):
    """Other labels, by somebody who sees the page of sport as it is stored now."""
    form.refresh_from_db()
    page = form.body["pages"][editing.page_at(form.body, "sport")]
    fields = {
        field["key"]: {**field, "label": labels[field["key"]]} for field in page["fields"] if field["key"] in labels
    }
    seen = Seen.of(editing.parts(page), form.revision)
    practice_forms.save(form=form, by=by, page="sport", head=editing.head_of(page), fields=fields, seen=seen)


def labels(form):
    form.refresh_from_db()
    return {field["key"]: field["label"] for page in form.body["pages"] for field in page["fields"]}


@pytest.mark.parametrize("status", [422, 409])
def test_a_question_that_was_never_shown_stays_theirs(builder, form, owner, status):
    mine = drawn(builder, form, "sport")
    save_page(form, owner, sport_now="Theirs?", **({"does_sport": "Theirs too?"} if status == 409 else {}))
    bad = {"f-sport_hours-maximum": "many"} if status == 422 else {}
    refused = builder.post(at(form, "sport"), {**mine, "f-does_sport-label": "Mine?", **bad})
    assert refused.status_code == status
    again = {**mine, "revision": refused.context["token"], "f-does_sport-label": "Mine?"}
    assert builder.post(at(form, "sport"), again).status_code == 302
    assert (labels(form)["does_sport"], labels(form)["sport_now"]) == ("Mine?", "Theirs?")


def test_theirs_that_was_moved_to_another_page_was_shown_as_well(builder, form, owner):
    mine = {**drawn(builder, form, "sport"), "f-does_sport-label": "Mine?"}
    save_page(form, owner, does_sport="Theirs?")
    practice_forms.save(form=form, by=owner, change=lambda body: editing.move_to_page(body, "does_sport", "goals"))
    both = builder.post(at(form, "sport"), mine)
    assert (both.status_code, both.context["both"]) == (409, ["does_sport"])
    assert builder.post(at(form, "sport"), {**mine, "revision": both.context["token"]}).status_code == 302
    assert labels(form)["does_sport"] == "Mine?"


# --- a form that comes along ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_form_at_once_have_one_draft(practice, therapist):
    made, wanted = [], {"practice": practice, "title": "First visit", "start": "first-visit", "by": therapist}

    def take():
        try:
            made.append(practice_forms.create(**wanted).pk)
        finally:
            connection.close()

    other = threading.Thread(target=take)
    with transaction.atomic():
        first = practice_forms.create(**wanted)
        other.start()
        for _ in range(200):
            other.join(0.02)
            if waits_for_a_lock() or not other.is_alive():
                break
    other.join(10)
    assert made == [first.pk]


def waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s)",
            [connection.settings_dict["NAME"]],
        )
        return cursor.fetchone()[0]
