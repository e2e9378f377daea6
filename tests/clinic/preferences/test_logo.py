"""A practice's logo: what may be one, and where it shows."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image, ImageDraw

from clinic import links
from clinic.models import AuditEntry, Logo
from clinic.services import logos

pytestmark = pytest.mark.django_db


def picture(form="PNG", size=(900, 300), mode="RGB", colour="#0e5e60", **saved):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form, **saved)
    return out.getvalue()


def noisy(size=(1600, 800)):
    out = io.BytesIO()
    Image.effect_noise(size, 200).convert("RGB").save(out, "PNG")
    return out.getvalue()


def put(practice, owner, content, name="logo.png"):
    return logos.put(practice=practice, content=ContentFile(content, name=name), by=owner)


def opened(logo):
    return Image.open(io.BytesIO(bytes(logo.picture)))


@pytest.mark.parametrize(("form", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_it_is_drawn_anew_and_small(practice, owner, form, kind):
    logo = put(practice, owner, picture(form), name="anything.txt")
    assert (logo.media_type, logo.width, logo.height) == (kind, 400, 133)
    with opened(logo) as made:
        assert (made.format, made.size) == (form, (400, 133))
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.facts) == ("practice.logo_put", {"width": 400, "height": 133})


def test_a_small_one_stays_as_it_is_and_what_is_clear_becomes_white(practice, owner):
    content = io.BytesIO()
    whole = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    ImageDraw.Draw(whole).rectangle((0, 0, 9, 9), fill="#000")
    whole.save(content, "PNG")
    with opened(put(practice, owner, content.getvalue())) as made:
        assert (made.size, made.mode, made.getpixel((30, 30))) == ((60, 40), "RGB", (255, 255, 255))
        assert made.getpixel((3, 3)) == (0, 0, 0)


def test_what_a_camera_wrote_into_it_is_gone(practice, owner):
    exif = Image.Exif()
    exif[0x010E] = "Olga's kitchen"
    content = picture("JPEG", exif=exif)
    assert b"kitchen" in content
    assert b"kitchen" not in bytes(put(practice, owner, content, "logo.jpg").picture)


def test_it_stays_light_whatever_it_shows(practice, owner):
    assert len(put(practice, owner, noisy()).picture) <= logos.LIGHT


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "The file is empty."),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "neither a PNG nor a JPEG"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "neither a PNG nor a JPEG"),
        (b"%PDF-1.7 not a picture", "neither a PNG nor a JPEG"),
        (noisy()[:-900], "damaged"),
        (picture("JPEG")[:-900], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 200, "damaged"),
        (picture("PNG", size=(20_000, 3_000), mode="1", colour=1), "20000 × 3000 pixels: make it smaller"),
        (picture() + b"\x00" * logos.MOST_BYTES, "a logo has at most 5 MB"),
    ],
)
def test_what_is_no_logo_is_said_in_one_line_and_nothing_is_written(practice, owner, content, because):
    with pytest.raises(ValidationError) as refused:
        put(practice, owner, content)
    (line,) = refused.value.messages
    assert because in line
    assert not Logo.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_owner_puts_replaces_and_removes_it(client, owner, practice):
    client.force_login(owner.user)
    page, take, away = (reverse(f"clinic:{name}") for name in ("practice_reminders", "put_logo", "remove_logo"))
    assert client.post(take, {"logo": ContentFile(picture(), name="a.png")}).url == page
    first = Logo.objects.get()
    shown = client.get(page).content.decode()
    assert reverse("clinic:logo", args=[first.pk]) in shown
    client.post(take, {"logo": ContentFile(picture("JPEG"), name="b.jpg")})
    assert Logo.objects.get().pk != first.pk, "a new address: browsers keep the old one for good"
    refused = client.post(take, {"logo": ContentFile(b"text", name="c.png")})
    assert (refused.status_code, "neither a PNG nor a JPEG" in refused.content.decode()) == (422, True)
    assert "Choose a file first." in client.post(take).content.decode()
    assert Logo.objects.exists()
    client.post(away)
    client.post(away)
    assert not Logo.objects.exists()
    assert AuditEntry.objects.filter(verb="practice.logo_removed").count() == 1


def test_its_address_gives_the_picture_to_anybody_for_good(client, practice, owner):
    logo = put(practice, owner, picture())
    answer = client.get(reverse("clinic:logo", args=[logo.pk]))
    assert (answer.content, answer["Content-Type"]) == (bytes(logo.picture), "image/png")
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.parametrize(("page", "purpose"), [("preferences", "portal"), ("unsubscribe", "unsubscribe")])
def test_it_stands_in_the_head_of_the_clients_pages(client, practice, owner, client_person, page, purpose):
    address = reverse(f"clinic:{page}", args=[links.sign(purpose, client_person.pk)])
    assert "portal-logo" not in client.get(address).content.decode()
    logo = put(practice, owner, picture())
    assert f'class="portal-logo" src="/logo/{logo.pk}/"' in client.get(address).content.decode()


def test_another_practices_logo_stays_theirs(client, practice, other_practice, owner, other_client):
    put(practice, owner, picture())
    address = reverse("clinic:preferences", args=[links.sign("portal", other_client.pk)])
    assert "portal-logo" not in client.get(address).content.decode()
    assert logos.of(other_practice) is None
