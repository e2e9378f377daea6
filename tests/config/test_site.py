import pytest
from django.template import Context, Engine
from django.urls import reverse

from tests.strict_templates import ROOT, StrictInvalid, UndefinedVariable


def test_health_is_told_to_anybody(client, db):
    answer = client.get("/healthz/")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_nobody_can_sign_up(client, db):
    answer = client.get(reverse("account_signup"))

    assert answer.status_code == 200
    assert b"password1" not in answer.content
    assert b"<form" not in answer.content.split(b"<main", 1)[-1]


def test_the_admin_has_no_log_in_of_its_own(client, db):
    answer = client.get("/admin/login/")

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_every_answer_forbids_foreign_and_inline_scripts(client, db):
    policy = client.get("/healthz/")["Content-Security-Policy"]

    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy


def test_signed_links_are_not_told_to_other_sites(client, db):
    assert client.get("/healthz/")["Referrer-Policy"] == "same-origin"


def test_the_api_denies_by_default(settings):
    assert settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] == ["rest_framework.permissions.IsAuthenticated"]


def test_guessing_at_tokens_is_slowed_down(client, db):
    guess = {"username": "tomas@riverside.example", "password": "wrong"}
    answers = [client.post("/api/v1/token/", guess, "application/json").status_code for _ in range(11)]

    assert answers == [400] * 10 + [429]


def test_an_undefined_variable_in_our_own_template_fails(tmp_path):
    engine = Engine(string_if_invalid=StrictInvalid())
    template = engine.from_string("{{ nothing }}")
    template.nodelist[0].origin.name = str(ROOT / "clinic" / "templates" / "made_up.html")

    with pytest.raises(UndefinedVariable, match=r"clinic/templates/made_up\.html: 'nothing' is not defined"):
        template.render(Context())


def test_an_undefined_variable_in_a_packages_template_does_not():
    engine = Engine(string_if_invalid=StrictInvalid())
    template = engine.from_string("[{{ nothing }}]")
    template.nodelist[1].origin.name = "/usr/lib/package/templates/theirs.html"

    assert template.render(Context()) == "[]"
