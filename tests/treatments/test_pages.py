import pytest
from django.urls import reverse

from tests.treatments.conftest import TODAY, make_running
from treatments.models import HomeLog, Programme
from treatments.services import home_logs

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser_of(client):
    def log_in(member):
        client.force_login(member.user)
        return client

    return log_in


def url(name, row):
    return reverse(f"treatments:{name}", args=[row.pk])


def test_from_findings_to_a_published_programme(browser_of, therapist, client_person, assessment, intake):
    http = browser_of(therapist)
    new = url("new_programme", client_person)
    assert b"hip_extension_limited right" in http.get(new).content
    http.post(new, {"assessment": str(assessment.pk)})
    draft = Programme.objects.get()
    page = http.get(url("programme", draft)).content.decode()
    assert "Half-kneeling hip flexor stretch" in page
    assert "Left out, and why" in page
    assert http.get(url("preview", draft)).status_code == 200
    http.post(url("publish", draft))
    draft.refresh_from_db()
    assert draft.state == "published"
    page = http.get(url("programme", draft)).content.decode()
    assert "Running" in page


def test_a_refused_change_comes_back_with_its_error(browser_of, therapist, draft):
    http, item = browser_of(therapist), draft.items.get(kind="stretch")
    prefix = f"item-{item.pk}"
    given = {"side": "right", "hold_seconds": 500, "repetitions": 2, "sets": 1, "weekdays": [1, 3]}
    response = http.post(url("change_item", item), {f"{prefix}-{key}": value for key, value in given.items()})
    assert response.status_code == 422
    assert b"500 is outside 3 to 180 seconds" in response.content
    response = http.post(url("change_item", item), {f"{prefix}-{key}": value for key, value in given.items()} | {
        f"{prefix}-hold_seconds": 40})  # fmt: skip
    assert response.status_code == 302
    item.refresh_from_db()
    assert (item.hold_seconds, item.weekdays) == (40, [1, 3])


def test_until_before_the_first_day_is_refused(browser_of, therapist, draft):
    response = browser_of(therapist).post(url("programme", draft), {"starts_on": "2026-03-04", "until": "2026-03-01"})
    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.until > TODAY


def test_adding_and_leaving_out(browser_of, therapist, draft):
    http = browser_of(therapist)
    item = draft.items.get(kind="stretch")
    assert http.get(url("remove_item", item)).status_code == 200
    assert http.post(url("remove_item", item), {"reason": ""}).status_code == 422
    assert http.post(url("remove_item", item), {"reason": "dislikes it"}).status_code == 302
    again = {"exercise": item.exercise, "side": "left"}
    assert http.post(url("add_item", draft), again).status_code == 302
    assert http.post(url("add_item", draft), again).status_code == 422


def test_publishing_something_unready_says_why(browser_of, therapist, draft):
    draft.items.all().delete()
    response = browser_of(therapist).post(url("publish", draft), follow=True)
    assert b"There is no exercise in it yet." in response.content
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_receptionist_and_another_practice_see_nothing(browser_of, receptionist, other_therapist, running):
    assert browser_of(receptionist).get(url("programme", running)).status_code == 403
    assert browser_of(other_therapist).get(url("programme", running)).status_code == 404
    assert browser_of(other_therapist).post(url("end", running)).status_code == 404


def test_too_painful_is_on_the_dashboard_until_seen(browser_of, therapist, client_person, running):
    item = running.items.get(kind="stretch")
    log = home_logs.log(item=item, local_date=TODAY, outcome="too_painful", word="sharp", by=client_person)
    http = browser_of(therapist)
    page = http.get(reverse("clinic:dashboard")).content.decode()
    assert "Too painful" in page
    assert "sharp" in page
    http.post(url("mark_seen", log))
    assert HomeLog.objects.get().seen_at
    assert "“sharp”" not in http.get(reverse("clinic:dashboard")).content.decode()


def test_health_data_stays_off_the_receptionists_dashboard(browser_of, receptionist, client_person, running):
    item = running.items.get(kind="stretch")
    home_logs.log(item=item, local_date=TODAY, outcome="too_painful", by=client_person)
    assert b"Too painful" not in browser_of(receptionist).get(reverse("clinic:dashboard")).content


def test_the_client_record_shows_programme_and_strip(browser_of, therapist, client_person, running):
    record = reverse("clinic:client", args=[client_person.pk])
    page = browser_of(therapist).get(record + "?tab=programme").content.decode()
    assert "day-strip" in page
    assert "Home programme" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_programme_page_takes_the_same_queries_for_one_and_three(
    browser_of, therapist, client_person, at_noon, django_assert_num_queries, count
):
    programme = make_running(client_person, weekdays=[(1, 3, 5)] * count)
    http = browser_of(therapist)
    with django_assert_num_queries(14):
        assert http.get(url("programme", programme)).status_code == 200


def test_api_creates_publishes_ends_and_takes_a_clients_answer(client, therapist, client_person, assessment, intake):
    client.force_login(therapist.user)
    made = client.post("/api/v1/programmes/", {"assessment": str(assessment.pk)}, content_type="application/json")
    assert made.status_code == 201
    pk, item = made.json()["id"], made.json()["items"][0]
    assert (
        client.post(f"/api/v1/programmes/{pk}/publish/", content_type="application/json").json()["state"] == "published"
    )
    given = {"item": item["id"], "local_date": TODAY.isoformat(), "outcome": "done"}
    refused = client.post("/api/v1/adherence/", {**given, "local_date": "2020-01-01"}, content_type="application/json")
    assert refused.status_code == 400
    from tests.people import make_user

    client_person.user = make_user("own@clients.example")
    client_person.save()
    client.force_login(client_person.user)
    assert client.post("/api/v1/adherence/", given, content_type="application/json").status_code == 201
    listed = client.get(f"/api/v1/adherence/?programme={pk}&date_from=2026-03-01").json()
    assert [row["outcome"] for row in listed["results"]] == ["done"]
    client.force_login(therapist.user)
    assert client.post(f"/api/v1/programmes/{pk}/end/", content_type="application/json").json()["state"] == "ended"
    assert client.post(f"/api/v1/programmes/{pk}/end/", content_type="application/json").status_code == 400
