"""On a phone there is room for five: what is rarer stands on the page of the practice, for the same roles."""

import re

import pytest
from django.urls import reverse

from clinic import panels


def entries(shown):
    """Label → its class and whether it is the page one is on, as the main navigation has them."""
    nav = re.search(r'<ul class="nav-items">(.*?)</ul>', shown, re.S)[1]
    found = re.findall(r'<li( class="nav-within")?><a href="[^"]*"([^>]*)>.*?<span>([^<]*)</span>', nav, re.S)
    return {label: (bool(within), more) for within, more, label in found}


def test_no_more_than_five_stand_on_a_phone(client, owner):
    client.force_login(owner.user)
    shown = entries(client.get(reverse("clinic:practice")).content.decode())
    assert [label for label, (within, _) in shown.items() if not within] == [
        "Today", "Diary", "Clients", "Reminders", "Practice",
    ]  # fmt: skip
    assert len(shown) > 5


@pytest.mark.parametrize("who", ["owner", "therapist", "receptionist"])
def test_the_others_stand_on_the_page_of_the_practice(client, request, who):
    member = request.getfixturevalue(who)
    client.force_login(member.user)
    shown = client.get(reverse("clinic:practice")).content.decode()
    topics = re.search(r'<nav class="practice-start".*?</nav>', shown, re.S)[0]
    for item in panels.nav:
        listed = f'href="{reverse(item.view)}"' in topics
        assert listed == (item.within == "practice" and member.role in item.roles), item.key


def test_whoever_is_on_such_a_page_is_within_the_practice(client, owner):
    client.force_login(owner.user)
    shown = entries(client.get(reverse("intake:forms")).content.decode())
    assert 'aria-current="page"' in shown["Forms"][1]
    assert "nav-holds" in shown["Practice"][1]
    assert "nav-holds" not in shown["Today"][1]
