"""The measuring sheet in a real browser, on a tablet."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

TABLET = {"viewport": {"width": 820, "height": 1180}}


@pytest.fixture
def sheet(site, browser, client, therapist, client_person):
    client.force_login(therapist.user)
    context = browser.new_context(**TABLET)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.goto(f"{site}{reverse('assessments:new', args=[client_person.pk])}")
    yield page
    context.close()


def test_the_folded_line_follows_what_is_chosen_for_the_pelvis(sheet):
    sheet.locator("summary", has_text="Modified Thomas").click()
    row = sheet.get_by_role("row").filter(has=sheet.locator("[name=thomas_hip_angle-1-left-value]"))
    line = row.locator("summary")
    expect(line).to_contain_text("pelvis not recorded")
    line.click()
    choice = row.get_by_label("Pelvis")
    for words in ("held", "free", "not recorded"):
        choice.select_option(label=words)
        expect(line).to_have_text(f"supine · passive · goniometer · pelvis {words}")
    assert line.bounding_box()["width"] <= row.locator("th").bounding_box()["width"]


def test_the_folded_line_fits_the_grid_of_a_tablet(sheet):
    grid = sheet.locator("table.grid").first
    assert grid.evaluate("grid => grid.scrollWidth <= grid.parentElement.clientWidth")
