"""A page takes nonsense for what it is: it answers, and never crashes. (The test client raises what a view raises.)"""

import re
from pathlib import Path

import pytest
from django import forms
from django.db import transaction
from django.urls import reverse

from tests.architecture.access import PAGES

VIEWS = Path(__file__).parents[2] / "clinic/views"
ASKED = re.compile(r"""(?:GET|POST)(?:\.get\(|\.getlist\(|\[)["'](\w+)""")
MORE = {"next", "revision"}  # read by `clinic.asked`
NONSENSE = {
    "a character that PostgreSQL has not": "a\x00b",
    "a number without end": "9" * 5000,
    "the first instant": "0001-01-01T00:00+14:00",
    "the last instant": "9999-12-31T23:59-12:00",
    "half of something": '[{"a": [1_',
}


def fields(form=forms.BaseForm):
    for kind in form.__subclasses__():
        yield from getattr(kind, "base_fields", {})
        yield from fields(kind)


def names():
    """Whatever a page of clinic's reads."""
    asked = {name for path in VIEWS.rglob("*.py") for name in ASKED.findall(path.read_text())}
    return sorted(asked | MORE | set(fields()))


class Undo(Exception):
    pass


@pytest.mark.parametrize("name", sorted(name for name in PAGES if name.startswith("clinic:")))
def test_nonsense_is_answered(name, world, client):
    expect = PAGES[name]
    url = reverse(name, args=[world.things[arg] for arg in expect.args])
    client.force_login(world.users["owner"])
    crashed = {}
    for what, value in NONSENSE.items():
        said = dict.fromkeys(names(), value)
        for send in (client.get, client.post):
            try:
                with transaction.atomic():
                    answer = send(url, said)
                    answer.getvalue()  # a file is closed where it is read to its end
                    assert answer.status_code < 500
                    raise Undo
            except Undo:
                pass
            except Exception as error:
                crashed[f"{send.__name__}, {what}"] = repr(error)
    assert crashed == {}
