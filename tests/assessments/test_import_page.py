import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Assessment
from tests.assessments.test_import import GOOD, csv


def upload(text):
    return SimpleUploadedFile("m.csv", text.encode(), "text/csv")


def test_checking_writes_nothing_and_shows_what_would_come(at, therapist, client_person):
    page = at(therapist).post("/import/", {"file": upload(GOOD), "check": "1"})
    assert page.status_code == 200
    assert "4 in 2 assessments" in page.content.decode()
    assert not Assessment.objects.exists()


def test_what_was_checked_is_imported(at, therapist, client_person):
    answer = at(therapist).post("/import/", {"text": GOOD, "write": "1"})
    assert (answer.status_code, answer.url) == (302, "/import/")
    assert Assessment.objects.filter(source="import", signed_by=therapist).count() == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The submitted file is empty"),
        (b"\xff\xfe", "not UTF-8 text"),
        (csv("C9,2026-03-01,hip_extension,left,2,deg,,,,,,").encode(), "no client &#x27;C9&#x27;"),
        (b"a" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_a_bad_file_is_refused_with_its_lines(at, therapist, client_person, content, said):
    page = at(therapist).post("/import/", {"file": SimpleUploadedFile("m.csv", content), "check": "1"})
    assert page.status_code == 422
    assert said in page.content.decode()


def test_no_file_is_a_field_error(at, therapist):
    page = at(therapist).post("/import/", {"check": "1"})
    assert page.status_code == 422
    assert "Choose a file" in page.content.decode()


def test_reception_has_no_import(at, receptionist):
    assert at(receptionist).get("/import/").status_code == 403
