import pytest
from django.urls import reverse

from clinic.models import AuditEntry, Reminder
from clinic.services import clients
from intake.models import ConditionAnswer, IntakeRequest
from intake.services import requests, responses
from tests.intake.conftest import fill, sign


@pytest.fixture
def as_(client):
    def log_in(member):
        client.force_login(member.user)
        return client

    return log_in


def record(client_person) -> str:
    return reverse("clinic:client", args=[client_person.pk]) + "?tab=intake"


def test_reception_sends_the_link(as_, receptionist, client_person):
    page = as_(receptionist).post(reverse("intake:send", args=[client_person.pk]), follow=True)
    assert page.redirect_chain == [(record(client_person), 302)]
    assert "The intake link is on its way to Ada Brandt. It works for 14 days." in page.content.decode()
    assert IntakeRequest.objects.get().requested_by == receptionist


def test_a_client_without_mail_is_told_and_nothing_is_sent(as_, therapist, client_person):
    clients.change(client=client_person, by=therapist, email="")
    page = as_(therapist).post(reverse("intake:send", args=[client_person.pk]), follow=True).content.decode()
    assert "Ada Brandt has no e-mail address. Add one under Details, then send the link." in page
    assert "Send intake link" not in page
    assert not IntakeRequest.objects.exists()


def test_revoking_says_so(as_, receptionist, invitation):
    page = as_(receptionist).post(reverse("intake:revoke", args=[invitation.pk]), follow=True).content.decode()
    assert "The link no longer works." in page
    assert "Withdrawn" in page
    again = as_(receptionist).post(reverse("intake:revoke", args=[invitation.pk]), follow=True).content.decode()
    assert "can&#x27;t be withdrawn any more" in again


def test_another_practice_gets_404_everywhere(as_, other_therapist, completed):
    someone = as_(other_therapist)
    assert someone.get(reverse("intake:intake", args=[completed.pk])).status_code == 404
    for view, pk in [
        ("send", completed.client_id), ("revoke", completed.request_id), ("answer_condition", completed.client_id),
        ("intake", completed.pk),
    ]:  # fmt: skip
        assert someone.post(reverse(f"intake:{view}", args=[pk])).status_code == 404
    assert IntakeRequest.objects.count() == 1


def test_reception_never_reads_answers(as_, receptionist, completed):
    page = as_(receptionist).get(record(completed.client)).content.decode()
    assert "Intake link" in page
    assert "Lower back" not in page
    assert "conditions to answer" not in page
    assert as_(receptionist).get(reverse("intake:intake", args=[completed.pk])).status_code == 403
    assert as_(receptionist).post(reverse("intake:answer_condition", args=[completed.client_id])).status_code == 403


def test_only_who_may_read_answers_can_copy_the_link(as_, receptionist, therapist, invitation):
    assert "/i/" in as_(therapist).get(record(invitation.client)).content.decode()
    assert "/i/" not in as_(receptionist).get(record(invitation.client)).content.decode()


def test_the_record_shows_pain_habits_flags_conditions_and_consent(as_, therapist, invitation):
    fill(invitation, red_flags={"cancer_history": "yes"}, conditions={"osteoporosis": "unsure", "pregnancy": "yes"})
    sign(invitation)
    page = " ".join(as_(therapist).get(record(invitation.client)).content.decode().split())
    for shown in (
        "Lower back", "for 26 weeks", "9 hours", "Worn-out shoes", "Massage, Foam roller",
        "History of cancer", "Urgent", "Pregnancy: yes", "1 condition to answer", "client not sure",
        "Signed by Ada Brandt", "Nobody yet", "Unread",
    ):  # fmt: skip
        assert shown in page, shown


def test_a_condition_is_answered_with_one_click(as_, therapist, invitation):
    fill(invitation, conditions={"osteoporosis": "unsure"})
    sign(invitation)
    said = {"condition": "osteoporosis", "answer": "yes"}
    url = reverse("intake:answer_condition", args=[invitation.client_id])
    page = as_(therapist).post(url, said, follow=True).content.decode()
    assert "Osteoporosis: yes" in page
    assert "condition to answer" not in page
    assert ConditionAnswer.objects.get().answered_by == therapist


def test_the_short_list_is_answered_at_once(as_, therapist, client_person):
    url = reverse("intake:answer_condition", args=[client_person.pk])
    asked = {"short": ["polio", "osteoporosis", "pregnancy"], "answer-polio": "yes"}
    page = as_(therapist).post(url, asked, follow=True).content.decode()
    assert "1 condition answered." in page
    page = as_(therapist).post(url, {**asked, "rest": "no"}, follow=True).content.decode()
    assert "3 conditions answered." in page
    said = {row.condition: row.answer for row in ConditionAnswer.objects.order_by("id")}
    assert said == {"polio": "yes", "osteoporosis": "no", "pregnancy": "no"}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, "Nothing was ticked"),
        ({"answer-polio": "maybe"}, "Choose yes or no for"),
        ({"short": ["polo"], "rest": "no"}, "Choose yes or no for"),
    ],
)
def test_what_the_short_list_can_t_mean_is_said_and_writes_nothing(as_, therapist, client_person, said, message):
    url = reverse("intake:answer_condition", args=[client_person.pk])
    asked = {"short": ["osteoporosis", "polio"], "answer-osteoporosis": "no" if said else "", **said}
    assert message in as_(therapist).post(url, asked, follow=True).content.decode()
    assert not ConditionAnswer.objects.exists()


def test_the_form_is_filled_in_here_without_any_mail(as_, therapist, client_person):
    clients.change(client=client_person, by=therapist, email="")
    url = reverse("intake:here", args=[client_person.pk])
    page = as_(therapist).post(url, follow=True)
    assert page.status_code == 200
    assert "/i/" in page.redirect_chain[0][0]
    as_(therapist).post(url)
    assert IntakeRequest.objects.get().requested_by == therapist, "the open link is used again"
    assert not Reminder.objects.exists()
    clients.archive(client=client_person, by=therapist)
    assert "is archived" in as_(therapist).post(url, follow=True).content.decode()


BAD = [
    ({}, "Choose one of the conditions"),
    ({"condition": "polo", "answer": "yes"}, "Choose one of the conditions"),
    ({"condition": "polio"}, "Choose one: Yes, No, Not sure."),
    ({"condition": "polio", "answer": "maybe"}, "“maybe” is not one of: Yes, No, Not sure."),
    ({"condition": "polio", "answer": "yes", "side": "up"}, "“up” is not one of: Left, Right, Both."),
    (
        {"condition": "hip_replacement", "answer": "yes", "restrictions": ["none", "crosses_midline"]},
        "Choose either restrictions, or that there are none.",
    ),
]


@pytest.mark.parametrize(("said", "message"), BAD)
def test_a_bad_condition_is_named_and_writes_nothing(as_, therapist, client_person, said, message):
    page = as_(therapist).post(reverse("intake:answer_condition", args=[client_person.pk]), said)
    assert page.status_code == 422
    assert message in page.content.decode()
    assert not ConditionAnswer.objects.exists()


RESTRICTED = [([], None), (["none"], []), (["crosses_midline"], ["crosses_midline"])]


@pytest.mark.parametrize(("ticked", "kept"), RESTRICTED)
def test_the_surgeon_s_restrictions_are_unknown_none_or_named(as_, therapist, client_person, ticked, kept):
    url = reverse("intake:answer_condition", args=[client_person.pk])
    hip = {"answer": "yes", "side": "left", "approach": "posterior", "date": "2019-03-01"}
    as_(therapist).post(url, {"condition": "hip_replacement", **hip, "restrictions": ticked})
    assert ConditionAnswer.objects.get().answer == hip | ({} if kept is None else {"restrictions": kept})
    page = as_(therapist).get(url).content.decode()
    assert "Hip replacement: yes, left, posterior approach, 2019-03-01" in page
    assert page.count("checked") == 3 + len(ticked)


def test_reading_marks_who_read(as_, therapist, completed):
    url = reverse("intake:intake", args=[completed.pk])
    page = as_(therapist).get(url).content.decode()
    assert "I have read it" in page
    assert "Do you have diabetes?" in page
    completed.refresh_from_db()
    assert completed.read_at is None  # GET changes nothing
    assert "Read by Tomas" in as_(therapist).post(url, follow=True).content.decode()
    completed.refresh_from_db()
    assert completed.read_by == therapist


def test_a_draft_has_no_page_for_staff(as_, therapist, invitation):
    draft = fill(invitation)
    assert as_(therapist).get(reverse("intake:intake", args=[draft.pk])).status_code == 404


def test_the_full_intake_takes_a_fixed_number_of_queries(as_, therapist, completed, django_assert_num_queries):
    someone = as_(therapist)
    # session, user, membership, the intake with its version, client and reader; and four of the banner
    with django_assert_num_queries(8):
        someone.get(reverse("intake:intake", args=[completed.pk]))


def test_the_dashboard_shows_clinicians_what_to_read_and_reception_only_links(
    as_, therapist, receptionist, completed, other_practice
):
    requests.send(client=completed.client, by=therapist)
    url = reverse("clinic:dashboard")
    page = as_(therapist).get(url).content.decode()
    assert reverse("intake:intake", args=[completed.pk]) in page
    assert "Waiting for answers" in page
    page = as_(receptionist).get(url).content.decode()
    assert reverse("intake:intake", args=[completed.pk]) not in page
    assert "Waiting for answers" in page


def test_an_empty_dashboard_panel_says_so(as_, therapist):
    assert "No intake needs you" in as_(therapist).get(reverse("clinic:dashboard")).content.decode()


def test_every_write_leaves_one_audit_row_with_its_actor(as_, therapist, invitation):
    fill(invitation)
    response = sign(invitation)
    responses.mark_read(response=response, by=therapist)
    rows = AuditEntry.objects.filter(client=invitation.client).order_by("created_at", "id")
    assert [(row.verb, bool(row.actor_client_id)) for row in rows] == [
        ("intake_request.sent", False), ("intake.saved", True), ("intake.completed", True), ("intake.read", False),
    ]  # fmt: skip
