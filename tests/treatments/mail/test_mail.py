"""The daily mail as it arrives over a socket, read by Python's own parser: tree, headers, words, pictures, links."""

import io
import re

import pytest
from django.core import serializers
from django.utils import translation
from PIL import Image

from clinic import links
from clinic.models import AuditEntry, Client, Logo, MailDetail, Reminder
from clinic.services import logos, reminders
from clinic.services.logos import without_logo
from clinic.services.reminders.drain import load
from tests.people import make_client
from tests.treatments.conftest import TODAY, make_running
from tests.treatments.mail.conftest import EVERY_DAY, SIX_IN_THE_EVENING
from treatments.models import HomeLog, Programme, ProgrammeItem
from treatments.services.home_stretch import HomeStretch

pytestmark = pytest.mark.django_db
BOTH = ("multipart/alternative", "text/plain", "text/html")
LINK = re.compile(r"""https?://[^\s"<>]+""")
FIRST, SECOND, THIRD, FOURTH = (
    "Half-kneeling hip flexor stretch", "Bridge", "Walking", "Side-lying leg raise",
)  # fmt: skip


def tree(part):
    """Content types as they are nested."""
    kind = part.get_content_type()
    return (kind, *map(tree, part.iter_parts())) if part.is_multipart() else kind


def bodies(mail):
    return mail.get_body(["plain"]).get_content(), mail.get_body(["html"]).get_content()


def names(items):
    return {item.about.name for item in items}


def of_a_body(said, items):
    """Words of exercises that are said, links aside: a token may spell anything."""
    plain = LINK.sub("", said).lower()
    return {name for name in names(items) if name.lower() in plain}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("detail", MailDetail.values)
def test_the_mail_says_as_much_as_the_client_chose_in_their_language(arrived, programme, detail, language):
    mail = arrived(mail_detail=detail, language=language)
    text, html = bodies(mail)
    with translation.override(language):
        told = [item.told.name for item in programme.items.all()]
        assert str(mail["Subject"]) == translation.gettext("Your part for today")
        preheader = translation.gettext("Your plan for today is ready.")
    assert (str(mail["Subject"]) == "Your part for today") is (language == "en"), "and it is translated"
    assert f'lang="{language}"' in html
    assert 'dir="ltr"' in html
    assert preheader in html.split("</div>")[0]
    for said in (text, html):
        shown = [name for name in told if name.lower() in LINK.sub("", said).lower()]
        assert shown == ([] if detail == "neutral" else told[:3])
    pictures = ["image/png"] * 3 if detail == "pictures" else []
    related = ("multipart/related", "text/html", *pictures)
    assert tree(mail) == ((*BOTH[:2], related) if pictures else BOTH)
    assert not mail.defects
    assert all(not part.defects for part in mail.walk())
    for told_anywhere in (mail["Subject"], mail["From"], mail["List-Unsubscribe"], preheader):
        assert not of_a_body(str(told_anywhere), programme.items.all())


def test_the_headers_name_the_practice_and_one_click_stops(arrived, client, client_person):
    mail = arrived()
    assert mail["From"].addresses[0].display_name == "Riverside Bodywork"
    assert str(mail["Reply-To"]) == "Riverside Bodywork <desk@riverside.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(mail["List-Unsubscribe"]).strip("<>")
    for body in bodies(mail):
        assert address in body
    path = address.partition("localhost:8000")[2] or "/" + address.split("/", 3)[3]
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    client_person.refresh_from_db()
    assert client_person.reminders_stopped_at is not None


def test_both_bodies_lead_to_the_same_places(arrived, client_person):
    text, html = bodies(arrived(mail_detail="pictures"))
    assert set(LINK.findall(text)) == set(LINK.findall(html))
    paths = sorted(link.split("/", 3)[3] for link in LINK.findall(text))
    purposes = [(path[0], path.rsplit("/", 2)[-2] if path.count("/") > 2 else "") for path in paths]
    assert purposes == [("p", ""), ("p", "settings"), ("u", "")]
    for path in paths:
        purpose = "portal" if path[0] == "p" else "unsubscribe"
        assert links.read(purpose, path.split("/")[1]) == client_person.pk


def rows():
    """Everything that a link could change."""
    kept = (Client, Reminder, HomeLog, Programme, ProgrammeItem, AuditEntry, Logo)
    return [serializers.serialize("json", model.objects.order_by("pk")) for model in kept]


def test_a_scanner_that_follows_every_link_ten_times_changes_nothing(arrived, client):
    text, _ = bodies(arrived(mail_detail="exercises"))
    before = rows()
    for link in LINK.findall(text):
        for _ in range(10):
            assert client.get("/" + link.split("/", 3)[3]).status_code == 200
    assert rows() == before


def test_pictures_come_along_small_with_words_for_who_does_not_see_them(arrived):
    mail = arrived(mail_detail="pictures")
    _, html = bodies(mail)
    inside = {part["Content-ID"].strip("<>"): part for part in mail.walk() if part.get_content_maintype() == "image"}
    assert set(re.findall(r'src="cid:([^"]+)"', html)) == set(inside)
    assert "half-kneeling-hip-flexor-stretch-right" in inside
    for part in inside.values():
        content = part.get_content()
        assert len(content) <= 100_000
        assert part.get_content_disposition() == "inline"
        with Image.open(io.BytesIO(content)) as picture:
            assert (picture.format, picture.width) == ("PNG", 480)
            assert len(picture.convert("RGB").getcolors(1 << 20)) > 5, "something is drawn"
    assert f'alt="Drawing: {FIRST}"' in html
    assert not re.search(r'src="(?!cid:)', html), "nothing is fetched from anywhere"


def test_what_is_answered_or_stopped_is_left_out_and_more_than_three_are_counted(arrived, programme):
    first, *_ = programme.items.all()
    HomeLog.objects.create(
        practice=programme.practice, client=programme.client, item=first, local_date=TODAY, outcome="done"
    )
    text, _ = bodies(arrived(mail_detail="exercises"))
    assert of_a_body(text, programme.items.all()) == names(programme.items.all()) - {first.about.name}
    assert "more" not in text.lower().replace("hurts more than", "")


def test_one_too_many_is_said(arrived):
    text, html = bodies(arrived(mail_detail="exercises"))
    assert "and one more" in text
    assert "and one more" in html


def test_what_is_different_for_this_client_stands_with_the_exercise(arrived, programme):
    ProgrammeItem.objects.filter(programme=programme, place=0).update(changes=["Hold on to a chair."])
    for body in bodies(arrived(mail_detail="exercises")):
        assert "For you: Hold on to a chair." in body


def test_a_language_from_right_to_left_begins_on_the_right(arrived):
    _, html = bodies(arrived(language="ar"))
    assert '<html lang="ar" dir="rtl">' in html
    assert 'class="sheet" align="right"' in html


def test_a_logo_travels_in_the_mail(arrived, practice):
    drawn = io.BytesIO()
    Image.new("RGB", (400, 100), "#0e5e60").save(drawn, "PNG")
    Logo.objects.create(practice=practice, picture=drawn.getvalue(), media_type="image/png", width=400, height=100)
    mail = arrived()
    assert tree(mail) == (*BOTH[:2], ("multipart/related", "text/html", "image/png"))
    _, html = bodies(mail)
    assert '<img src="cid:logo" alt="Riverside Bodywork" width="200"' in html
    (part,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert part.get_content() == drawn.getvalue()


def test_another_mail_backend_gets_the_same_parts(programme, client_person, clock, mailoutbox):
    Client.objects.update(mail_detail="pictures")
    clock.move_to(SIX_IN_THE_EVENING, tick=False)
    assert reminders.wake() == 1
    made = mailoutbox[0].message()
    kinds = [part.get_content_type() for part in made.walk()]
    assert kinds == ["multipart/related", *BOTH, *["image/png"] * 3]
    identities = [part["Content-ID"] for part in made.walk() if part["Content-ID"]]
    assert all(f"cid:{one.strip('<>')}" in mailoutbox[0].alternatives[0].content for one in identities)


@pytest.mark.parametrize(("detail", "queries"), [("neutral", 0), ("exercises", 2), ("pictures", 2)])
@pytest.mark.parametrize("count", [1, 3])
def test_writing_a_batch_asks_twice_at_most(practice, clock, django_assert_num_queries, count, detail, queries):
    made = []
    for place in range(count):
        person = make_client(practice, ref=f"C{place}", given_name=f"N{place}", mail_detail=detail)
        programme = make_running(person, weekdays=[EVERY_DAY])
        made.append(
            Reminder(practice=practice, client=person, subject=programme.pk, local_date=TODAY, kind="home_stretch")
        )
    without_logo(practice)
    with django_assert_num_queries(queries):
        HomeStretch().compose(made)


def test_the_logo_costs_no_query_more(programme, clock, django_assert_num_queries):
    now = SIX_IN_THE_EVENING
    row = Reminder.objects.create(
        practice=programme.practice, client=programme.client, subject=programme.pk, local_date=TODAY,
        kind="home_stretch", due_at=now, not_before=now, state="claimed", claimed_by="me",
    )  # fmt: skip
    with django_assert_num_queries(2):
        (loaded,) = load([row.pk], "me")
    with django_assert_num_queries(0):
        assert logos.of(loaded.practice) is None
