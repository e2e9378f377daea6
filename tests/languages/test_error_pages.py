"""Where a page should be and is not: in the first language of the browser that we have."""

import pytest
from django.test import Client

from clinic.config import errors


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es", "No hay nada en esta dirección"),
        ("fr,en;q=0.5", "en", "There is nothing at this address"),
        ("", "en", "There is nothing at this address"),
    ],
)
def test_an_address_with_nothing(db, asked, code, words):
    answer = Client().get("/nothing/here/", headers={"accept-language": asked})
    assert answer.status_code == 404
    assert words in answer.text
    assert f'lang="{code}"' in answer.text


def test_a_form_that_waited_too_long(db):
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", headers={"accept-language": "es"})
    assert answer.status_code == 403
    assert "Esta página ha esperado demasiado" in answer.text


def test_what_failed_on_our_side(rf):
    answer = errors.server_error(rf.get("/", headers={"accept-language": "es"}))
    assert answer.status_code == 500
    assert "Algo ha fallado por nuestra parte" in answer.text
