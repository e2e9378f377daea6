"""`make bench-pages`: what a therapist's pages cost among 100,000 clients beside among 1,000; `docs/page-speed.md`.

Works in a database of its own, made and dropped here. Exit status 1 where a page is over its bound.
"""

import os
import platform
import sys
import time
from pathlib import Path

import django

os.environ["CLINIC_TEST_DATABASE"] = os.environ.get("CLINIC_TEST_DATABASE", "test_bench_pages")
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from clinic.attention import kinds  # noqa: E402
from clinic.models import Client  # noqa: E402
from clinic.services import attention  # noqa: E402
from tests.benchmarks.pages.measure import compare  # noqa: E402
from tests.benchmarks.pages.seed import seed  # noqa: E402

PAGE = Path(__file__).resolve().parents[3] / "docs" / "page-speed.md"
FEW, MANY = 1_000, int(os.environ.get("BENCH_CLIENTS", "100000"))
BOUND = 1.5
BOUNDED = ("dashboard", "client record")
OVER = "**over its bound**"


def main() -> int:
    people = {}
    for name, clients in (("few", FEW), ("many", MANY)):
        start = time.perf_counter()
        _, people[name] = seed(f"bench-{name}", clients)
        say(f"{clients:,} clients: made in {time.perf_counter() - start:.0f} s")
    looking = [(kind.label, *looked(kind)) for kind in kinds]
    text = page(compare(people), looking)
    PAGE.write_text(text)
    say(text)
    return 1 if OVER in text else 0


def looked(kind) -> tuple[float, float]:
    """Milliseconds of looking at everybody, and at one practice's one client."""
    start = time.perf_counter()
    attention.refresh(kind)
    everybody = (time.perf_counter() - start) * 1e3
    client = Client.objects.filter(practice__slug="bench-many").order_by("family_name")[100]
    start = time.perf_counter()
    for _ in range(10):
        attention.refresh(kind, practice_id=client.practice_id, client_id=client.pk)
    return everybody, (time.perf_counter() - start) * 1e2


def page(found, looking) -> str:
    rows = [
        f"| {name} | {ms['few']:.0f} | {ms['many']:.0f} | {ms['many'] / ms['few']:.2f} | {verdict(name, ms)} |"
        for name, ms in found.items()
    ]
    return "\n".join([
        "# How fast pages are in a large practice",
        "",
        f"Written by `make bench-pages`: a practice of {FEW:,} and one of {MANY:,} clients in one database, with their "
        "diary, assessments, programmes, answers and mail. A therapist opens each page in turn in both; medians of the "
        f"whole request without the network, on {os.cpu_count()} cores, Python {platform.python_version()}. The "
        f"dashboard and the client record may take {BOUND} times as long; the other rows have no bound.",
        "",
        f"| page | ms, {FEW:,} clients | ms, {MANY:,} clients | ratio | |",
        "|---|--:|--:|--:|---|",
        *rows,
        "",
        "## Looking around",
        "",
        "What needs somebody is found ahead: for all practices every two minutes or less often, and for one client in "
        "the write that changed something.",
        "",
        f"| kind | ms, everybody ({FEW + MANY:,} clients) | ms, one client |",
        "|---|--:|--:|",
        *(f"| {label} | {everybody:.0f} | {one:.1f} |" for label, everybody, one in looking),
        "",
    ])  # fmt: skip


def verdict(name: str, ms: dict[str, float]) -> str:
    if name not in BOUNDED:
        return ""
    return "within its bound" if ms["many"] / ms["few"] <= BOUND else OVER


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    setup_test_environment()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    own = connection.settings_dict["NAME"]
    connection.creation.create_test_db(autoclobber=True, verbosity=0)
    try:
        status = main()
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)
    sys.exit(status)
