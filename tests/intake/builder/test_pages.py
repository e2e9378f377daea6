"""The builder's pages: every button a form post, a clear line for whatever is sent, and no door for others."""

import json
import re

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.models import FormVersion, IntakeResponse, PracticeForm
from intake.screening import CONDITIONS, RED_FLAGS
from intake.screening.shipping import SHIPPED, fields_of
from intake.services import practice_forms, requests, responses
from intake.views.builder.changes import ACTS
from tests.intake.conftest import full_answers


@pytest.fixture
def form(practice, therapist):
    return practice_forms.create(practice=practice, title="Sports massage", start="pt-first-visit", by=therapist)


@pytest.fixture
def builder(client, therapist):
    client.force_login(therapist.user)
    return client


def at(form, page, name="form_page"):
    return reverse(f"intake:{name}", args=[form.pk, page])


def drawn(builder, form, page):
    """What a browser would send back of the page as it is drawn."""
    shown = builder.get(at(form, page))
    sent = {"revision": shown.context["token"], "field": [row["key"] for row in shown.context["editors"]]}
    for each in [shown.context["head"], *(row["editor"] for row in shown.context["editors"])]:
        for field in each:
            value = field.value()
            if value is not None and value is not False and value != "":
                sent[field.html_name] = "on" if value is True else value
    return sent


def labels(form, page):
    form.refresh_from_db()
    return [field["label"] for each in form.body["pages"] if each["key"] == page for field in each["fields"]]


def test_every_page_comes_back_as_it_was_drawn(builder, form):
    before = form.body
    for page in before["pages"]:
        answer = builder.post(at(form, page["key"]), drawn(builder, form, page["key"]))
        assert answer.status_code == 302, answer.context["editors"]
    form.refresh_from_db()
    assert form.body == before


def test_every_button_does_what_it_says_and_keeps_what_was_typed(builder, form):
    def press(do, page="sport", **more):
        answer = builder.post(at(form, page), {**drawn(builder, form, page), **more, "do": do})
        assert answer.status_code == 302
        return answer

    first, second = labels(form, "sport")[:2]
    press("down:does_sport", **{"f-which_sport-label": "Which sport?"})
    assert labels(form, "sport")[:2] == ["Which sport?", first]
    assert second != "Which sport?"
    form.refresh_from_db()  # it stands before what decides whether it is asked: told, and not lost
    moved = next(field for field in fields_of(form.body) if field["key"] == "which_sport")
    assert moved["show_if"] == {"field": "does_sport", "is": "yes"}
    assert "only an earlier answer can decide" in builder.get(at(form, "sport")).content.decode()
    press("up:does_sport")
    press("place:sport_now:1")
    assert labels(form, "sport")[1] == "Can you do it at present?"
    answer = press("copy:sport_level")
    assert labels(form, "sport").count("How?") == 2
    twin = re.search(r"open=(q_\w+)", answer.url)[1]
    press(f"to:{twin}", **{f"to-{twin}": "goals"})
    assert labels(form, "goals")[-1] == "How?"
    press("add:scale")
    assert labels(form, "sport")[-1] == ""
    press("page_add")
    assert [page["key"] for page in PracticeForm.objects.get().body["pages"]][-1] == "agreement"
    press("page_move:up")
    press("page_remove")
    form.refresh_from_db()
    assert "sport" not in [page["key"] for page in form.body["pages"]]


def test_what_is_removed_comes_back_at_its_place_by_undo(builder, form):
    before = labels(form, "sport")
    shown = builder.post(at(form, "sport"), {**drawn(builder, form, "sport"), "do": "remove:which_sport"}, follow=True)
    assert labels(form, "sport") == [label for label in before if label != "Which, and since when?"]
    undo = re.search(r'name="what" value="([^"]*)"', shown.content.decode())[1].replace("&quot;", '"')
    builder.post(reverse("intake:put_back", args=[form.pk]), {"what": undo})
    assert labels(form, "sport") == before
    again = builder.post(reverse("intake:put_back", args=[form.pk]), {"what": undo}, follow=True)
    assert "can’t be put back any more" in again.content.decode()
    assert labels(form, "sport") == before


def test_what_is_refused_stays_on_the_page_as_typed(builder, form):
    sent = {**drawn(builder, form, "sport"), "f-sport_hours-maximum": "many", "f-sport_hours-label": "Hours?"}
    answer = builder.post(at(form, "sport"), sent)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "“many” is not a number" in said
    assert 'value="Hours?"' in said
    assert "Hours?" not in labels(form, "sport")
    kept = builder.post(at(form, "sport", "keep_form_page"), sent)
    assert kept.status_code == 422
    assert kept.json()["lines"][0].startswith("Hours?: “many” is not a number")


def test_the_second_editor_sees_both_and_saves_knowingly(builder, form, owner, client):
    mine = drawn(builder, form, "sport")
    theirs = {**mine, "f-does_sport-label": "Theirs?"}
    assert builder.post(at(form, "sport", "keep_form_page"), theirs).json()["revision"].startswith("2~")
    mine["f-does_sport-label"] = "Mine?"
    refused = builder.post(at(form, "sport", "keep_form_page"), mine)
    assert (refused.status_code, refused.json()) == (409, {"merge": at(form, "sport")})
    both = builder.post(at(form, "sport"), mine)
    said = both.content.decode()
    assert both.status_code == 409
    assert "Theirs?" in said
    assert 'value="Mine?"' in said
    assert "data-keep-url" not in said
    assert labels(form, "sport")[0] == "Theirs?"
    builder.post(at(form, "sport"), {**mine, "revision": both.context["token"]})
    assert labels(form, "sport")[0] == "Mine?"


def test_the_same_tab_is_no_second_editor(builder, form):
    sent = drawn(builder, form, "sport")
    for label in ("One?", "Two?"):  # the answer to the first got lost: the token is still the old one
        sent["f-does_sport-label"] = label
        answer = builder.post(at(form, "sport", "keep_form_page"), sent, headers={"X-Keep-Tab": "abc"})
        assert answer.status_code == 200
    assert labels(form, "sport")[0] == "Two?"


def test_what_somebody_else_changed_stays_however_often_this_page_saves_itself(builder, form):
    """Saving a question of mine must not make me look as if I had seen theirs."""
    mine, theirs = drawn(builder, form, "sport"), drawn(builder, form, "sport")
    theirs["f-sport_now-label"] = "Theirs?"
    assert (
        builder.post(at(form, "sport", "keep_form_page"), theirs, headers={"X-Keep-Tab": "theirs"}).status_code == 200
    )
    for label in ("One?", "Two?"):
        mine["f-does_sport-label"] = label
        answer = builder.post(at(form, "sport", "keep_form_page"), mine, headers={"X-Keep-Tab": "mine"})
        mine["revision"] = answer.json()["revision"]
    kept = labels(form, "sport")
    assert (kept[0], "Theirs?" in kept) == ("Two?", True)
    assert builder.post(at(form, "sport"), mine).status_code == 302
    assert labels(form, "sport") == kept


def test_a_condition_is_chosen_in_two_steps(builder, form):
    sent = {**drawn(builder, form, "sport"), "f-sport_now-show_if": "course", "do": "look:sport_now"}
    builder.post(at(form, "sport"), sent)
    shown = builder.get(at(form, "sport")).content.decode()
    assert "Getting worse" in shown
    assert "says exactly one of is, any_of and at_least" in shown
    builder.post(at(form, "sport"), {**drawn(builder, form, "sport"), "f-sport_now-any_of": ["worse"]})
    form.refresh_from_db()
    assert next(field for field in fields_of(form.body) if field["key"] == "sport_now")["show_if"] == {
        "field": "course", "is": "worse",
    }  # fmt: skip


# --- the list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_as_for_three(
    builder, practice, therapist, client_person, count, django_assert_num_queries
):
    for number in range(count):
        made = practice_forms.create(practice=practice, title=f"Form {number}", start="first-visit", by=therapist)
        practice_forms.publish(form=made, by=therapist)
        invited = requests.send(client=client_person, by=therapist, form=made)
        responses.save_page(request=invited, answers=full_answers(), by=client_person)
        responses.complete(request=invited, signed_name="Ada", consent=True, ip=None, by=client_person)
    with django_assert_num_queries(6):  # session, person, membership, forms, versions, answers
        shown = builder.get(reverse("intake:forms")).content.decode()
    assert shown.count("1 answered") == count


def test_reception_looks_and_builds_nothing(client, form, receptionist):
    client.force_login(receptionist.user)
    said = client.get(reverse("intake:forms")).content.decode()
    assert "Sports massage" in said
    assert "Retire" not in said
    preview = client.get(reverse("intake:preview_form", args=[form.pk])).content.decode()
    assert at(form, "reason") not in preview


def test_choosing_a_form_sends_it(builder, form, client_person, therapist):
    practice_forms.publish(form=form, by=therapist)
    shown = builder.get(reverse("intake:choose_form", args=[client_person.pk])).content.decode()
    assert "Sports massage" in shown
    builder.post(reverse("intake:send", args=[client_person.pk]), {"form": str(form.pk)})
    assert client_person.intake_requests.get().form_version.key == "sports-massage"
    builder.post(reverse("intake:send", args=[client_person.pk]), {"form": "no such form"})
    assert client_person.intake_requests.count() == 1


# --- preview, publishing ----------------------------------------------------------------------------------------------


def test_the_preview_asks_what_the_answers_ask_for_and_keeps_nothing(builder, form):
    url = at(form, "sport", "preview_form_page")
    shown = builder.get(url)
    assert 'data-show-if="does_sport" data-show-is="yes"' in shown.content.decode()
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    answers = json.dumps({"own": {"imaging": ["none"]}})
    after = builder.post(url, {"answers": answers, "does_sport": "no", "which_sport": "Running"})
    told = json.loads(re.search(r'name="answers" value="([^"]*)"', after.content.decode())[1].replace("&quot;", '"'))
    assert told["own"]["does_sport"] == "no"
    assert told["own"]["which_sport"] is None
    assert (
        "What were you told about it?" in after.content.decode()
    )  # on the same page as what decides: a script hides it
    assert not IntakeResponse.objects.exists()
    assert builder.get(url, {"language": "es"}).content.decode().count("¿") > 2


def test_publishing_says_what_is_missing_and_what_changes(builder, form):
    url = reverse("intake:publish_form", args=[form.pk])
    sent = {**drawn(builder, form, "sport"), "f-does_sport-label": "", "do": "publish"}
    assert builder.post(at(form, "sport"), sent).url == url
    shown = builder.get(url).content.decode()
    assert "pages[7].fields[0].label" in shown
    assert builder.post(url).status_code == 422
    builder.post(at(form, "sport"), {**drawn(builder, form, "sport"), "f-does_sport-label": "Any sport?"})
    assert builder.post(url).status_code == 302
    builder.post(at(form, "sport"), {**drawn(builder, form, "sport"), "do": "remove:training_jump"})
    assert "Gone: Did you train clearly more" in builder.get(url).content.decode()
    version = FormVersion.objects.get(key=form.key)
    read = builder.get(reverse("intake:form_version", args=[version.pk])).content.decode()
    assert "Any sport?" in read
    assert "Only after “Yes” at “Any sport?”" in read


def sheet(builder, url):
    """The token of a page, and the key of its last row of scores."""
    context = builder.get(url).context
    return {"revision": context["token"], **{f"{n}-key": key for n, key in enumerate(context["scores"].keys)}}


def test_a_score_is_built_and_its_lines_are_checked(builder, form):
    url = reverse("intake:form_scores", args=[form.pk])
    sent = sheet(builder, url) | {"1-label": "Pain", "1-fields": ["pain_now", "pain_worst"]}
    answer = builder.post(url, {**sent, "1-bands": "little"})
    assert answer.status_code == 422
    assert "“little” is not a number with its words" in answer.content.decode()
    builder.post(url, {**sent, "0-label": "Everyday", "0-fields": ["stairs"], "1-bands": "0: little\n8: much"})
    form.refresh_from_db()
    assert [score["label"] for score in form.body["scores"]] == ["Everyday", "Pain"]
    assert form.body["scores"][1]["bands"] == [{"at_least": 0, "label": "little"}, {"at_least": 8, "label": "much"}]


def test_the_second_who_names_a_score_sees_both(builder, form):
    url, keep = (reverse(f"intake:{name}", args=[form.pk]) for name in ("form_scores", "keep_form_scores"))
    sent = sheet(builder, url) | {"0-fields": ["stairs"], "1-fields": ["pain_now"], "1-label": "New"}
    assert builder.post(keep, {**sent, "0-label": "Theirs"}).status_code == 200
    mine = {**sent, "0-label": "Mine"}
    assert (builder.post(keep, mine).status_code, builder.post(keep, mine).json()) == (409, {"merge": url})
    both = builder.post(url, mine)
    assert both.status_code == 409
    assert "Name of the score:</span> Theirs" in both.content.decode()
    assert 'value="Mine"' in both.content.decode()
    form.refresh_from_db()
    assert [score["label"] for score in form.body["scores"]] == ["Theirs", "New"]
    builder.post(url, {**mine, "revision": both.context["token"]})
    form.refresh_from_db()
    assert [score["label"] for score in form.body["scores"]] == ["Mine", "New"]


def test_the_second_who_translates_a_text_sees_both_and_loses_nothing(builder, form):
    url, keep = (reverse(f"intake:{name}", args=[form.pk, "es"]) for name in ("translate_form", "keep_form_words"))
    drawn_page = builder.get(url)
    assert f'data-keep-url="{keep}"' in drawn_page.content.decode()
    sent = {"revision": drawn_page.context["token"], "path": ["title", "pages.sport.title"]}
    theirs = builder.post(keep, {**sent, "text": ["Suyo", ""]})
    assert theirs.status_code == 200
    mine = {**sent, "text": ["Mío", "Deporte"]}
    assert builder.post(keep, mine).json() == {"merge": url}
    both = builder.post(url, mine)
    said = both.content.decode()
    assert (both.status_code, "Suyo" in said, 'value="Mío"' in said, 'value="Deporte"' in said) == (
        409,
        True,
        True,
        True,
    )
    assert builder.post(url, {**mine, "revision": both.context["token"]}).status_code == 302
    form.refresh_from_db()
    assert form.body["translations"]["es"] == {"title": "Mío", "pages.sport.title": "Deporte"}


def test_a_text_that_can_not_be_kept_stays_on_the_page(builder, form):
    url = reverse("intake:translate_form", args=[form.pk, "es"])
    sent = {"revision": builder.get(url).context["token"], "path": ["title", "pages.sport.title"]}
    refused = builder.post(url, {**sent, "text": ["a\x00b", "Deporte"]})
    assert refused.status_code == 422
    assert 'value="Deporte"' in refused.content.decode()


@pytest.mark.parametrize("key", SHIPPED)
def test_a_form_that_comes_along_is_seen_before_it_is_copied(client, receptionist, builder, key):
    shown = builder.get(reverse("intake:preview_shipped", args=[key]))
    assert "Make it yours" in shown.content.decode()
    pages = [page.key for page in shown.context["pages"]]
    url = reverse("intake:preview_shipped_page", args=[key, pages[0]])
    assert f"{url}?language=" in shown.content.decode()
    spanish = builder.get(url, {"language": "es"}).content.decode()
    assert spanish.count("¿") > 1
    assert 'name="language" value="es"' in spanish
    chosen = builder.get(reverse("intake:preview_shipped", args=[key]), {"language": "es"}).content.decode()
    assert '<option value="es" selected>' in chosen
    after = builder.post(url, {"answers": "{}"})
    assert after.context["asked"].key == pages[1] or after.context["form"].errors
    assert not PracticeForm.objects.exists()
    client.force_login(receptionist.user)
    assert "Make it yours" not in client.get(reverse("intake:preview_shipped", args=[key])).content.decode()


def test_made_yours_twice_is_one_draft_until_it_is_touched(builder, therapist):
    url, sent = reverse("intake:new_form"), {"start": "pt-first-visit", "title": "First visit"}
    first, second = (builder.post(url, sent).url for _ in range(2))
    assert first == second
    form = PracticeForm.objects.get()
    practice_forms.save(form=form, by=therapist, title="Renamed")
    practice_forms.save(form=form, by=therapist, title="First visit")
    assert builder.post(url, sent).url != first
    practice_forms.publish(form=PracticeForm.objects.get(revision=1), by=therapist)
    builder.post(url, sent)
    builder.post(url, {**sent, "start": "first-visit"})
    assert PracticeForm.objects.count() == 4


# --- whatever comes ---------------------------------------------------------------------------------------------------

TEXT = st.text(max_size=30) | st.sampled_from(["0", "-1", "1e400", "nan", "yes", "a = 3", "\x00", "9" * 400])
NAMES = ["label", "help", "required", "minimum", "maximum", "choices", "show_if", "any_of", "at_least", "points-yes"]
VERBS = st.sampled_from([*ACTS, "go", "look", "save", "x"])
DO = st.builds("{}:{}".format, VERBS, TEXT | st.sampled_from(["consent", "joints_answers", "up", "pain", "now", "a:b"]))


@pytest.fixture
def small(practice, therapist):
    return practice_forms.create(practice=practice, title="Small", by=therapist)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_sent_to_the_builder_is_answered(builder, small, data):
    """Each example begins with the form as it was: what is drawn depends on its pages."""
    PracticeForm.objects.filter(pk=small.pk).update(body=small.body, title=small.title, revision=1, tab="")
    for _ in range(data.draw(st.integers(1, 3))):
        form = PracticeForm.objects.get(pk=small.pk)
        send_anything(builder, form, data)
        form.refresh_from_db()
        asked = {item for field in fields_of(form.body) for item in field.get("items", [])}
        assert asked == {*RED_FLAGS, *CONDITIONS}


def send_anything(builder, form, data):
    page = data.draw(st.sampled_from(form.body["pages"]))
    keys = [field["key"] for field in page["fields"]] + ["nobody", "consent"]
    sent = {
        f"f-{data.draw(st.sampled_from(keys))}-{name}": data.draw(TEXT)
        for name in data.draw(st.lists(st.sampled_from(NAMES), max_size=5))
    }
    sent |= {"page-form_title": data.draw(TEXT), "page-title": data.draw(TEXT), "revision": data.draw(TEXT)}
    sent |= {"field": data.draw(st.lists(st.sampled_from(keys), max_size=4)), "kind-nobody": data.draw(TEXT)}
    answer = builder.post(at(form, page["key"]), {**sent, "do": data.draw(DO)})
    assert answer.status_code in (302, 409, 422)
    what = data.draw(TEXT | st.builds(json.dumps, st.dictionaries(st.sampled_from(["at", "page", "field"]), TEXT)))
    assert builder.post(reverse("intake:put_back", args=[form.pk]), {"what": what}).status_code == 302


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_answered_in_a_form_is_answered(builder, form, data):
    page = data.draw(st.sampled_from(form.body["pages"]))
    shown = builder.get(at(form, page["key"], "preview_form_page"))
    sent = {name: data.draw(TEXT) for name in shown.context["form"].fields if data.draw(st.booleans())}
    sent["answers"] = data.draw(TEXT | st.just("[" * 5000) | st.just('{"own": {"pain_now": "x"}}'))
    assert builder.post(at(form, page["key"], "preview_form_page"), sent).status_code == 200


def test_what_a_practice_writes_is_words_and_never_html(builder, form, invitation, therapist):
    """Its help stands on every client's page: whoever builds a form must not act in anybody's browser by it."""
    bad = "<b hx-get=x hx-trigger=load>"
    asked = {field["key"]: field for field in fields_of(form.body)}
    page = next(page["key"] for page in form.body["pages"] if asked["pain_now"] in page["fields"])
    asked["pain_now"] |= {"help": bad, "low": bad, "high": bad}
    form.save()
    practice_forms.publish(form=form, by=therapist)
    start = builder.post(reverse("intake:here", args=[invitation.client_id]), {"form": str(form.pk)}).url
    for address in (f"{start}{page}/", at(form, page, "preview_form_page"), at(form, page)):
        shown = builder.get(address).content.decode()
        assert "&lt;b hx-get=x" in shown, address
        assert bad not in shown, address
    deep = builder.post(f"{start}{page}/", {"revision": "[" * 100_000})
    assert deep.status_code in (302, 422)
    assert builder.post(reverse("intake:put_back", args=[form.pk]), {"what": "[" * 100_000}).status_code == 302
