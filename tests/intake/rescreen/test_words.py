"""What was asked again is read in its own words for ever, as it stood there and in the language it was read in."""

import copy

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from clinic import links
from intake.models import FormVersion, Rescreen
from intake.queries.own_data import answers_of_rescreen
from intake.queries.practice_forms import rows as forms_of
from intake.queries.rescreens import asked, of_rescreens
from intake.screening import RED_FLAGS
from intake.screening.again import KEY, again_schema, asked_again
from intake.services import practice_forms, rescreens

pytestmark = pytest.mark.django_db
ENGLISH = RED_FLAGS["diabetes"].question
SPANISH = "¿Tiene diabetes?"


@pytest.fixture
def in_spanish(client_person):
    client_person.language = "es"
    client_person.save()
    return client_person


@pytest.fixture
def other_words(monkeypatch):
    """The questions change in a later release."""

    def change():
        newer = copy.deepcopy(again_schema())
        newer["questions"]["red_flags"]["diabetes"]["question"] = "A newer wording?"
        newer["translations"]["es"]["red_flags"]["diabetes"]["question"] = "¿Otras palabras?"
        monkeypatch.setattr(rescreens, "again_schema", lambda: newer)

    return change


def say(client, nothing_new=False, **flags):
    return rescreens.answer(client=client, answers=flags, nothing_new=nothing_new, by=client)


def question(row, answer):
    return [line.question for line in asked(Rescreen.objects.get(pk=row.pk)) if line.answer == answer]


def test_the_words_of_then_stay_when_the_questions_change(in_spanish, other_words):
    row = say(in_spanish, diabetes="yes")
    other_words()
    newer = say(in_spanish, diabetes="unsure")
    assert (question(row, "yes"), question(newer, "unsure")) == ([SPANISH], ["¿Otras palabras?"])
    assert [line.here for line in asked(row) if line.answer] == [ENGLISH]
    assert [(each.form_version.number, each.language) for each in (row, newer)] == [(1, "es"), (2, "es")]
    for act in (lambda: Rescreen.objects.update(language="en"), lambda: FormVersion.objects.update(schema={})):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_every_question_is_kept_in_its_order_also_where_nothing_was_new(client_person):
    row = say(client_person, nothing_new=True)
    assert [line.question for line in asked(row)] == [item.question for item in asked_again()]
    assert {line.answer for line in asked(row)} == {""}


def test_the_same_words_are_one_version_that_is_nowhere_among_the_forms(client_person, other_client, therapist):
    before = [row.key for row in forms_of(client_person.practice)]
    for flag in ("diabetes", "feels_ill"):
        say(client_person, **{flag: "no"})
    assert FormVersion.objects.filter(key=KEY).count() == 1
    assert [row.key for row in forms_of(client_person.practice)] == before
    named = practice_forms.create(practice=client_person.practice, title="_Anything new", by=therapist)
    assert named.key != KEY


def test_what_was_answered_before_words_were_kept_is_read_in_those_of_today(client_person):
    row = Rescreen.objects.create(
        practice=client_person.practice, client=client_person, nothing_new=False,
        answers={"red_flags": {"diabetes": "yes", "gone_since": "no"}},
    )  # fmt: skip
    assert [(line.question, line.answer) for line in asked(row)] == [(ENGLISH, "yes"), ("gone since", "no")]


def test_the_clients_own_data_has_what_they_read(in_spanish, other_words):
    row = say(in_spanish, diabetes="yes")
    other_words()
    assert (SPANISH, "Yes") in list(answers_of_rescreen(row))


def test_the_practice_reads_question_answer_language_and_version(in_spanish, therapist, client):
    row = say(in_spanish, diabetes="yes")
    client.force_login(therapist.user)
    page = client.get(reverse("intake:rescreen_read", args=[row.pk])).content.decode()
    said, _, as_before = page.partition("left as before")
    assert SPANISH in said
    assert ENGLISH in said
    assert SPANISH not in as_before
    assert RED_FLAGS["feels_ill"].question in as_before
    assert "Asked in Spanish, version 1 of these questions." in page
    (line,) = of_rescreens(therapist, [in_spanish])[in_spanish.pk]
    assert line.url == reverse("intake:rescreen_read", args=[row.pk])


def test_the_page_asks_in_the_words_that_are_kept(in_spanish, client):
    address = reverse("intake:rescreen", args=[links.sign("portal", in_spanish.pk)])
    page = client.get(address).content.decode()
    client.post(address, {"diabetes": "unsure"})
    places = [page.index(line.question) for line in asked(Rescreen.objects.get())]
    assert places == sorted(places)
