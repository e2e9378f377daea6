"""Every page that whoever holds a link can look at: those of the access matrix, and those behind other states."""

from __future__ import annotations

import uuid
from urllib.parse import parse_qsl

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from clinic import links
from clinic.models import Client, Practice, SafetyAlert
from clinic.queries.logins import name_of
from clinic.services import audit
from intake.models import FormVersion, IntakeRequest
from intake.screening.definition import FORMS
from intake.screening.questionnaire import read_form
from tests.architecture.access import LINK, PAGES

NO_PAGES = {  # a PDF, and what programs read
    "treatments:portal_paper", "treatments:portal_worker", "treatments:portal_manifest", "treatments:portal_kept",
    "clinic:calendar_feed",
}  # fmt: skip


def of_the_matrix(world) -> dict[str, str]:
    """For the client of the access matrix, whom no open question locks out."""
    SafetyAlert.objects.all().delete()
    return {
        name: reverse(name, args=[world.things[arg] for arg in expect.args]) + expect.query.format(**world.things)
        for name, expect in sorted(PAGES.items())
        if not expect.post
        and expect.codes == LINK
        and name not in NO_PAGES
        and any("token" in arg for arg in expect.args)
    }


def of_forms(world) -> dict[str, str]:
    """Each page of each form that comes along, without the question at the door."""
    Practice.objects.update(check_birth_date=False)
    found = {}
    for path in sorted(FORMS.glob("*.json")):
        asked = another(world, path)
        token = links.sign("intake", asked.pk)
        for page in asked.form_version.form.pages:
            found[f"{path.stem}: {page.key}"] = reverse("intake:page", args=[token, page.key])
    return found


def another(world, path=None, **details) -> IntakeRequest:
    """One more invitation of the client, to the form of a file or the one they have."""
    first = IntakeRequest.objects.select_related("form_version").get(pk=world.things["request"])
    version = first.form_version
    if path:
        schema = {**version.schema, "form": read_form(path)}
        version = FormVersion.objects.create(
            practice=first.practice, key=f"{path.stem}-here", number=1, title=schema["form"]["title"], schema=schema
        )
    details = {"expires_at": first.expires_at, **details}
    return IntakeRequest.objects.create(
        practice=first.practice, client=first.client, form_version=version, requested_by=first.requested_by, **details
    )


def that_refuse(world) -> dict[str, str]:
    """Pages of links that do not work."""
    gone = timezone.now() - timezone.timedelta(days=1)
    expired = another(world, expires_at=gone)
    revoked = another(world, revoked_at=gone)
    token = world.things["portal_token"]
    return {
        "expired": reverse("intake:start", args=[links.sign("intake", expired.pk)]),
        "revoked": reverse("intake:start", args=[links.sign("intake", revoked.pk)]),
        "forged": reverse("intake:start", args=["forged"]),
        "no portal": reverse("treatments:portal", args=[f"{token}x"]),
        "no mails": reverse("clinic:unsubscribe", args=["forged"]),
    }


def with_a_passkey(world) -> dict[str, str]:
    """What a client sees who has one, and where the mail about it leads. The device is called as somebody may."""
    person = Client.objects.get(pk=world.things["twin"])
    person.user = get_user_model().objects.create_user(username=name_of(person))
    person.save()
    data = {"name": person.family_name, "credential": {}}
    made = Authenticator.objects.create(user=person.user, type="webauthn", data=data)
    entry = audit.record("client.passkey_added", on=person, by=person, passkey=made.pk)
    Practice.objects.update(check_birth_date=False)
    return {
        "a passkey": reverse("clinic:portal_passkey", args=[links.sign("portal", person.pk)]),
        "a passkey was added": reverse("clinic:passkey_added", args=[links.sign("passkey_added", entry.pk)]),
    }


def everything(world) -> dict[str, str]:
    found = {**of_the_matrix(world), "door": door(world), **of_forms(world), **that_refuse(world)}
    return {**found, **with_a_passkey(world)}


def door(world) -> str:
    return reverse("intake:start", args=[world.things["intake_token"]])


def taps(world) -> list[tuple[str, str, dict[str, str]]]:
    """What can be sent from the client's pages, right and wrong: name, address, fields."""
    things, today = world.things, {"local_date": timezone.localdate().isoformat()}
    wrong = [
        (name, reverse(name, args=[things[arg] for arg in expect.args]), dict(parse_qsl(expect.form)))
        for name, expect in sorted(PAGES.items())
        if expect.post and not expect.body and any("token" in arg for arg in expect.args)
    ]
    token = things["portal_token"]
    item, pain = (
        reverse("treatments:portal_item", args=[token, things["item"]]),
        reverse("treatments:portal_pain", args=[token]),
    )
    settings, messages = reverse("clinic:preferences", args=[token]), reverse("clinic:portal_messages", args=[token])
    question = reverse("assessments:portal_question", args=[token, things["asked"], 1])
    return [
        *wrong,
        *(("item", item, {**today, "outcome": outcome}) for outcome in ("done", "skipped", "too_painful", "no")),
        ("item", item, {"local_date": "2001-01-01", "outcome": "done"}),
        *(("pain", pain, {**today, "before": number}) for number in ("3", "8", "11")),
        ("settings", settings, {}),
        ("settings", settings, {"reminder_time": "03:00", "channel": "mail", "reminder_days": "9"}),
        *(("messages", messages, {"text": text, "sent_key": str(uuid.uuid4())}) for text in ("", "…", "…" * 2001)),
        ("question", question, {}),
        ("rescreen", reverse("intake:rescreen", args=[token]), {}),
        ("rescreen", reverse("intake:rescreen", args=[token]), {"nothing_new": "1"}),
        ("pause", reverse("clinic:pause_mails", args=[token]), {"until": "2999-01-01"}),
        ("day", of_forms(world)["first_visit: day"], {"sitting_hours_per_day": "14", "standing_hours_per_day": "14"}),
        ("door", door(world), {"birth": "1 1 1901", "date_of_birth": "1 1 1901"}),
        ("unsubscribe", reverse("clinic:unsubscribe", args=[things["unsubscribe_token"]]), {"pause": "week"}),
        ("unsubscribe", reverse("clinic:unsubscribe", args=[things["unsubscribe_token"]]), {"stop": "stop"}),
    ]
