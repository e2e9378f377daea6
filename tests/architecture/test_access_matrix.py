"""Every address is opened as everybody. What isn't theirs is refused, and nothing of it leaks into the answer."""

import pytest
from django.db import transaction
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


@pytest.mark.parametrize("name", sorted(PAGES))
def test_access(name, world, client):
    expect = PAGES[name]
    url = reverse(name, args=[world.things[arg] for arg in expect.args]) + expect.query.format(**world.things)
    got = {}
    for person in PEOPLE:
        try:
            with transaction.atomic():
                got[person] = visit(client, world, person, url, expect)
                raise Undo
        except Undo:
            pass
    assert got == dict(zip(PEOPLE, expect.codes, strict=True)), url


def visit(client, world, person, url, expect):
    client.logout()
    if user := world.users[person]:
        client.force_login(user)
    answer = client.post(url, **sent(world, expect)) if expect.post else client.get(url)
    told = answer.getvalue().decode(errors="ignore")  # a file, too; read to its end it is closed
    if person in MAY_NOT_KNOW and "token" not in "".join(expect.args):
        leaked = [secret for secret in world.secrets if secret in told]
        assert not leaked, f"{url} shows {leaked} to {person}"
    return answer.status_code


def sent(world, expect):
    if expect.body:
        return {"data": expect.body % world.things, "content_type": "application/json"}
    return {"data": expect.form, "content_type": "application/x-www-form-urlencoded"}
