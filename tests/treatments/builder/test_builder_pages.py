import re

import pytest
from django.urls import reverse

from clinic import links, paper
from tests.people import make_client
from tests.treatments.conftest import answer_intake, make_running
from treatments.models import HomeLog, Programme, ProgrammeItem
from treatments.services import programmes

pytestmark = pytest.mark.django_db
BUILDER, VERSIONS = 24, 11


@pytest.fixture
def http(client, therapist):
    client.force_login(therapist.user)
    return client


def url(name, row, **query):
    address = reverse(f"treatments:{name}", args=[row.pk])
    return address + "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else address


def text(response):
    return " ".join(response.content.decode().split())


def test_the_builder_shows_both_halves_and_how_much_it_is(http, draft):
    page = text(http.get(url("programme", draft)))
    assert "What can go in" in page
    assert "Standing hip flexor stretch" in page
    assert "<strong>3</strong>" in page
    assert "of 15 min a day" in page


def test_searching_needs_no_javascript(http, draft):
    page = text(http.get(url("programme", draft, q="heel-to-toe")))
    assert "1 exercise for “heel-to-toe”" in page
    assert "Try another word" in text(http.get(url("programme", draft, q="zebra")))


@pytest.mark.parametrize("count", [1, 3])
def test_the_builder_takes_as_many_queries_for_one_exercise_as_for_three(http, draft, django_assert_num_queries, count):
    ProgrammeItem.objects.exclude(pk__in=[item.pk for item in draft.items.all()[:count]]).delete()
    http.get(url("programme", draft))
    with django_assert_num_queries(BUILDER):
        assert http.get(url("programme", draft)).content.count(b"data-item") == count


@pytest.mark.parametrize("count", [1, 3])
def test_versions_take_as_many_queries_for_one_as_for_three(
    http, running, client_person, therapist, time_machine, django_assert_num_queries, count
):
    for _ in range(count - 1):
        time_machine.shift(60)
        new = programmes.start_from(programme=Programme.objects.get(state="published"), by=therapist)
        programmes.publish(programme=new, by=therapist)
    http.get(url("versions", client_person))
    with django_assert_num_queries(VERSIONS):
        assert text(http.get(url("versions", client_person))).count("Start from this version") == count


def test_an_excluded_exercise_goes_in_only_with_a_reason(http, client_person, therapist, assessment):
    answer_intake(client_person, conditions={"knee_replacement": {"answer": "yes", "side": "right"}})
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    page = text(http.get(url("programme", draft)))
    assert "not suggested. Why?" in page
    given = {"exercise": "half_kneeling_hip_flexor_stretch", "side": "right"}
    refused = http.post(url("add_item", draft), given)
    assert refused.status_code == 422
    assert "Say why it is right here" in text(refused)
    assert http.post(url("add_item", draft), {**given, "reason": "Kneels without pain."}).status_code == 302
    assert "used all the same by Tomas: Kneels without pain." in text(http.get(url("programme", draft)))


def test_leaving_out_offers_undo_and_undo_brings_it_back(http, draft):
    item = draft.items.get(kind="stretch")
    page = text(http.post(url("remove_item", item), {"reason": "Not needed now"}, follow=True))
    button = re.search(
        r'<form method="post" action="([^"]*put-back[^"]*)" data-undo>.*?name="item" value="([^"]+)"', page
    )
    assert button.group(2) == str(item.pk)
    assert not draft.items.filter(kind="stretch").exists()
    assert "is in the programme again" in text(http.post(button.group(1), {"item": button.group(2)}, follow=True))
    assert draft.items.get(kind="stretch").exercise == item.exercise


def test_moving_by_button(http, draft):
    first, second = draft.items.all()[:2]
    assert http.post(url("move_item", second), {"to": 0}).status_code == 302
    assert draft.items.first() == second
    assert "Say to which place." in text(http.post(url("move_item", first), {}, follow=True))


def test_htmx_gets_the_page_at_once_and_a_dose_says_no_message(http, draft):
    item = draft.items.get(kind="stretch")
    given = {f"item-{item.pk}-{key}": value for key, value in
             {"side": "right", "hold_seconds": 40, "repetitions": 2, "sets": 1, "weekdays": [1]}.items()}  # fmt: skip
    page = http.post(url("change_item", item), given, headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert "Hold 40 seconds" in text(page)
    assert "saved." not in text(page)


def test_publishing_says_what_changes_and_takes_a_word(http, running, therapist, time_machine):
    time_machine.shift(60)
    new = programmes.start_from(programme=running, by=therapist)
    gone = new.items.first()
    programmes.remove_item(item=gone, reason="x", by=therapist)
    page = text(http.get(url("publish", new)))
    assert "What changes for Ada" in page
    assert "Gone" in page
    given = {"starts_on": "2026-03-05", "until": "2026-04-01", "note": "Slowly.", "because": "too easy"}
    assert http.post(url("publish", new), {**given, "until": "2026-03-01"}).status_code == 422
    refused = text(http.post(url("publish", new), given))
    assert "nothing to do until 5 March" in refused
    assert 'name="ends_today"' in refused
    done = text(http.post(url("publish", new), {**given, "ends_today": "on"}, follow=True))
    assert "can see it from 5 March, until 1 April" in done
    running.refresh_from_db()
    assert running.ended_because.endswith("too easy")
    history = text(http.get(url("versions", new.client)))
    assert "replaced by a newer programme: too easy" in history
    compared = text(http.get(url("versions", new.client, before=running.pk, after=new.pk)))
    assert "From version 1 to 2" in compared
    assert http.get(url("versions", new.client, before=running.pk, after="nonsense")).status_code == 404


def test_the_preview_is_the_real_mail_without_a_key(http, draft):
    mail = http.get(url("preview_mail", draft))
    assert "See what to do today" in text(mail)
    assert "/p/preview/" in text(mail)
    assert not re.search(r"/[pu]/(?!preview)", text(mail))
    policy = mail["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "Half-kneeling" not in text(mail)
    assert "Your part for today" in text(http.get(url("preview", draft, **{"as": "mail"})))


def test_looking_at_the_preview_writes_nothing(http, draft):
    before = Programme.objects.values().get(pk=draft.pk)
    for way in ("page", "mail", "paper", "nonsense"):
        assert http.get(url("preview", draft, **{"as": way})).status_code == 200
    assert "Hello Ada" in text(http.get(url("preview_page", draft)))
    assert Programme.objects.values().get(pk=draft.pk) == before
    assert not HomeLog.objects.exists()


def test_only_our_own_preview_may_frame_what_it_shows(http, draft):
    for name in ("preview_page", "preview_mail"):
        shown = http.get(url(name, draft))
        assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
        assert shown["X-Frame-Options"] == "SAMEORIGIN"
    outer = http.get(url("preview", draft))
    assert "frame-ancestors 'none'" in outer["Content-Security-Policy"]
    assert outer["X-Frame-Options"] == "DENY"


@pytest.mark.needs("paper")
def test_the_pdf_is_downloaded_without_a_name_in_its_name(http, draft):
    made = http.get(url("paper", draft))
    assert made["Content-Type"] == "application/pdf"
    assert made["Content-Disposition"] == 'attachment; filename="home-programme.pdf"'
    assert made["Cache-Control"] == "private, no-store"
    assert http.get(url("paper", draft) + "?show")["Content-Disposition"].startswith("inline")


def test_without_pango_the_pages_say_so(http, draft, monkeypatch):
    import builtins

    real = builtins.__import__

    def missing(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    paper.obstacle.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(builtins, "__import__", missing)
        assert "A PDF needs Pango on the server" in text(http.get(url("preview", draft, **{"as": "paper"})))
        refused = http.get(url("paper", draft))
    paper.obstacle.cache_clear()
    assert refused.status_code == 503
    assert "A PDF needs Pango on the server" in text(refused)


@pytest.mark.needs("paper")
def test_a_client_gets_their_own_paper_by_their_link(client, client_person, therapist, at_noon):
    link = reverse("treatments:portal_paper", args=[links.sign("portal", client_person.pk)])
    assert "not ready yet" in text(client.get(link))
    programme = make_running(client_person)
    assert client.get(link)["Content-Type"] == "application/pdf"
    programmes.end(programme=programme, because="It hurt.", by=therapist)
    assert "Your programme is over" in text(client.get(link))
    assert client.get(reverse("treatments:portal_paper", args=["nonsense"])).status_code == 404


def test_the_clients_page_leads_to_the_paper_while_there_is_something_to_do(client, client_person, therapist, at_noon):
    key = links.sign("portal", client_person.pk)
    page, paper_link = reverse("treatments:portal", args=[key]), reverse("treatments:portal_paper", args=[key])
    assert paper_link not in text(client.get(page))
    programme = make_running(client_person)
    assert paper_link in text(client.get(page))
    programmes.end(programme=programme, because="", by=therapist)
    assert paper_link not in text(client.get(page))


def test_what_was_left_out_of_another_programme_does_not_come_back_here(http, draft, practice, therapist):
    other = make_running(make_client(practice, ref="C0009", given_name="Bo", email="bo@clients.example"))
    Programme.objects.filter(pk=other.pk).update(state="draft", published_at=None)
    item = other.items.first()
    programmes.remove_item(item=item, reason="x", by=therapist)
    before = draft.items.count()
    page = http.post(url("put_back", draft), {"item": str(item.pk)}, follow=True)
    assert "nothing to put back" in text(page)
    assert draft.items.count() == before


def test_starting_from_a_version(http, running):
    assert "There is a draft" not in text(http.get(url("versions", running.client)))
    page = text(http.post(url("start_from", running), follow=True))
    assert "A draft with the exercises of that version" in page
    assert "There is a draft" in text(http.get(url("versions", running.client)))
    again = http.post(url("start_from", Programme.objects.get(state="draft")), follow=True)
    assert "go on with it" in text(again)


def test_the_same_through_the_api(http, running, therapist):
    def ask(address, body=None):
        return http.post(f"/api/v1/{address}/", body or {}, content_type="application/json")

    made = ask(f"programmes/{running.pk}/start-from")
    assert made.status_code == 201
    draft, items = made.json()["id"], [item["id"] for item in made.json()["items"]]
    assert ask(f"programme-items/{items[0]}/move", {"to": 1}).status_code == 200
    assert ask(f"programme-items/{items[1]}/remove", {"reason": "x"}).status_code == 204
    back = ask(f"programmes/{draft}/put-back", {"item": items[1]}).json()
    assert back["items"][0]["exercise"] == made.json()["items"][1]["exercise"]
    assert ask(f"programmes/{draft}/put-back", {"item": items[1]}).status_code == 400
    given = ask(f"programmes/{draft}/publish", {"starts_on": "2026-03-06", "because": "too easy"})
    assert "nothing to do until 6 March" in given.content.decode()
    given = ask(f"programmes/{draft}/publish", {"starts_on": "2026-03-06", "because": "too easy", "ends_today": True})
    assert given.json()["starts_on"] == "2026-03-06"
    running.refresh_from_db()
    assert running.ended_because == "replaced by a newer programme: too easy"
