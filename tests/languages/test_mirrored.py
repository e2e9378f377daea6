"""Every page of a client in a language that is longer and runs from right to left."""

import contextlib
import itertools
import os
import re

import pytest
from django.db import transaction
from django.utils import translation

from clinic.models import Client, Membership, Reminder
from clinic.reminders import kinds
from tests.languages import pages
from tests.languages.pseudo import plain_words, pseudo, speak, without
from treatments.models import Programme
from treatments.queries.paper import programme_html

WIDTH = 390
#: What stands out of the page to a side, and text that its box cuts off. Not what only screen readers get.
OUT = """() => {
    const found = [];
    for (const element of document.querySelectorAll("body *")) {
        const box = element.getBoundingClientRect(), style = getComputedStyle(element);
        if (box.width <= 1 || box.height <= 1) continue;
        if (element.closest("svg, option, .visually-hidden, .skip-link, [hidden]")) continue;
        const name = element.tagName + "." + element.className + ": " + element.textContent.trim().slice(0, 60);
        let scrolls = false;
        for (let at = element.parentElement; at; at = at.parentElement)
            scrolls = scrolls || ["auto", "scroll"].includes(getComputedStyle(at).overflowX);
        if (!scrolls && (box.left < -1 || box.right > innerWidth + 1)) found.push("out: " + name);
        const hides = ["hidden", "clip"].includes(style.overflowX) || style.textOverflow === "ellipsis";
        const cut = element.children.length === 0 && element.scrollWidth > element.clientWidth + 1;
        if (hides && cut) found.push("cut: " + name);
        const holds = ["block", "flex", "grid", "inline-block", "inline-flex"].includes(style.display);
        if (holds && style.overflowX === "visible" && element.scrollWidth > element.clientWidth + 1)
            found.push("spills: " + name);
    }
    const sideways = document.documentElement.scrollWidth - innerWidth;
    return sideways > 0 ? [`sideways by ${sideways}`, ...found] : found;
}"""


class Undo(Exception):
    pass


def names_of(world):
    person = Client.objects.select_related("practice").get(pk=world.things["client"])
    staff = [str(member) for member in Membership.objects.filter(practice=person.practice)]
    whose = [person.practice.name, person.given_name, person.family_name, *staff, *world.secrets]
    return [*whose, "Plumbline", "English", "español", "UTC"]


def test_it_is_another_language(pseudo_language):
    with translation.override(pseudo_language):
        assert translation.gettext("Skip to the content") == pseudo("Skip to the content")
        assert translation.get_language_bidi()
    assert pseudo("%(done)s of {all} <b>done</b>").count("%(done)s") == 1


def test_no_page_of_a_client_says_a_plain_word(pseudo_language, world, client):
    speak(pseudo_language)
    known, found = names_of(world), {}
    for name, url in pages.everything(world).items():
        answers = {name: client.get(url, headers={"accept-language": pseudo_language})}
        if name.startswith(("first_visit", "pt_first_visit")):
            answers[f"{name}, sent empty"] = client.post(url)
        for place, answer in answers.items():
            html = answer.content.decode()
            if answer.status_code == 302:
                continue
            assert re.search(r'<html lang="ar" dir="rtl"', html), place
            if words := plain_words(html, known):
                found[place] = words
    assert found == {}


def test_no_answer_to_a_client_says_a_plain_word(pseudo_language, world, client):
    """What is said after a tap, and what is wrong with what was sent. What each does is undone for the next."""
    speak(pseudo_language)
    known, found = names_of(world), {}
    for name, url, sent in pages.taps(world):
        with contextlib.suppress(Undo), transaction.atomic():
            answer = client.post(url, sent, follow=True)
            assert answer.status_code in (200, 404, 410, 422), name
            html = answer.content.decode()
            is_html = answer.headers["Content-Type"].startswith("text/html")
            if words := plain_words(html, known) if is_html else []:
                found[f"{name} {sent}"] = words
            raise Undo
    assert found == {}


SUBJECT_OF = {
    "visit": "visit", "visit_cancelled": "visit", "home_stretch": "programme", "home_later": "programme",
    "reassessment": "programme", "intake_link": "request", "message": "message", "message_first": "message",
    "passkey_added": "passkey_added",
    "questionnaire": "asked",
}  # fmt: skip


def test_no_paper_for_a_client_says_a_plain_word(pseudo_language, world):
    speak(pseudo_language)
    html = programme_html(Programme.objects.select_related("client__practice").get(pk=world.things["programme"]))
    assert re.search(r'<html lang="ar" dir="rtl"', html)
    assert plain_words(html, names_of(world)) == []


def test_no_mail_to_a_client_says_a_plain_word(pseudo_language, world):
    speak(pseudo_language)
    known, found = names_of(world), {}
    for kind, detail in itertools.product((kind.key for kind in kinds), ("neutral", "pictures")):
        Client.objects.update(mail_detail=detail)
        row = Reminder.objects.select_related("client__practice", "practice").get(pk=world.things["reminder"])
        row.kind, row.subject = kind, world.things[SUBJECT_OF[kind]]
        letter = kinds[kind].compose([row])[row.pk]
        assert re.search(r'<html lang="ar" dir="rtl"', letter.html), kind
        lines = [*letter.text.splitlines(), letter.subject]
        plain = [line for line in lines if re.search(r"[A-Za-z]{3,}", without(line, known))]
        if words := [*plain_words(letter.html, known), *plain]:
            found[f"{kind} {detail}"] = words
    assert found == {}


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("<p style='width: 500px'>wide</p>", "sideways"),
        ("<p style='width: 4rem'>unbreakableunbreakable</p>", "spills"),
        ("<p style='width: 4rem; overflow: hidden'>unbreakableunbreakable</p>", "cut"),
        ("<p>as it should be</p>", ""),
    ],
)
def test_what_does_not_fit_is_seen(browser, body, seen):
    page = browser.new_page(viewport={"width": WIDTH, "height": 844})
    page.set_content(f"<!doctype html><html><body>{body}</body></html>")
    assert seen in " ".join(page.evaluate(OUT)) if seen else page.evaluate(OUT) == []
    page.close()


@pytest.mark.timeout(120)
def test_every_page_fits_from_right_to_left_on_a_phone(pseudo_language, world, site, browser):
    speak(pseudo_language)
    context = browser.new_context(viewport={"width": WIDTH, "height": 844}, locale="ar", reduced_motion="reduce")
    page, found = context.new_page(), {}
    for name, url in pages.everything(world).items():
        page.goto(f"{site}{url}")
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl", name
        if os.environ.get("LANGUAGE_PICTURES"):  # a folder: to look at them
            page.screenshot(path=f"{os.environ['LANGUAGE_PICTURES']}/{name.replace(':', '_')}.png", full_page=True)
        if problems := page.evaluate(OUT):
            found[name] = problems
    assert found == {}
