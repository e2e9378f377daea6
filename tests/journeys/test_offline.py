"""A day at home without a network: opened, done, hurt, reloaded, and sent once when the network is back."""

import re
import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic import links
from clinic.models import AuditEntry
from clinic.services import merge
from tests.people import make_client
from tests.treatments.conftest import make_running
from treatments.models import HomeLog
from treatments.queries.offline import person_key
from treatments.templatetags.offline import worker_address

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
KEPT = """async () => {
    const names = (await caches.keys()).filter(name => name.startsWith('portal-pages-'));
    const cache = names.length ? await caches.open(names[0]) : null;
    return cache ? (await cache.keys()).map(each => new URL(each.url).pathname) : [];
}"""
REPLAY = """async ([url, taps]) => {
    const body = JSON.stringify({ sent_at: new Date().toISOString(), taps });
    const answers = [];
    for (let i = 0; i < 10; i++) {
        const sent = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
        answers.push((await fetch(url, sent)).status);
    }
    return answers;
}"""

SEED = """async ([person, tap]) => {
    const asked = indexedDB.open('portal-' + person, 1);
    await new Promise(done => { asked.onsuccess = done; });
    const step = asked.result.transaction('taps', 'readwrite');
    step.objectStore('taps').put(tap);
    await new Promise(done => { step.oncomplete = done; });
    asked.result.close();
}"""
ANEW = """async ([worker, scope, person]) => {
    await navigator.serviceWorker.register(worker, { scope, updateViaCache: 'none' });
    for (let i = 0; i < 150; i++) {
        const names = [...await caches.keys(), ...(await indexedDB.databases()).map(each => each.name)].sort();
        if (names.join() === ['portal-' + person, 'portal-files-' + person, 'portal-pages-' + person].join()) return;
        await new Promise(done => setTimeout(done, 100));
    }
    throw new Error(JSON.stringify([await caches.keys(), await indexedDB.databases()]));
}"""


@pytest.fixture
def programme(client_person):
    return make_running(client_person, starts_on=timezone.localdate(), weekdays=(EVERY_DAY,) * 3)


@pytest.fixture
def phone(browser, site, programme):
    context = browser.new_context(**PHONE)
    yield context
    context.close()


def start_of(site, person):
    return f"{site}/p/{links.sign('portal', person.pk)}/"


def kept(page, address):
    page.goto(address)
    expect(page.locator("html[data-kept-here]")).to_have_count(1)
    return sorted(path.rsplit("/p/", 1)[1].split("/", 1)[1] for path in page.evaluate(KEPT))


def test_a_day_without_a_network(phone, site, client_person, programme):
    address, page = start_of(site, client_person), phone.new_page()
    first, second, third = programme.items.all()
    items = [f"{item.pk}/" for item in (first, second, third)]
    assert kept(page, address) == sorted(["", "kept.json", "phone/", *items])

    phone.set_offline(True)
    page.reload()
    expect(page.locator("[data-offline=none]")).to_be_visible()
    page.goto(f"{address}{first.pk}/")
    page.locator("button[value=done]:visible").first.click()
    expect(page).to_have_url(f"{address}{second.pk}/")
    expect(page.locator("[data-offline=waiting]")).to_be_visible()
    page.locator("button[value=too_painful]:visible").first.click()
    expect(page.locator("[data-offline=hurt]")).to_contain_text("leave this exercise out")
    page.reload()
    expect(page.locator("[data-offline=hurt]")).to_be_visible()
    page.goto(address)
    expect(page.locator("[data-offline=too_painful]").first).to_be_visible()
    expect(page.locator(".action-bar a").first).to_have_attribute("href", re.compile(f"/{third.pk}/$"))
    page.goto(f"{address}paper/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Without a network")
    assert not HomeLog.objects.exists()

    page.goto(address)
    expect(page.locator("[data-offline=waiting]")).to_be_visible()
    phone.set_offline(False)
    expect(page.locator("[data-offline=waiting]")).to_have_count(0)
    assert dict(HomeLog.objects.values_list("item", "outcome")) == {first.pk: "done", second.pk: "too_painful"}
    second.refresh_from_db()
    assert second.stopped_at
    before = list(HomeLog.objects.order_by("pk").values()), AuditEntry.objects.count()
    assert before[1] >= 2
    taps = [
        {
            "key": str(log.pk), "item": str(log.item_id), "outcome": log.outcome, "word": "",
            "local_date": log.local_date.isoformat(), "answered_at": log.answered_at.isoformat(),
        }
        for log in HomeLog.objects.all()
    ]  # fmt: skip
    assert page.evaluate(REPLAY, [f"{address}sync/", taps]) == [200] * 10
    assert (list(HomeLog.objects.order_by("pk").values()), AuditEntry.objects.count()) == before


def test_what_waits_comes_along_when_two_rows_of_the_person_became_one(
    phone, site, practice, owner, client_person, programme
):  # fmt: skip
    address, page, item = start_of(site, client_person), phone.new_page(), programme.items.first()
    kept(page, address)
    page.goto(f"{site}/accounts/login/")  # no page of theirs is open that would let the old worker send
    now = timezone.now()
    tap = {
        "id": "one", "key": str(uuid.uuid4()), "item": str(item.pk), "outcome": "done", "word": "",
        "local_date": client_person.today.isoformat(), "answered_at": now.isoformat(),
    }  # fmt: skip
    page.evaluate(SEED, [person_key(client_person), tap])
    goes_on = make_client(practice, ref="C2", given_name="Adah")
    merge.merge(goes_on=goes_on, ends=client_person, by=owner)
    worker = worker_address(goes_on, address.rsplit("/", 2)[1])
    page.evaluate(ANEW, [worker, address, person_key(goes_on)])
    log = HomeLog.objects.get()
    assert (log.client, log.item, log.outcome) == (goes_on, item, "done")


def test_installable_and_forgets_when_asked(phone, site, client_person, programme):
    address, page = start_of(site, client_person), phone.new_page()
    kept(page, address)
    browser = phone.new_cdp_session(page)
    manifest = browser.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert client_person.given_name not in manifest["data"]
    obstacles = {each["errorId"] for each in browser.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert obstacles <= {"in-incognito"}  # as every context of a test is
    page.goto(f"{address}phone/")
    page.get_by_role("button", name="Forget this phone").click()
    expect(page.get_by_text("Forgotten")).to_be_visible()
    assert page.evaluate("() => caches.keys()") == []
    assert page.evaluate("() => navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


def test_what_a_link_that_is_gone_had_kept_is_gone_too(phone, site, client_person, programme):
    address, page = start_of(site, client_person), phone.new_page()
    assert kept(page, address)
    client_person.archived_at = timezone.now()
    client_person.save()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work")
    assert page.evaluate("() => caches.keys()") == []
