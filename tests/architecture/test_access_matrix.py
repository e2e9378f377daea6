"""Every address is opened as everybody. What isn't theirs is refused, and nothing of it leaks into the answer."""

import copy

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLPattern, get_resolver, reverse

from tests.architecture.access import PAGES, PEOPLE

OTHERS = {"admin", "account", "mfa", "usersessions"}  # pages of packages, guarded and tested there
MAY_NOT_KNOW = {"anonymous", "stranger", "elsewhere", "other_client"}


def names(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        elif (pattern.namespace or "") not in OTHERS and "allauth" not in str(pattern.urlconf_name):
            yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else prefix)


OURS = sorted(set(names(get_resolver().url_patterns)))


def test_every_page_has_an_entry():
    assert sorted(set(OURS) - set(PAGES)) == []


def test_every_entry_has_a_page():
    assert sorted(set(PAGES) - set(OURS)) == []


class Undo(Exception):
    pass


@pytest.mark.parametrize("part", sorted({name.partition(":")[0] for name in PAGES}))
def test_access(part, world):
    """A part of the house at a time: each page starts from the same world and leaves it as it was."""
    doors = {person: logged_in(user) for person, user in world.users.items()}
    wrong = {}
    for name in sorted(name for name in PAGES if name.partition(":")[0] == part):
        expect = PAGES[name]
        url = reverse(name, args=[world.things[arg] for arg in expect.args]) + expect.query.format(**world.things)
        got = {person: alone(visit, doors[person], world, person, url, expect) for person in PEOPLE}
        for person, code in zip(PEOPLE, expect.codes, strict=True):
            if got[person] != code:
                wrong[f"{url} as {person}"] = f"{got[person]}, not {code}"
    assert wrong == {}


def logged_in(user):
    browser = Browser()
    if user:
        browser.force_login(user)
    return browser


def alone(do, browser, *args):
    """What it returns; whatever it did is undone, in the database, the cache and the browser."""
    cookies = copy.deepcopy(browser.cookies)
    try:
        with transaction.atomic():
            found = do(browser, *args)
            raise Undo
    except Undo:
        pass
    browser.cookies = cookies
    cache.clear()
    return found


def visit(browser, world, person, url, expect):
    answer = browser.post(url, **sent(world, expect)) if expect.post else browser.get(url)
    told = answer.getvalue().decode(errors="ignore")  # a file, too; read to its end it is closed
    if person in MAY_NOT_KNOW and "token" not in "".join(expect.args):
        leaked = [secret for secret in world.secrets if secret in told]
        assert not leaked, f"{url} shows {leaked} to {person}"
    return answer.status_code


def sent(world, expect):
    if expect.body:
        return {"data": expect.body % world.things, "content_type": "application/json"}
    return {"data": expect.form, "content_type": "application/x-www-form-urlencoded"}
