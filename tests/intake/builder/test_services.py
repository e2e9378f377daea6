"""Building forms together, publishing versions that never change, and what is sent."""

import copy

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from clinic.models import AuditEntry
from clinic.problems import InvalidInput
from intake.models import FormVersion, PracticeForm
from intake.queries import practice_forms as queries
from intake.screening import editing
from intake.screening.seen import Seen
from intake.services import form_words, forms, practice_forms, requests, responses
from tests.intake.conftest import full_answers


@pytest.fixture
def form(practice, therapist):
    return practice_forms.create(practice=practice, title="Sports massage", start="first-visit", by=therapist)


def field_of(form, key):
    return next(field for page in form.body["pages"] for field in page["fields"] if field["key"] == key)


def typed(form, page, by, **labels):
    """One page saved by somebody who saw it as `form` has it, with other labels."""
    there = next(each for each in form.body["pages"] if each["key"] == page)
    fields = {field["key"]: {**field, "label": labels.get(field["key"], field["label"])} for field in there["fields"]}
    seen = Seen.of(editing.parts(there), form.revision)
    return practice_forms.save(form=form, by=by, page=page, head=editing.head_of(there), fields=fields, seen=seen)


def change(form, by, edit):
    return practice_forms.save(form=form, by=by, change=edit)


# --- beginning --------------------------------------------------------------------------------------------------------


def test_an_empty_form_has_what_every_form_has(practice, therapist):
    form = practice_forms.create(practice=practice, title="Mine", by=therapist)
    assert form.body["pages"][0]["fields"] == []
    assert [fault.path for fault in queries.faults(form)] == ["pages[0].title", "pages[0].fields"]


def test_a_copy_is_another_form(form, therapist):
    twin = practice_forms.create(practice=form.practice, title="Sports massage", start=form, by=therapist)
    assert twin.key == "sports-massage-2"
    typed(twin, "shoes", therapist, footwear="Which shoes?")
    form.refresh_from_db()
    assert field_of(form, "footwear")["label"] == "What do you wear most of the day?"


@pytest.mark.parametrize("title", ["", "  ", "x" * 121, "a\x00"])
def test_a_form_has_a_name(practice, therapist, title):
    with pytest.raises(ValidationError, match="1 to 120 characters"):
        practice_forms.create(practice=practice, title=title, by=therapist)


def test_neither_reception_nor_another_practice_builds(form, receptionist, other_therapist):
    for by in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="Only a clinician of the practice"):
            typed(form, "shoes", by, footwear="Mine now")
        with pytest.raises(ValidationError, match="Only a clinician of the practice"):
            practice_forms.publish(form=form, by=by)


# --- two people -------------------------------------------------------------------------------------------------------


def test_two_who_change_different_questions_both_stay(form, therapist, owner):
    first = copy.copy(form)
    typed(form, "day", therapist, sitting_hours_per_day="How long do you sit?")
    saved = typed(first, "day", owner, standing_hours_per_day="How long do you stand?")
    assert field_of(saved, "sitting_hours_per_day")["label"] == "How long do you sit?"
    assert field_of(saved, "standing_hours_per_day")["label"] == "How long do you stand?"
    assert saved.revision == 3


def test_two_who_change_the_same_question_are_told_and_nothing_is_overwritten(form, therapist, owner):
    second = copy.copy(form)
    typed(form, "shoes", therapist, footwear="Tomas asks")
    with pytest.raises(practice_forms.Both) as caught:
        typed(second, "shoes", owner, footwear="Olga asks")
    assert caught.value.keys == ["footwear"]
    assert field_of(caught.value.form, "footwear")["label"] == "Tomas asks"
    form.refresh_from_db()
    assert field_of(form, "footwear")["label"] == "Tomas asks"


def test_what_somebody_types_into_a_question_that_is_removed_meanwhile_comes_back(form, therapist, owner):
    second = copy.copy(form)
    change(form, therapist, lambda body: editing.remove_field(body, "footwear")[0])
    saved = typed(second, "shoes", owner, footwear="Olga asks")
    assert field_of(saved, "footwear")["label"] == "Olga asks"


def test_what_is_only_looked_at_does_not_bring_a_removed_question_back(form, therapist, owner):
    second = copy.copy(form)
    change(form, therapist, lambda body: editing.remove_field(body, "footwear")[0])
    saved = typed(second, "shoes", owner)
    assert "footwear" not in [field["key"] for page in saved.body["pages"] for field in page["fields"]]


def test_nothing_changed_is_nothing_written(form, therapist):
    before = AuditEntry.objects.count()
    assert typed(form, "shoes", therapist).revision == 1
    assert AuditEntry.objects.count() == before


# --- what can't be taken out ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["safety_now_answers", "joints_answers", "consent", "signature"])
def test_safety_agreement_and_signature_stay(form, therapist, key):
    with pytest.raises(ValidationError, match="stay"):
        change(form, therapist, lambda body: editing.remove_field(body, key)[0])


def test_neither_does_their_page_go_nor_anything_behind_the_agreement(form, therapist):
    with pytest.raises(ValidationError, match="Safety questions stay"):
        change(form, therapist, lambda body: editing.remove_page(body, "safety_now")[0])
    moved = change(form, therapist, lambda body: editing.move_page(body, "shoes", 99))
    assert [page["key"] for page in moved.body["pages"]][-2:] == ["shoes", "agreement"]
    with pytest.raises(ValidationError, match="stays the last one"):
        change(form, therapist, lambda body: editing.move_page(body, "agreement", 0))


# --- versions ---------------------------------------------------------------------------------------------------------


def test_an_unfinished_form_is_not_published_and_says_where(form, therapist):
    typed(form, "shoes", therapist, footwear="")
    with pytest.raises(InvalidInput) as caught:
        practice_forms.publish(form=form, by=therapist)
    assert [str(problem) for problem in caught.value.problems] == ["pages[2].fields[0].label: is empty"]
    assert [fault.place for fault in queries.faults(PracticeForm.objects.get())] == [
        "Page 3, Your shoes: question 1, without words"
    ]


def test_answers_are_read_with_the_questions_of_their_version_for_ever(form, therapist, client_person):
    first = practice_forms.publish(form=form, by=therapist)
    invited = requests.send(client=client_person, by=therapist, form=form)
    responses.save_page(request=invited, answers=full_answers(), by=client_person)
    done = responses.complete(request=invited, signed_name="Ada", consent=True, ip=None, by=client_person)
    typed(PracticeForm.objects.get(), "shoes", therapist, footwear="Which shoes?")
    second = practice_forms.publish(form=form, by=therapist)
    done.refresh_from_db()
    assert (first.number, second.number, done.form_version_id) == (1, 2, first.pk)
    assert done.form_version.form.field("footwear").label == "What do you wear most of the day?"
    assert second.form.field("footwear").label == "Which shoes?"
    with pytest.raises(ProgrammingError), transaction.atomic():
        FormVersion.objects.filter(pk=first.pk).update(title="Rewritten")
    assert [(version.number, answers) for version, answers in queries.versions(form)] == [(2, 0), (1, 1)]


def test_the_same_again_is_no_version(form, therapist):
    practice_forms.publish(form=form, by=therapist)
    with pytest.raises(ValidationError, match="Nothing has changed since version 1"):
        practice_forms.publish(form=form, by=therapist)


def test_the_agreement_has_a_new_version_only_with_new_words(form, therapist):
    first = practice_forms.publish(form=form, by=therapist)
    typed(form, "shoes", therapist, footwear="Which shoes?")
    second = practice_forms.publish(form=form, by=therapist)
    agreed = {**field_of(form, "consent"), "text": "I agree to this practice."}
    change(form, therapist, lambda body: laid_over(body, agreed))
    third = practice_forms.publish(form=form, by=therapist)
    assert [version.form.field("consent").version for version in (first, second, third)] == ["1", "1", "3"]


def laid_over(body, field):
    number, index = editing.field_at(body, field["key"])
    changed = copy.deepcopy(body)
    changed["pages"][number]["fields"][index] = field
    return changed


# --- which one is sent ------------------------------------------------------------------------------------------------


def test_without_own_forms_the_shipped_first_visit_is_sent(client_person, therapist):
    assert requests.send(client=client_person, by=therapist).form_version.key == "first-visit"


def test_the_default_is_sent_and_a_chosen_one_instead(form, client_person, therapist, practice):
    with pytest.raises(ValidationError, match="Publish the form first"):
        practice_forms.make_default(form=form, practice=practice, by=therapist)
    practice_forms.publish(form=form, by=therapist)
    practice_forms.make_default(form=form, practice=practice, by=therapist)
    assert requests.send(client=client_person, by=therapist).form_version.key == "sports-massage"
    chosen = requests.send(client=client_person, by=therapist, form="pt-first-visit")
    assert chosen.form_version.key == "pt-first-visit"
    again = requests.send(client=client_person, by=therapist)  # in the place of that one
    assert again.form_version.key == "pt-first-visit"


def test_a_retired_form_is_not_sent_any_more(form, client_person, therapist, practice):
    practice_forms.publish(form=form, by=therapist)
    practice_forms.make_default(form=form, practice=practice, by=therapist)
    practice_forms.retire(form=form, by=therapist)
    form.refresh_from_db()
    with pytest.raises(ValidationError, match="not sent any more"):
        requests.send(client=client_person, by=therapist, form=form)
    assert forms.to_send(practice=practice, by=therapist).key == "first-visit"
    assert not practice_forms.use_again(form=form, by=therapist).is_default


def test_the_form_of_another_practice_is_never_sent(form, other_client, other_therapist):
    practice_forms.publish(form=form, by=form.changed_by)
    with pytest.raises(ValidationError, match="not sent any more"):
        requests.send(client=other_client, by=other_therapist, form=form)


# --- words ------------------------------------------------------------------------------------------------------------


def saw(form):
    return Seen.of(form_words.told_in(form, "es"), form.revision)


def test_a_translation_goes_with_the_version_and_the_product_s_own_with_it(form, therapist):
    told = {"fields.footwear.label": "¿Qué zapatos lleva?", "fields.gone.label": "x"}
    form_words.translate(form=form, language="es", told=told, seen=saw(form), by=therapist)
    spanish = practice_forms.publish(form=form, by=therapist).form_in("es")
    assert spanish.field("footwear").label == "¿Qué zapatos lleva?"
    assert spanish.page("where").title == "¿Dónde le duele?"
    assert spanish.field("consent").text.startswith("He ")


def test_two_who_translate_the_same_text_are_told(form, therapist, owner):
    seen, path = saw(form), "fields.footwear.label"
    form_words.translate(form=form, language="es", told={path: "Uno"}, seen=seen, by=therapist)
    with pytest.raises(practice_forms.Both) as caught:
        form_words.translate(form=form, language="es", told={path: "Dos", "title": "Antes"}, seen=seen, by=owner)
    assert caught.value.keys == [path]
    form.refresh_from_db()
    assert form.body["translations"]["es"] == {path: "Uno"}
    saved = form_words.translate(form=form, language="es", told={path: None, "title": "Antes"}, seen=seen, by=owner)
    assert saved.body["translations"]["es"] == {path: "Uno", "title": "Antes"}
    knowing = form_words.translate(form=form, language="es", told={path: "Dos"}, seen=saw(saved), by=owner)
    assert knowing.body["translations"]["es"] == {path: "Dos", "title": "Antes"}


PAIN = {"key": "pain", "label": "Pain", "fields": ["pain_now"]}
DAYS = {"key": "days", "label": "Days", "fields": ["stairs"]}


def test_two_who_build_scores_both_keep_theirs(form, therapist, owner):
    def put(scores, seen, by):
        saved = form_words.set_scores(form=form, scores=scores, seen=seen, by=by)
        form.refresh_from_db()
        return [score["label"] for score in saved.body["scores"]]

    empty = Seen.of({}, form.revision)
    assert put({"pain": PAIN}, empty, therapist) == ["Pain"]
    assert put({"days": DAYS}, empty, owner) == ["Pain", "Days"]
    both = Seen.of(form_words.scores_in(form), form.revision)
    assert put({"pain": None, "days": DAYS}, both, therapist) == ["Days"]
    assert put({"pain": PAIN, "days": DAYS | {"label": "Day"}}, both, owner) == ["Day"]
    with pytest.raises(practice_forms.Both) as caught:
        put({"days": DAYS | {"label": "Night"}}, both, therapist)
    assert caught.value.keys == ["days"]


def test_a_copied_question_brings_its_translation(form, therapist):
    label = "fields.joints_answers.label"
    with pytest.raises(ValidationError, match="only once"):
        change(form, therapist, lambda body: editing.copy_field(body, "joints_answers")[0])
    body, key = editing.add_field(form.body, "shoes", "text")
    body["translations"] = {"es": {f"fields.{key}.label": "Hola", label: "x"}}
    copied, twin = editing.copy_field(body, key)
    assert copied["translations"]["es"][f"fields.{twin}.label"] == "Hola"
