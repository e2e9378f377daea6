"""The elements that every page is made of: they render with little, escape what they are given, need no inline code."""

import re
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Origin, Template
from django.template.loader import render_to_string

ELEMENTS = Path(__file__).parents[2] / "clinic" / "templates" / "allauth" / "elements"
CSS = Path(__file__).parents[2] / "clinic" / "static" / "clinic" / "css"
ICONS = Path(__file__).parents[2] / "clinic" / "static" / "clinic" / "img" / "icons.svg"
HOSTILE = '"><b>x</b>'

# What an element cannot do without.
NEEDED = {
    "dialog": 'id="d" title="New visit"',
    "field": 'id="f" label="Name"',
    "stepper": 'id="s" name="s" label="Hold"',
    "client_banner": 'name="Ana"',
    "red_flag": 'title="See a doctor"',
    "definition": 'term="Age"',
    "event": 'title="Intake"',
    "img": 'src="/x.svg"',
    "tab": 'href="#a"',
    "details": 'summary="More"',
    "fields": "form=form",
    "pagination": "page=page",
}


class Visit(forms.Form):
    length = forms.FloatField(
        label="Leg length", help_text="By tape", max_value=1300, widget=forms.NumberInput(attrs={"data-unit": "mm"})
    )
    night = forms.ChoiceField(
        label="Pain at night", choices=[("yes", "Yes"), ("no", "No"), ("unsure", "Unsure")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False)


def render(source, **context):
    origin = Origin("a test", template_name="a_test.html")  # an element asks for its page's name
    return Template("{% load allauth look %}" + source, origin=origin).render(Context(context))


def element(name, arguments="", inside="Text", **context):
    return render(f"{{% element {name} {arguments} %}}{inside}{{% endelement %}}", **context)


@pytest.mark.parametrize("name", sorted(path.stem for path in ELEMENTS.glob("*.html")))
def test_element_renders_with_what_it_cannot_do_without(name):
    page = Paginator(range(30), 10).page(2)
    html = element(name, NEEDED.get(name, ""), form=Visit(), page=page)
    assert "<" in html or name == "side_mark"  # a side mark without a side says nothing


@pytest.mark.parametrize("name", ["button", "badge", "panel", "alert", "card", "tab", "crumb", "td", "quantity"])
def test_element_escapes_the_text_between_its_tags(name):
    assert "<b>" not in element(name, NEEDED.get(name, ""), "{{ text }}", text=HOSTILE)


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("button", "href"),
        ("button", "label"),
        ("button", "hx_get"),
        ("client_banner", "name"),
        ("client_banner", "ref"),
        ("red_flag", "title"),
        ("dialog", "title"),
        ("field", "errors"),
        ("field", "unit"),
        ("definition", "term"),
        ("event", "title"),
        ("quantity", "value"),
        ("table", "caption"),
        ("progress", "label"),
    ],
)
def test_element_escapes_its_arguments(name, argument):
    others = " ".join(
        part for part in re.findall(r'\w+="[^"]*"', NEEDED.get(name, "")) if part.split("=")[0] != argument
    )
    html = element(name, f"{others} {argument}=hostile", hostile=HOSTILE)
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_button_with_an_address_is_a_link_and_without_one_submits():
    assert element("button", 'href="/clients/"').startswith('<a href="/clients/" class="button button-secondary"')
    assert element("button").startswith('<button type="submit" class="button button-primary"')


@pytest.mark.parametrize(
    ("tags", "kind"), [("danger,delete", "danger"), ("link,cancel", "quiet"), ("outline,cancel", "secondary")]
)
def test_tags_of_allauths_own_pages_choose_the_kind_of_button(tags, kind):
    assert f"button-{kind}" in element("button", f'type="submit" tags="{tags}"')


def test_arguments_for_htmx_become_attributes_and_false_ones_are_left_out():
    html = element("button", 'hx_get="/x/" data_print=True aria_pressed=no', no=False)
    assert ' hx-get="/x/"' in html
    assert ' data-print=""' in html
    assert "aria-pressed" not in html


@pytest.mark.parametrize(("side", "letter"), [("left", "L"), ("right", "R")])
def test_side_is_said_by_a_letter_and_not_by_colour_alone(side, letter):
    assert f">{letter}</abbr>" in element("side_mark", f'side="{side}"')


@pytest.mark.parametrize("status", ["needs-you", "waiting", "fine", "quiet"])
def test_status_is_said_by_icon_and_word(status):
    html = element("badge", f'status="{status}"', "Unsigned")
    assert "<use href=" in html
    assert "Unsigned" in html


def test_problem_stands_next_to_its_field_and_is_announced_with_it():
    html = str(Visit({"length": "2400"}))
    assert 'aria-invalid="true" aria-describedby="id_length_helptext id_length_error"' in html
    assert re.search(r'id="id_length_error">.*less than or equal to 1300', html, re.S)
    assert '<a href="#id_length">' in html
    assert '<a href="#id_night_group">' in html  # a group has no single input to go to
    assert 'id="id_night_group"' in html


def test_unit_stands_beside_its_input_and_optional_fields_say_so():
    html = str(Visit())
    assert '<span class="affix">mm</span>' in html
    assert html.count(">optional<") == 1


def test_form_and_fields_element_draw_a_field_alike():
    form = Visit()
    assert str(form["night"].as_field_group()).strip() in element("fields", "form=form", form=form)


def test_page_of_elements_needs_no_inline_code():
    html = render_to_string("clinic/elements_page.html")
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son[a-z]+=", html)
    assert "<style" not in html
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_page_of_elements_shows_each_id_once():
    ids = re.findall(r'\sid="([^"]+)"', render_to_string("clinic/elements_page.html"))
    assert sorted(ids) == sorted(set(ids))


def test_every_icon_that_a_template_asks_for_is_drawn():
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', ICONS.read_text()))
    root = Path(__file__).parents[2]
    templates = [
        path for app in ("clinic", "intake", "assessments", "treatments") for path in (root / app).rglob("*.html")
    ]
    asked = {name for path in templates for name in re.findall(r'(?:\bicon |\bicon=)"([a-z]+)"', path.read_text())}
    assert asked
    assert asked <= drawn


def test_dark_theme_is_the_same_whether_chosen_or_preferred():
    css = (CSS / "tokens.css").read_text()
    preferred, chosen = (
        re.search(start + r" \{(.*?)\}", css, re.S).group(1)
        for start in (r':root:not\(\[data-theme="light"\]\)', r'\n:root\[data-theme="dark"\]')
    )
    assert preferred.split() == chosen.split()


def test_sheets_use_only_tokens_that_exist():
    sheets = "".join(path.read_text() for path in CSS.glob("*.css"))
    assert set(re.findall(r"var\((--[a-z-]+)\)", sheets)) <= set(re.findall(r"(--[a-z-]+):", sheets))


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_error_page_renders_without_a_request(code):
    html = render_to_string(f"{code}.html")
    assert "<h1>" in html
    assert "Error" not in html
    assert "Oops" not in html
