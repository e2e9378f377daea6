import logging

import pytest
from django.test import RequestFactory

from clinic.config.logs import Formatter, MaskFilter, ReporterFilter, mask


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ('"GET /i/abc:DEF_1-2/ HTTP/1.1" 200', '"GET /i/…/ HTTP/1.1" 200'),
        ("Not Found: /p/5Jk:1vM:xyz/done/", "Not Found: /p/…/done/"),
        ("Forbidden: /u/token", "Forbidden: /u/…"),
        ('"GET /calendar/5Jk:1vM:xyz.ics HTTP/1.1" 200', '"GET /calendar/… HTTP/1.1" 200'),
        ('"GET /clients/?q=Ada+Brandt HTTP/1.1"', '"GET /clients/?… HTTP/1.1"'),
        ("http://localhost:8000/p/tok?next=/x", "http://localhost:8000/p/…?…"),
        ("Not Found: /clients/0198/assessments/", "Not Found: /clients/0198/assessments/"),
        ("Why? Nobody knows.", "Why? Nobody knows."),
    ],
)
def test_signed_links_and_query_strings_are_masked(line, masked):
    assert mask(line) == masked


def test_arguments_of_a_record_are_masked_too():
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", ("/i/secret/",), None)

    assert MaskFilter().filter(record)
    assert record.getMessage() == "Not Found: /i/…/"


def test_a_logged_traceback_names_place_and_kind_but_not_the_values():
    try:
        try:
            raise ValueError("Key (email)=(ada@clients.example) already exists.")
        except ValueError as error:
            raise RuntimeError("while saving Ada") from error
    except RuntimeError as error:
        text = Formatter().formatException((type(error), error, error.__traceback__))

    assert "Ada" not in text
    assert "ada@" not in text
    assert text.splitlines()[-1] == "builtins.RuntimeError"
    assert "builtins.ValueError" in text
    assert "test_logs.py" in text


def test_the_projects_console_handler_masks(settings):
    handler = settings.LOGGING["handlers"]["console"]

    assert handler["filters"] == ["mask"]
    assert settings.LOGGING["loggers"]["django"]["handlers"] == ["console"]


def test_error_reports_leave_out_what_was_posted(settings):
    settings.DEBUG = False
    request = RequestFactory().post("/", {"pain": "hip"})

    assert ReporterFilter().get_post_parameters(request) == {}
    assert ReporterFilter().get_traceback_frame_variables(request, None) == []
