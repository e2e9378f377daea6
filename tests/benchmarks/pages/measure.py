"""How long pages take, as a browser's wait without the network: the whole request, in this process."""

import gc
import time
from collections.abc import Mapping

from django.test import Client as Browser
from django.urls import reverse

from clinic.models import Membership
from clinic.queries.caseload import SORTS
from tests.benchmarks.pages.seed import somebody

ROUNDS = 9
TABS = ("intake", "assessments", "sessions", "programme", "messages", "reminders", "files")


def pages_of(therapist: Membership) -> dict[str, str]:
    client = somebody(therapist)
    return {
        "dashboard": "/",
        "dashboard, whole practice": "/?who=all",
        "needs attention": "/attention/?who=all",
        "needs attention, one kind": "/attention/?kind=adherence_low&who=all",
        **{f"clients by {label.lower()}": f"/clients/?sort={key}" for key, label in SORTS.items()},
        "my clients": "/clients/?show=mine",
        "archived clients": "/clients/?show=archived",
        "clients without a visit ahead": "/clients/?ahead=none",
        "clients without a programme": "/clients/?programme=none",
        "clients who need somebody": "/clients/?needs=yes",
        "clients by a name": f"/clients/?q={client.given_name}+{client.family_name.split()[0]}",
        "client record": f"/clients/{client.pk}/",
        **{f"client record, {tab}": f"/clients/{client.pk}/?tab={tab}" for tab in TABS},
        "messages with a client": reverse("clinic:messages", args=[client.pk]),
        "progress of a client": reverse("assessments:progress", args=[client.pk]),
        "diary, my week": "/diary/week/",
        "diary, a day of everybody": "/diary/",
        "search by name": f"/search/?q={client.family_name.replace(' ', '+')}",
        "report": reverse("clinic:practice_report"),
        "people who may be here twice": reverse("clinic:duplicates"),
    }


def browsers(people: Mapping[str, Membership]) -> dict[str, Browser]:
    found = {}
    for name, membership in people.items():
        found[name] = Browser()
        found[name].force_login(membership.user)
    return found


def compare(people: Mapping[str, Membership], *, rounds: int = ROUNDS, only: tuple[str, ...] = ()) -> dict:
    """Page → name of the practice → fewest milliseconds of several visits: what the page takes where nothing else is in
    its way. The practices take turns, so that both meet the same noise."""
    found: dict[str, dict[str, float]] = {}
    browser = browsers(people)
    pages = {name: pages_of(membership) for name, membership in people.items()}
    for page in only or next(iter(pages.values())):
        spent: dict[str, list[float]] = {name: [] for name in people}
        for turn in range(rounds + 2):
            for name in people:
                milliseconds = visit(browser[name], pages[name][page])
                if turn >= 2:
                    spent[name].append(milliseconds)
        found[page] = {name: min(times) for name, times in spent.items()}
    return found


def visit(browser: Browser, address: str) -> float:
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    answer = browser.get(address)
    spent = (time.perf_counter() - start) * 1e3
    gc.enable()
    assert answer.status_code == 200, (address, answer.status_code)
    return spent
