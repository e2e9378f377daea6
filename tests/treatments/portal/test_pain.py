import pytest
from django.urls import reverse

from clinic.charts.pain import PainDay, lay_out_pain, lines
from tests.treatments.conftest import TODAY, make_running
from tests.treatments.portal.conftest import DAY, hurt
from treatments.queries.pain import pain_so_far

pytestmark = pytest.mark.django_db


def weeks_of(client, first, last):
    """Three numbers four weeks ago, three in the last seven days."""
    for step, (then, now) in enumerate(zip(first, last, strict=True)):
        hurt(client, TODAY - (28 - step) * DAY, before=then)
        hurt(client, TODAY - (5 - step) * DAY, before=now)


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [
        ((5, 5, 5), (3, 3, 3), "improved"),  # 2 points and 40 %
        ((5, 5, 5), (3, 3, 4), "within_error"),  # 1.7 points
        ((8, 8, 8), (6, 6, 6), "within_error"),  # 2 points are only 25 %
        ((3, 3, 3), (5, 5, 5), "worse"),
        ((3, 3, 3), (4, 4, 4), "within_error"),
    ],
)
def test_less_than_what_the_scale_can_tell_is_no_change(client_person, first, last, verdict):
    weeks_of(client_person, first, last)
    assert pain_so_far(client_person, TODAY).verdict == verdict


def test_two_numbers_cannot_stand_for_a_week(client_person):
    weeks_of(client_person, (8, 8), (0, 0))
    found = pain_so_far(client_person, TODAY)
    assert (found.verdict, found.first) == ("too_few", None)


def test_the_first_week_is_not_compared_with_itself(client_person):
    for back, number in enumerate((0, 0, 0, 8, 8, 8)):
        hurt(client_person, TODAY - back * DAY, before=number)
    assert pain_so_far(client_person, TODAY).verdict == "too_few"


def test_numbers_after_alone_are_shown_and_judge_nothing(client_person):
    for back in range(20):
        hurt(client_person, TODAY - back * DAY, after=back % 10)
    found = pain_so_far(client_person, TODAY)
    assert (found.verdict, len(found.days)) == ("too_few", 20)


def test_nothing_said_is_nothing_shown(client_person):
    hurt(client_person, TODAY)
    assert pain_so_far(client_person, TODAY) is None


def test_the_line_breaks_over_a_long_silence():
    days = [PainDay(TODAY + step * DAY, number, None) for step, number in [(0, 3), (2, 4), (3, None), (20, 5), (21, 0)]]
    assert [[one.before for one in line] for line in lines(days)] == [[3, 4], [5, 0]]


def test_every_number_is_drawn_inside_the_sheet():
    days = [PainDay(TODAY, 0, 10), PainDay(TODAY + 50 * DAY, 10, 0)]
    sheet = lay_out_pain(days, ("4 March", "23 April"))
    svg = sheet.svg("pain", "Pain", "words")
    assert svg.count('class="pain-before"') == 2
    assert svg.count('class="pain-after"') == 2
    assert all(room.left >= 0 and room.right <= sheet.width and room.bottom <= sheet.height for room in sheet.rooms)
    assert lay_out_pain(days[:1], ("4 March", "4 March")).parts


def test_the_therapist_sees_what_was_told(client, client_person, therapist, at_noon):
    make_running(client_person)
    weeks_of(client_person, (5, 5, 5), (4, 4, 4))
    client.force_login(therapist.user)
    page = client.get(reverse("clinic:client", args=[client_person.pk]), {"tab": "programme"}).content.decode()
    assert "Pain told at home" in page
    assert "No change that counts: 5 of 10 in the first week, 4 in the last seven days." in page
    assert "Pain out of 10, day by day" in page
