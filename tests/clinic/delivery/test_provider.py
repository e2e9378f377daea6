"""Mail by the API of a mail service, over a real socket: what it is sent, and what each of its answers means."""

import json
import socket
import uuid
from email import message_from_bytes

import pytest

from clinic.models import Client, Reminder
from clinic.reminders import kinds
from clinic.services import reminders
from tests.clinic.delivery.api_server import ApiServer
from tests.clinic.reminders.plain_kind import PlainKind
from tests.people import make_client

TAKEN = {"To": "ada@clients.example", "MessageID": "pm-1", "ErrorCode": 0, "Message": "OK"}
DOWN = "The mail server did not take mail"
UNKNOWN = ("uncertain", "The mail service did not say whether it took the mail.")


@pytest.fixture
def api():
    server = ApiServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def kind():
    with kinds.temporarily(PlainKind()) as made:
        yield made


@pytest.fixture
def due(client_person, make_reminder, kind):
    return make_reminder(client_person, state="planned", handing_over_at=None, settled_at=None)


@pytest.fixture
def postmark(api, settings):
    use(settings, "postmark", POSTMARK_SERVER_TOKEN="t", POSTMARK_API_URL=api.url)
    api.answer = TAKEN
    return api


def use(settings, name, **keys):
    settings.EMAIL_BACKEND = f"anymail.backends.{name}.EmailBackend"
    settings.ANYMAIL = {"REQUESTS_TIMEOUT": 0.5, **keys}


def state(row):
    row.refresh_from_db()
    return row.state, row.reason


# --- what is sent -----------------------------------------------------------------------------------------------------


def test_a_mail_leaves_with_its_name_and_nobody_is_watched(due, postmark):
    assert reminders.wake() == 1
    sent = postmark.sent()
    assert sent["Metadata"] == {"reminder": str(due.pk)}
    assert (sent["TrackOpens"], sent["TrackLinks"]) == (False, "None")
    assert sent["From"] == "Riverside Bodywork <no-reply@localhost>"
    assert sent["To"] == "Ada Brandt <ada@clients.example>"
    assert sent["Subject"] == "Your day"
    assert "Hello Ada Brandt" in sent["TextBody"]
    assert "<p>Hello Ada Brandt</p>" in sent["HtmlBody"]
    headers = {one["Name"]: one["Value"] for one in sent["Headers"]}
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not {"Date", "Message-ID"} & set(headers)
    assert state(due) == ("sent", "")
    assert due.provider_id == "pm-1"


def test_names_are_written_as_people_read_them(due, postmark, practice):
    practice.name = 'Müller, "Körper" & Söhne'
    practice.save()
    Client.objects.update(given_name="Zoë")
    reminders.wake()
    assert postmark.sent()["From"].startswith('"Müller, \\"Körper\\" & Söhne" <')
    assert postmark.sent()["To"] == "Zoë Brandt <ada@clients.example>"
    assert postmark.sent()["ReplyTo"].startswith('"Müller, \\"Körper\\" & Söhne" <')


def test_all_mail_of_a_batch_leaves_over_one_connection(due, postmark, practice, make_reminder):
    for number in range(4):
        person = make_client(practice, ref=f"N{number}", family_name=f"N{number}", email=f"n{number}@clients.example")
        make_reminder(person, state="planned", handing_over_at=None, settled_at=None)
    assert reminders.wake() == 5
    assert postmark.connections == 1


def test_the_same_mail_has_the_same_key_and_another_address_another(due, settings, api):
    use(settings, "resend", RESEND_API_KEY="k", RESEND_API_URL=api.url)
    api.answer = {"id": "r-1"}
    for address in ("ada@clients.example", "ada@clients.example", "new@clients.example"):
        Client.objects.update(email=address)
        Reminder.objects.update(state="planned", handing_over_at=None, counted=False)
        assert reminders.wake() == 1
    keys = [request.headers["Idempotency-Key"] for request in api.requests]
    assert keys[0] == keys[1] != keys[2]
    assert uuid.UUID(keys[0])


def test_a_key_that_was_used_before_leaves_it_open_whether_the_mail_left(due, settings, api):
    use(settings, "resend", RESEND_API_KEY="k", RESEND_API_URL=api.url)
    api.status, api.answer = 409, {"name": "invalid_idempotent_request"}
    reminders.wake()
    assert state(due) == UNKNOWN


def test_a_service_without_metadata_gets_a_tag(due, settings, api):
    use(settings, "postal", POSTAL_API_KEY="k", POSTAL_API_URL=api.url)
    api.answer = {"status": "success", "data": {"message_id": "x", "messages": {"ada@clients.example": {"id": 7}}}}
    assert reminders.wake() == 1
    assert api.sent()["tag"] == str(due.pk)
    assert state(due)[0] == "sent"


def test_mailgun_keeps_our_message_id(due, settings, api):
    use(settings, "mailgun", MAILGUN_API_KEY="k", MAILGUN_API_URL=api.url)
    api.answer = {"id": f"<{due.pk}@localhost>", "message": "Queued. Thank you."}
    assert reminders.wake() == 1
    body = api.requests[0].body.decode()
    for part in (
        f"v%3Areminder={due.pk}",
        "o%3Atracking-opens=no",
        "o%3Atracking-clicks=no",
        f"Message-Id=%3C{due.pk}",
    ):
        assert part in body
    assert state(due) == ("sent", "")


# --- what it answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 503, 401, 403])
def test_a_service_that_takes_no_mail_is_asked_again_and_no_attempt_is_lost(status, due, postmark):
    postmark.status, postmark.answer = status, {"ErrorCode": 10, "Message": "x"}
    assert reminders.wake() == 0
    assert state(due) == ("planned", f"{DOWN} ({status}).")
    assert due.attempts == 0


@pytest.mark.parametrize("status", [502, 504])
def test_somebody_in_between_who_got_no_answer_knows_nothing(status, due, postmark):
    postmark.status, postmark.answer = status, "<html>Bad gateway</html>"
    assert reminders.wake() == 0
    assert state(due) == UNKNOWN


@pytest.mark.parametrize(("status", "code"), [(400, 1), (422, 300), (413, 1)])
def test_a_mail_that_is_refused_has_failed(status, code, due, postmark):
    postmark.status, postmark.answer = status, {"ErrorCode": code, "Message": "Ada Brandt is not wanted"}
    assert reminders.wake() == 0
    assert state(due) == ("failed", f"The mail service refused the mail ({status}).")
    due.client.refresh_from_db()
    assert due.client.email_bounced_at is None


def test_an_address_that_is_none_stops_mail_there(due, postmark):
    postmark.status = 422
    postmark.answer = {"ErrorCode": 300, "Message": "Invalid 'To' address: 'ada@clients.example'."}
    assert reminders.wake() == 0
    assert state(due) == ("failed", "The mail service says that there is no such address.")
    due.client.refresh_from_db()
    assert due.client.email_bounced_at is not None


def test_an_address_that_the_service_has_given_up_is_told(due, postmark):
    postmark.status = 422
    postmark.answer = {
        "ErrorCode": 406,
        "Message": "You tried to send to a recipient that has been marked as inactive. Found inactive addresses: "
        "ada@clients.example. Inactive recipients are ones that have generated a hard bounce or a spam complaint.",
    }
    reminders.wake()
    assert state(due) == ("failed", "The mail service writes to this address no more: it came back before.")


@pytest.mark.parametrize(
    ("word", "expected"), [("queued", "sent"), ("rejected", "failed"), ("invalid", "failed"), ("error", "uncertain")]
)
def test_a_service_says_it_for_the_recipient(word, expected, due, settings, api):
    use(settings, "mandrill", MANDRILL_API_KEY="k", MANDRILL_API_URL=api.url)
    api.answer = [{"email": "ada@clients.example", "status": word, "_id": "m-1"}]
    reminders.wake()
    assert state(due)[0] == expected


@pytest.mark.parametrize("answer", ["not json", "{}"])
def test_an_answer_nobody_can_read_leaves_it_open(answer, due, postmark):
    postmark.answer = answer
    reminders.wake()
    assert state(due) == UNKNOWN


@pytest.mark.parametrize("trouble", ["hang", "seconds"])
def test_no_answer_after_the_request_is_uncertain_and_never_sent_again(trouble, due, postmark):
    setattr(postmark, trouble, 5)
    assert reminders.wake() == 0
    assert state(due) == UNKNOWN
    assert len(postmark.requests) == 1
    postmark.hang = postmark.seconds = 0
    postmark.stopping.set()
    assert reminders.wake() == 0
    assert len(postmark.requests) == 1


def test_a_service_that_cannot_be_reached_took_nothing(due, settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = "http://{}:{}/".format(*nobody.getsockname())
        use(settings, "postmark", POSTMARK_SERVER_TOKEN="t", POSTMARK_API_URL=url)
        assert reminders.wake() == 0
    assert state(due) == ("planned", f"{DOWN}.")
    assert due.attempts == 0


@pytest.mark.parametrize("url", ["http://nobody.invalid/", "https://127.0.0.1:1/"])
def test_a_name_that_does_not_exist_took_nothing(url, due, settings):
    use(settings, "postmark", POSTMARK_SERVER_TOKEN="t", POSTMARK_API_URL=url)
    assert reminders.wake() == 0
    assert state(due) == ("planned", f"{DOWN}.")


def test_a_key_that_is_missing_is_the_services_trouble(due, settings):
    settings.EMAIL_BACKEND, settings.ANYMAIL = "anymail.backends.postmark.EmailBackend", {}
    assert reminders.wake() == 0
    assert state(due) == ("planned", f"{DOWN}.")


def test_a_mail_that_anymail_cannot_put_into_words_has_failed(due, postmark, monkeypatch):
    from anymail.exceptions import AnymailSerializationError

    def build(*args):
        raise AnymailSerializationError("Ada")

    monkeypatch.setattr("anymail.backends.postmark.EmailBackend.build_message_payload", build)
    reminders.wake()
    assert state(due) == ("failed", "The mail cannot be given to the mail service (AnymailSerializationError).")


def test_an_error_nobody_thought_of_is_uncertain(due, postmark, monkeypatch):
    def post(*args):
        raise ZeroDivisionError

    monkeypatch.setattr("anymail.backends.postmark.EmailBackend.post_to_esp", post)
    reminders.wake()
    assert state(due) == UNKNOWN


# --- Amazon: another library, other errors ----------------------------------------------------------------------------


@pytest.fixture
def amazon(api, settings):
    from clinic.config.mail import amazon_client

    client = {"region_name": "eu-central-1", "endpoint_url": api.url.rstrip("/"), **amazon_client()}
    client["config"] = {**client["config"], "read_timeout": 0.5}
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "s"}
    use(settings, "amazon_ses", AMAZON_SES_CLIENT_PARAMS={**client, **keys})
    api.answer = {"MessageId": "ses-1"}
    return api


def test_amazon_takes_a_mail(due, amazon):
    assert reminders.wake() == 1
    assert state(due) == ("sent", "")
    assert due.provider_id == "ses-1"
    import base64

    raw = message_from_bytes(base64.b64decode(amazon.sent()["Content"]["Raw"]["Data"]))
    assert json.loads(raw["X-Metadata"]) == {"reminder": str(due.pk)}


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (429, "TooManyRequestsException", "planned"),
        (400, "SendingPausedException", "planned"),
        (400, "MessageRejected", "failed"),
        (500, "InternalServiceErrorException", "planned"),
        (504, "Gateway", "uncertain"),
    ],
)
def test_amazon_refuses(status, code, expected, due, amazon):
    amazon.status, amazon.answer = status, {"__type": code, "message": "x"}
    reminders.wake()
    assert state(due)[0] == expected
    assert len(amazon.requests) == 1  # its library does not try again by itself


@pytest.mark.parametrize("trouble", ["hang", "seconds"])
def test_amazon_does_not_answer(trouble, due, amazon):
    setattr(amazon, trouble, 5)
    reminders.wake()
    assert state(due) == UNKNOWN
    assert len(amazon.requests) == 1


def test_amazon_cannot_be_reached(due, amazon):
    amazon.stop()
    reminders.wake()
    assert state(due) == ("planned", f"{DOWN}.")


def test_a_name_that_no_decoder_reads_fails_that_mail_only(due, postmark, practice, make_reminder):
    Client.objects.filter(pk=due.client_id).update(given_name="=?x-unknown?q?abc?=")
    person = make_client(practice, ref="N1", family_name="N1", email="n1@clients.example")
    make_reminder(person, state="planned", handing_over_at=None, settled_at=None)
    assert reminders.wake() == 1
    assert state(due) == ("failed", "The mail cannot be given to the mail service (LookupError).")
