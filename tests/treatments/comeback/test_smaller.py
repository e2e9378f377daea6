"""A smaller programme: what stays, who decides, and who can take it back."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clinic import links
from clinic.models import Attention, AuditEntry
from clinic.services import attention
from tests.treatments.comeback.conftest import a_question
from tests.treatments.conftest import make_assessment
from treatments.models import HomeLog, Programme
from treatments.planning.library import STRENGTHENS_THE_BACK
from treatments.planning.smaller import LEVELS, Asked, Smaller, smaller
from treatments.queries.smaller import made_smaller, offer_of
from treatments.services import home_logs, programmes
from treatments.services import smaller as services
from treatments.services.programmes.renew import renew

BACK = sorted(STRENGTHENS_THE_BACK)[0]


def one(codes=(), *, kind="stretch", target="iliopsoas", side="", level="partly", seconds=60, maintenance=False):
    return Asked(kind, target, side, tuple(codes), level, seconds, maintenance)


def test_for_each_finding_the_best_supported_stays_and_of_those_the_shortest():
    weak, long, short = one("a", level="weak"), one("a", seconds=90), one("a", seconds=30)
    assert smaller([weak, long, short]).places == (2,)


def test_each_side_of_a_finding_keeps_its_own():
    assert smaller([one("a", side="left"), one("a", side="right"), one("a", side="left", level="weak")]).places == (
        0,
        1,
    )
    assert smaller([one("a", side="left", level="weak"), one("a")]).places == (1,)  # both sides by one


def test_strengthening_and_activity_stay_whatever_they_are_for():
    strength, calf = one(kind="strength", target=BACK, level="weak"), one(kind="strength", target="calf")
    assert smaller([one("a"), strength, calf, one(kind="activity"), one("a", level="weak")]).places == (0, 1, 3)


def test_what_is_only_kept_up_rests():
    assert smaller([one("a", maintenance=True), one("b")]).places == (1,)


def test_where_there_is_one_for_each_one_stays_for_all():
    bridge, breaks = one(kind="strength", target=BACK), one(["sitting"], kind="activity", level="weak")
    most, long, weak = one("ab", seconds=400), one("c", seconds=70), one("def", level="weak")
    assert smaller([long, most, weak, bridge, breaks]) == Smaller((1, 3, 4), each=False)


def test_where_nothing_would_rest_nothing_is_offered():
    assert smaller([one("a")]).places == ()
    assert smaller([one("a"), one(kind="strength", target=BACK), one(kind="activity")]).places == ()
    assert smaller([]).places == ()


ASKED = st.builds(
    Asked, st.sampled_from(["stretch", "strength", "activity"]), st.sampled_from([BACK, "calf"]),
    st.sampled_from(["", "left", "right"]), st.sets(st.sampled_from("abc")).map(tuple), st.sampled_from(LEVELS),
    st.integers(1, 900), st.booleans(),
)  # fmt: skip


@given(st.lists(ASKED, max_size=7))
def test_no_finding_is_left_without_its_best_exercise(asked):
    told = smaller(asked)
    kept = [asked[place] for place in told.places]
    if not kept:
        return
    assert len(kept) < len(asked)
    for found in {found for each in asked if told.each and not each.maintenance for found in each.serves}:
        best = min(LEVELS.index(each.level) for each in asked if found in each.serves and not each.maintenance)
        assert best in [LEVELS.index(each.level) for each in kept if found in each.serves]
    for kind in ("strength", "activity"):
        had = [each for each in asked if each.kind == kind and (kind == "activity" or each.target == BACK)]
        assert bool(had) == bool([each for each in kept if each in had])


# --- offered, taken, refused, given back ------------------------------------------------------------------------------


@pytest.fixture
def slipping(client_person, therapist, intake, practice, time_machine):
    """Two weeks and more of a programme with something in it that can rest, and nothing done."""
    practice.offer_smaller = True
    practice.save()
    assessment = make_assessment(client_person, therapist, ("hip_extension_limited", "right"))
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    programmes.add_item(
        programme=draft, exercise="towel_calf_stretch", side="left", by=therapist, reason="she asked for it"
    )
    programme = programmes.publish(programme=draft, by=therapist)
    time_machine.move_to(datetime.datetime(2026, 3, 20, 12, tzinfo=datetime.UTC), tick=False)
    attention.look_at(client_person, "adherence_low")
    client_person.refresh_from_db()
    return programme


@pytest.fixture
def send(client, client_person):
    address = reverse("treatments:smaller", args=[links.sign("portal", client_person.pk)])
    return lambda what: client.post(address, {"what": what}, follow=True).content.decode()


def test_it_is_offered_only_where_the_practice_wants_it_and_only_below_half(slipping, client_person, practice):
    assert offer_of(client_person)
    Attention.objects.all().delete()
    assert offer_of(client_person) is None
    attention.look_at(client_person, "adherence_low")
    practice.offer_smaller = False
    practice.save()
    client_person.refresh_from_db()
    assert offer_of(client_person) is None


def test_the_card_and_the_page_say_what_stays_and_looking_changes_nothing(slipping, client, client_person):
    offer = made_smaller(slipping)
    token = links.sign("portal", client_person.pk)
    today = client.get(reverse("treatments:portal", args=[token])).content.decode()
    assert f"of about {offer.after} minutes a week" in today
    page = client.get(reverse("treatments:smaller", args=[token])).content.decode()
    stays, _, rests = page.partition("This rests")
    assert all(item.about.name in stays for item in offer.kept)
    assert all(item.about.name in rests and item.about.name not in stays for item in offer.rests)
    assert Programme.objects.count() == 1


def test_taking_it_is_a_version_of_the_client_that_the_therapist_sees(slipping, send, therapist, client, client_person):
    kept = [item.exercise for item in made_smaller(slipping).kept]
    assert "You have a smaller programme from today." in send("take")
    version = Programme.objects.published().get()
    assert [item.exercise for item in version.items.all()] == kept
    assert AuditEntry.objects.get(verb="programme.smaller_taken").actor_client == client_person
    client.force_login(therapist.user)
    page = client.get(reverse("clinic:dashboard")).content.decode()
    assert f"Chose the smaller programme on 20 March: {len(kept)} exercises from then on." in page
    send("take")  # tapped twice
    assert Programme.objects.count() == 2


def test_the_therapist_gives_the_whole_one_back_and_it_is_not_offered_again(
    slipping, send, therapist, client, client_person
):
    send("take")
    client.force_login(therapist.user)
    client.post(reverse("treatments:give_back", args=[Programme.objects.published().get().pk]))
    version = Programme.objects.published().get()
    assert [item.exercise for item in version.items.all()] == [item.exercise for item in slipping.items.all()]
    attention.look_at(client_person)
    assert offer_of(client_person) is None
    assert not Attention.objects.filter(kind="smaller_taken").exists()
    with pytest.raises(ValidationError, match="does not run any more"):
        services.give_back(programme=slipping, by=therapist)


@pytest.mark.parametrize("what", ["take", "refuse"])
def test_when_it_was_offered_and_when_it_was_decided_are_two_things(slipping, send, what, time_machine):
    offered = Attention.objects.get(kind="adherence_low").since
    time_machine.shift(datetime.timedelta(days=3))
    send(what)
    programme = Programme.objects.published().get()
    decided = programme.smaller_taken_at or programme.smaller_refused_at
    assert (programme.smaller_offered_at, decided) == (offered, offered + datetime.timedelta(days=3))


def test_two_weeks_under_half_are_one_alert_however_many_days_and_it_goes_by_itself(
    slipping, client_person, therapist, time_machine
):
    (first,) = Attention.objects.filter(kind="adherence_low")
    attention.put_off(row=first, by=therapist)
    for _ in range(3):
        time_machine.shift(datetime.timedelta(days=1))
        attention.look_around()
    (same,) = Attention.objects.filter(kind="adherence_low")
    assert (same.pk, same.since, same.put_off_until) == (first.pk, first.since, first.put_off_until)
    assert same.facts["last"] > first.facts["last"]
    for back in range(1, 15):
        day = client_person.today - datetime.timedelta(days=back)
        for item in slipping.items.filter(weekdays__contains=[day.isoweekday()]):
            HomeLog.objects.create(
                practice=item.practice, client=client_person, item=item, local_date=day, outcome="done"
            )
    attention.look_around()
    assert not Attention.objects.filter(kind="adherence_low").exists()


def test_refusing_is_remembered_also_by_later_versions(slipping, send, client_person, therapist):
    assert "Your programme stays as it is." in send("refuse")
    assert Programme.objects.get().smaller_refused_at
    assert offer_of(client_person) is None
    with pytest.raises(ValidationError, match="decided already"):
        services.take(client=client_person, by=client_person)


def test_with_a_safety_question_open_nothing_is_taken_and_nothing_clinical_is_said(slipping, send, client_person):
    a_question(client_person)
    assert "Your practice has to look at your programme first." in send("take")
    assert Programme.objects.count() == 1


def test_only_a_clinician_of_the_practice_gives_it_back(slipping, send, receptionist, other_therapist):
    send("take")
    for stranger in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="Only a clinician"):
            services.give_back(programme=Programme.objects.published().get(), by=stranger)


def test_what_was_too_painful_since_does_not_come_back_with_the_whole_one(slipping, send, therapist, client_person):
    send("take")
    taken = Programme.objects.published().get()
    hurt = next(item for item in taken.items.all() if item.about.kind == "stretch")
    home_logs.log(item=hurt, local_date=datetime.date(2026, 3, 20), outcome="too_painful", by=client_person)
    rested = [item for item in slipping.items.all() if item.exercise == "towel_calf_stretch"]
    slipping.items.filter(pk=rested[0].pk).update(stopped_at=timezone.now())  # told late
    version = services.give_back(programme=taken, by=therapist)
    whole = [(item.exercise, item.side) for item in slipping.items.all()]
    for gone in (hurt, rested[0]):
        whole.remove((gone.exercise, gone.side))
    assert [(item.exercise, item.side) for item in version.items.all()] == whole


def test_while_it_waits_because_it_hurt_nothing_smaller_is_given_back(slipping, send, therapist, client_person):
    send("take")
    taken = Programme.objects.published().get()
    Programme.objects.filter(pk=taken.pk).update(held_at=timezone.now())  # `taken` was read before
    with pytest.raises(ValidationError, match="Let the programme go on first"):
        services.give_back(programme=taken, by=therapist)
    with pytest.raises(ValidationError, match="Let the programme go on first"):
        renew(programme=Programme.objects.published().get(), items=[], by=therapist, because="")
    assert Programme.objects.count() == 2


def test_nothing_is_offered_before_its_first_day_and_after_its_last(slipping, client_person):
    assert offer_of(client_person)
    day = datetime.date(2026, 3, 20)
    Programme.objects.update(starts_on=day, until=day)
    assert offer_of(client_person)
    Programme.objects.update(until=day + datetime.timedelta(days=1), starts_on=day + datetime.timedelta(days=1))
    assert offer_of(client_person) is None
    Programme.objects.update(starts_on=day - datetime.timedelta(days=9), until=day - datetime.timedelta(days=1))
    assert offer_of(client_person) is None
