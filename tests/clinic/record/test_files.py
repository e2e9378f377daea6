"""Documents about a client: what they are, their bytes say; only clinicians see them; nothing is left lying about."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from clinic.models import AuditEntry, ClientFile
from clinic.services import audit, files

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 40


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(kind):
    held = io.BytesIO()
    Image.new("RGB", (4, 4)).save(held, kind)
    return held.getvalue()


def archive(*names):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name in names:
            made.writestr(name, "<x/>")
    return held.getvalue()


def lying(media):
    return [path for path in Path(media).rglob("*") if path.is_file()]


def add(person, by, content=PDF, name="letter.pdf"):
    return files.add(client=person, content=ContentFile(content, name=name), by=by)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (HEIC, "image/heif"),
        (archive("[Content_Types].xml", "word/document.xml"), files.DOCX),
        ("Größe: 12 mm\r\n".encode(), "text/plain"),
    ],
)
def test_what_a_file_is_its_bytes_say_whatever_it_is_called(client_person, therapist, content, kind):
    kept = add(client_person, therapist, content, "anything.exe")
    assert (kept.media_type, kept.size) == (kind, len(content))
    with kept.content.open("rb") as held:
        assert held.read() == content


@pytest.mark.parametrize(
    "content",
    [
        picture("GIF"),
        archive("a.txt"),
        archive("[Content_Types].xml", "xl/workbook.xml"),
        b"PK\x03\x04 is no archive",
        b"MZ\x90\x00\x03" + b"\0" * 60,
        b"<html><script>alert(1)</script></html>",
        b"  \n<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xfe\x00\x01",
        b"null\x00byte",
    ],
)
def test_other_kinds_are_refused_whatever_they_are_called(client_person, therapist, media, content):
    with pytest.raises(ValidationError, match="it is none of these: PDF"):
        add(client_person, therapist, content, "letter.pdf")
    assert lying(media) == []
    assert not ClientFile.objects.exists()


def test_empty_and_big_ones_are_refused_with_a_line(client_person, therapist, monkeypatch):
    with pytest.raises(ValidationError, match="it is empty"):
        add(client_person, therapist, b"")
    monkeypatch.setattr(files, "MOST_BYTES", 2 * 1024 * 1024)
    with pytest.raises(ValidationError, match="it has 3 MB; up to 2 MB are kept"):
        add(client_person, therapist, PDF + b"0" * 3 * 1024 * 1024)


def test_the_path_says_nothing(client_person, therapist, media):
    kept = add(client_person, therapist, name="Brandt MRI.pdf")
    assert kept.content.name == f"clients/{client_person.practice_id}/{kept.pk}"
    assert len(lying(media)) == 1


def test_when_the_row_cannot_be_written_nothing_is_left_on_the_disk(client_person, therapist, media, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("The database went away.")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        add(client_person, therapist)
    assert lying(media) == []
    assert not ClientFile.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\Ada\\letter.pdf", "letter.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202egpj.pdf", "abgpj.pdf"),
        ("", "document"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_tidied(given, kept):
    assert files.tidy(given) == kept


class TestPages:
    def send(self, client, person, *given):
        uploads = [SimpleUploadedFile(name, content) for name, content in given]
        return client.post(reverse("clinic:add_files", args=[person.pk]), {"files": uploads}, follow=True)

    def test_each_file_is_kept_or_refused_by_itself(self, client, therapist, client_person):
        client.force_login(therapist.user)
        html = self.send(client, client_person, ("a.pdf", PDF), ("b.gif", picture("GIF")), ("c.txt", b"Hello")).text
        assert "2 files added." in html
        assert "“b.gif” was not added: it is none of these" in html
        assert [file.name for file in ClientFile.objects.order_by("name")] == ["a.pdf", "c.txt"]
        assert AuditEntry.objects.filter(verb="file.added", client=client_person).count() == 2

    def test_htmx_is_led_to_the_list(self, client, therapist, client_person):
        client.force_login(therapist.user)
        url = reverse("clinic:add_files", args=[client_person.pk])
        answer = client.post(url, {"files": [SimpleUploadedFile("a.pdf", PDF)]}, headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == reverse("clinic:client", args=[client_person.pk]) + "?tab=files"

    @pytest.mark.parametrize(
        ("content", "name", "shown", "sandbox"),
        [
            (PDF, "a.pdf", True, False),
            (picture("PNG"), "a.png", True, True),
            (b"Hello", "a.txt", False, True),
            (HEIC, "a.heic", False, True),
        ],
    )
    def test_it_comes_with_headers_that_let_it_do_nothing(
        self, client, therapist, client_person, content, name, shown, sandbox
    ):
        kept = add(client_person, therapist, content, name)
        client.force_login(therapist.user)
        url = reverse("clinic:download_file", args=[kept.pk])
        downloaded, opened = client.get(url), client.get(url + "?show=1")
        assert b"".join(opened.streaming_content) == content
        assert downloaded["Content-Disposition"].startswith("attachment")
        assert opened["Content-Disposition"].startswith("inline") is shown
        assert opened["X-Content-Type-Options"] == "nosniff"
        assert opened["Cache-Control"] == "private, no-store"
        policy = opened["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert ("sandbox" in policy) is sandbox
        downloaded.close()
        opened.close()

    def test_removing_is_taken_back_by_the_button_that_is_offered(self, client, therapist, client_person, media):
        kept = add(client_person, therapist)
        client.force_login(therapist.user)
        removed = client.post(reverse("clinic:remove_file", args=[kept.pk]), follow=True).text
        assert "No files yet" in removed
        assert len(lying(media)) == 1
        url = re.search(r'action="([^"]+)" data-undo', removed).group(1)
        assert "letter.pdf" in client.post(url, follow=True).text
        verbs = AuditEntry.objects.order_by("created_at").values_list("verb", flat=True)
        assert list(verbs) == ["file.added", "file.removed", "file.restored"]

    def test_what_it_is_can_be_said(self, client, therapist, client_person):
        kept = add(client_person, therapist)
        client.force_login(therapist.user)
        url = reverse("clinic:describe_file", args=[kept.pk])
        assert 'value="MRI of March"' in client.post(url, {"about": " MRI of March "}, follow=True).text
        assert "at most 200 characters" in client.post(url, {"about": "x" * 201}, follow=True).text
        assert ClientFile.objects.get().about == "MRI of March"

    def test_one_that_is_gone_from_the_disk_is_404(self, client, therapist, client_person):
        kept = add(client_person, therapist)
        kept.content.storage.delete(kept.content.name)
        client.force_login(therapist.user)
        assert client.get(reverse("clinic:download_file", args=[kept.pk])).status_code == 404

    @pytest.mark.parametrize("many", [1, 3])
    def test_the_list_costs_the_same_however_many(
        self, client, therapist, client_person, many, django_assert_num_queries
    ):
        for number in range(many):
            add(client_person, therapist, name=f"letter{number}.pdf")
        client.force_login(therapist.user)
        with django_assert_num_queries(9):
            html = client.get(reverse("clinic:client", args=[client_person.pk]) + "?tab=files").text
        assert html.count('class="file"') == many
