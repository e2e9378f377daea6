"""Reports of mail services as they post them: believed only with their proof, and stored once."""

import datetime
import itertools
import json
import uuid
from urllib.parse import urlencode

import pytest
from anymail.signals import AnymailTrackingEvent
from django.test import Client as Browser

from clinic.models import Client, DeliveryEvent, Reminder
from clinic.services.delivery.webhooks import as_report
from tests.clinic.delivery.services import ALL, AT, BASIC, SECRET, AmazonSES, Postmark

pytestmark = [
    # SendGrid works, but anymail's makers cannot try it any more.
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support:UserWarning"),
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
]


@pytest.fixture(params=ALL, ids=lambda service: service.name)
def service(request, settings):
    return use(request.param, settings)


def use(service, settings):
    settings.MAIL_PROVIDER = service.name
    settings.ANYMAIL = {"WEBHOOK_SECRET": f"events:{SECRET}", **service.settings}
    if service.name == "mailgun":
        del settings.ANYMAIL["WEBHOOK_SECRET"]  # it signs
    return service


@pytest.fixture
def post(service, row):
    """`post("bounced")`: as the service does, from outside, without a cookie. Returns the status."""

    def post(what, **changes):
        body, kind, headers = service.post(what, changes.pop("row", row), **changes.pop("to", {}))
        return send(service, changes.get("body", body), changes.get("headers", headers), kind)

    return post


def send(service, body, headers, kind="application/json"):
    outside = Browser(enforce_csrf_checks=True, raise_request_exception=False)
    return outside.post(f"/mail/events/{service.name}/", body, content_type=kind, headers=headers).status_code


def end(row):
    row.refresh_from_db()
    person = Client.objects.get(pk=row.client_id)
    return row.state, person.email_bounced_at is not None, person.reminders_stopped_at is not None


# --- what they say ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "stored", "permanent", "expected"),
    [
        ("delivered", "delivered", False, ("sent", False, False)),
        ("bounced", "bounced", True, ("sent", True, False)),
        ("soft", "bounced", False, ("sent", False, False)),
        ("complained", "complained", False, ("sent", False, True)),
    ],
)
def test_a_report_is_understood(what, stored, permanent, expected, post, row, service):
    assert post(what) == 200
    event = DeliveryEvent.objects.get()
    assert (event.what, event.permanent, event.reminder, event.source) == (stored, permanent, row.pk, service.source)
    assert end(row) == expected


def test_who_opened_a_mail_is_nobodys_business(post, row):
    assert post("opened") == 200
    assert not DeliveryEvent.objects.exists()


def test_the_same_post_ten_times_is_one_report(post, row):
    assert [post("bounced") for _ in range(10)] == [200] * 10
    assert DeliveryEvent.objects.count() == 1


@pytest.mark.parametrize("order", list(itertools.permutations(["delivered", "bounced", "complained"])))
def test_any_order_leads_to_the_same_end(order, post, row):
    Reminder.objects.update(state="uncertain")
    assert [post(what) for what in order] == [200] * 3
    assert end(row) == ("sent", True, True)


def test_an_uncertain_mail_that_was_delivered_was_sent(post, row):
    Reminder.objects.update(state="uncertain")
    post("delivered")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("sent", "The mail service confirmed delivery.")


def test_mail_of_others_by_the_same_account_is_ignored(post, row):
    stranger = Reminder(pk=uuid.uuid4(), client=row.client)
    assert post("bounced", row=stranger) == 200
    assert not DeliveryEvent.objects.exists()


def test_an_address_that_was_changed_meanwhile_is_not_blamed(post, row):
    Client.objects.update(email="new@clients.example")
    assert post("bounced") == 200
    assert end(row) == ("sent", False, False)


# --- who may say it ---------------------------------------------------------------------------------------------------


def test_without_a_proof_nothing_is_stored(post, service, row):
    body, _, _ = service.post("bounced", row)
    if service.name == "mailgun":
        unsigned = json.loads(body)
        del unsigned["signature"]
        body = json.dumps(unsigned)
    assert post("bounced", body=body, headers=AmazonSES().signature(body) if service.name == "amazon_ses" else {}) in (
        401,
        403,
    )
    assert not DeliveryEvent.objects.exists()


def test_with_a_wrong_proof_nothing_is_stored(post, service, row):
    body, _, _ = service.post("bounced", row)
    if service.name == "mailgun":
        wrong = json.loads(body)
        wrong["signature"]["signature"] = "0" * 64
        body = json.dumps(wrong)
    assert post("bounced", body=body, headers=service.forged(body)) == 403
    assert not DeliveryEvent.objects.exists()


def test_a_signature_holds_for_what_was_signed_only(settings, row, make_reminder):
    (service,) = (one for one in ALL if one.name == "sendgrid")
    use(service, settings)
    body, _, headers = service.post("bounced", row)
    assert send(service, body.replace(str(row.pk), str(uuid.uuid4())), headers) == 403


@pytest.mark.parametrize("in_json", [True, False])
@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 403)])
def test_a_signature_of_mailgun_holds_for_a_day(hours, status, in_json, settings, row, today):
    (service,) = (one for one in ALL if one.name == "mailgun")
    use(service, settings)
    body, kind, headers = service.post("bounced", row)
    if not in_json:  # as accounts of long ago still send it
        body, kind = (
            urlencode({"event": "bounced", **json.loads(body)["signature"]}),
            "application/x-www-form-urlencoded",
        )
    today.move_to(AT + datetime.timedelta(hours=hours))
    assert send(service, body, headers, kind) == status
    assert DeliveryEvent.objects.exists() == (in_json and status == 200)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "[1]", '"x"', '{"a": {"b": 1}}', "\x00\xff", "[" * 100])
def test_garbage_is_refused_and_does_no_harm(body, service, row, caplog):
    headers = {**BASIC, **service.signature(body)} if service.name == "sendgrid" else dict(BASIC)
    assert send(service, body, headers) in (200, 403)
    assert not DeliveryEvent.objects.exists()
    assert "Traceback" not in caplog.text


def test_what_cannot_be_stored_is_asked_for_again(post, row, monkeypatch):
    def broken(*args, **kwargs):
        raise KeyError

    monkeypatch.setattr("clinic.services.delivery.webhooks.note", broken)
    assert post("bounced") == 500


def test_only_the_service_of_the_settings_is_heard(settings, row):
    use(Postmark(), settings)
    body, kind, headers = Postmark().post("bounced", row)
    for name in ("mailgun", "postmark2", "../admin", "base"):
        assert Browser().post(f"/mail/events/{name}/", body, content_type=kind, headers=headers).status_code == 404
    settings.MAIL_PROVIDER = ""
    assert send(Postmark(), body, headers) == 404
    assert Browser().get("/mail/events/postmark/").status_code == 404


def test_the_log_says_nothing_of_what_was_sent(settings, row, caplog):
    use(Postmark(), settings)
    body, _, _ = Postmark().post("bounced", row)
    send(Postmark(), body, Postmark().forged(body))
    assert "was refused (AnymailWebhookValidationFailure)" in caplog.text
    assert "ada@" not in caplog.text
    assert SECRET not in caplog.text


# --- the fine print ---------------------------------------------------------------------------------------------------


def event(kind="bounced", **details):
    return AnymailTrackingEvent(event_type=kind, **details)


def test_the_mail_is_told_by_metadata_a_tag_or_our_own_message_id():
    name = uuid.uuid4()
    for details in (
        {"metadata": {"reminder": str(name)}},
        {"metadata": None, "tags": ["x", str(name)]},
        {"message_id": f"<{name}@clinic.example>"},
        {"message_id": f"{name}@clinic.example"},
    ):
        assert as_report(event(**details), "X").reminder == name
    report = as_report(event(message_id="abc", metadata={"reminder": "1"}, tags=None), "X")
    assert (report.reminder, report.provider_id) == (None, "abc")


@pytest.mark.parametrize(
    ("answer", "code", "permanent"),
    [
        ("550 5.1.1 No such user", "5.1.1", True),
        ("550 5.7.1 Blocked by policy", "5.7.1", False),
        ("552 5.2.2 Full", "5.2.2", False),
        ("550 5.4.1 Recipient address rejected: Access denied", "5.4.1", True),
        ("blocked: 10.5.1.1 is listed", "", False),
        ("", "", False),
        (None, "", False),
    ],
)
def test_a_service_that_does_not_say_is_judged_by_the_code(answer, code, permanent):
    report = as_report(event(mta_response=answer), "Mailgun")
    assert (report.code, report.permanent) == (code, permanent)


@pytest.mark.parametrize(
    ("reason", "permanent"), [("invalid", True), ("bounced", True), ("spam", False), (None, False)]
)
def test_a_service_that_refuses_an_address_for_good(reason, permanent):
    report = as_report(event("rejected", reject_reason=reason), "Postmark")
    assert (report.what, report.permanent) == ("rejected", permanent)


@pytest.mark.parametrize("kind", ["queued", "sent", "opened", "clicked", "autoresponded", "subscribed", "unknown"])
def test_what_nobody_needs_to_know_is_dropped(kind):
    assert as_report(event(kind), "Postmark") is None


def test_who_unsubscribes_at_the_service_wants_no_more_reminders():
    assert as_report(event("unsubscribed"), "Mailgun").what == "complained"


def test_every_service_of_the_settings_has_a_reader():
    from clinic.config.mail import SERVICES
    from clinic.config.mail_events import reader

    assert all(reader(name) for name in SERVICES)
