"""What was done is said with a button beside it that takes it back: a form, safe against forgery and against markup."""

import re

import pytest
from django.contrib.messages.storage.session import SessionStorage
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from clinic import undo

HOSTILE = '"><b>x</b>'


@pytest.fixture
def request_with_messages(rf):
    request = rf.get("/")
    request.session = {}
    request._messages = SessionStorage(request)
    get_token(request)
    return request


def shown(request):
    """As the next page shows it: through the session and read again."""
    sent = list(request._messages._queued_messages)
    storage = SessionStorage(request)
    request._messages = storage.deserialize_messages(storage.serialize_messages(sent))
    return render_to_string("allauth/elements/messages.html", {"messages": request._messages}, request)


def test_an_offer_is_a_message_with_a_form(request_with_messages):
    undo.offer(
        request_with_messages, "Visit moved.", url="/visits/1/move/", fields={"to": "9:00", "client": ["1", "2"]}
    )
    html = shown(request_with_messages)
    assert 'role="status"' in html
    assert "<p>Visit moved.</p>" in html
    form = re.search(r"<form.*?</form>", html, re.DOTALL).group()
    assert '<form method="post" action="/visits/1/move/"' in form
    assert re.search(r'name="csrfmiddlewaretoken" value="\w+"', form)
    assert re.findall(r'name="(to|client)" value="([^"]*)"', form) == [("to", "9:00"), ("client", "1"), ("client", "2")]
    assert re.search(r'<button type="submit"[^>]*>Undo</button>', form)


def test_nothing_of_it_becomes_markup(request_with_messages):
    undo.offer(
        request_with_messages, HOSTILE, url=f"/x/{HOSTILE}", fields={f"a{HOSTILE}": HOSTILE}, label=f"Back{HOSTILE}"
    )
    html = shown(request_with_messages)
    assert "<b>" not in html
    assert html.count("&lt;b&gt;x&lt;/b&gt;") == 5


def test_other_messages_have_no_button(request_with_messages):
    request_with_messages._messages.add(25, "Saved.", extra_tags="undone")
    html = shown(request_with_messages)
    assert "<p>Saved.</p>" in html
    assert "<form" not in html
