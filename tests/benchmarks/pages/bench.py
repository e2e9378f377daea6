"""`make bench-pages`: what a therapist's pages cost among 100,000 clients beside among 1,000; `docs/page-speed.md`.

Works in a database of its own, made and dropped here. Exit status 1 where a page is over its bound.
"""

import datetime
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
from django.utils import timezone  # noqa: E402

from clinic.attention import kinds  # noqa: E402
from clinic.models import Client, Membership  # noqa: E402
from clinic.queries.practice_report import MANY as MANY_TO_COUNT  # noqa: E402
from clinic.queries.practice_report import USUAL_DAYS  # noqa: E402
from clinic.report import ReportPart, parts  # noqa: E402
from clinic.services import attention  # noqa: E402
from tests.benchmarks.pages.measure import ROUNDS, compare  # noqa: E402
from tests.benchmarks.pages.seed import seed  # noqa: E402

PAGE = Path(__file__).resolve().parents[3] / "docs" / "page-speed.md"
FEW, MANY = 1_000, int(os.environ.get("BENCH_CLIENTS", "100000"))
BOUND = 1.5
BOUNDED = ("dashboard", "client record")
OVER = "**over its bound**"
WHY = {
    "my clients": "a therapist has 100 clients of 1,000, and 500 of 100,000.",
    "clients by a name": "the more clients, the more of them are called so.",
    "diary, a day of everybody": "a column for each of 10 therapists, and of 200; drawing them is what takes the time.",
    "people who may be here twice": "compares everybody with everybody who was born on the same day.",
}


def main() -> int:
    return measured(seeded())


def seeded() -> dict[str, Membership]:
    people = {}
    for name, clients in (("few", FEW), ("many", MANY)):
        start = time.perf_counter()
        _, people[name] = seed(f"bench-{name}", clients)
        say(f"{clients:,} clients: made in {time.perf_counter() - start:.0f} s")
    return people


def measured(people: dict[str, Membership]) -> int:
    looking = [(kind.label, *looked(kind)) for kind in kinds]
    counting = [(part.key, part.slow, *(counted(part, people[name]) for name in ("few", "many"))) for part in parts]
    text = page(compare(people), looking, counting)
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


def counted(part: ReportPart, member: Membership) -> float:
    """Milliseconds of working out one part of the report over the usual days; the better of two times."""
    until = timezone.localdate(timezone=member.practice.zone)
    spent = []
    for _ in range(2):
        start = time.perf_counter()
        part.rows(member.practice, until - datetime.timedelta(days=USUAL_DAYS - 1), until)
        spent.append((time.perf_counter() - start) * 1e3)
    return min(spent)


def page(found, looking, counting) -> str:
    rows = [
        f"| {name} | {ms['few']:.0f} | {ms['many']:.0f} | {ms['many'] / ms['few']:.2f} | {verdict(name, ms)} |"
        for name, ms in found.items()
    ]
    return "\n".join([
        "# How fast pages are in a large practice",
        "",
        f"Written by `make bench-pages`: a practice of {FEW:,} and one of {MANY:,} clients in one database, with their "
        "diary, assessments, programmes, answers and mail. A therapist opens each page in turn in both; the best of "
        f"{ROUNDS} whole requests without the network, on {os.cpu_count()} cores, Python {platform.python_version()}. "
        f"The dashboard and the client record may take {BOUND} times as long; the other rows have no bound. The ratios "
        "are what counts: others may have been at work on the machine.",
        "",
        f"| page | ms, {FEW:,} clients | ms, {MANY:,} clients | ratio | |",
        "|---|--:|--:|--:|---|",
        *rows,
        "",
        *(f"- {page}: {why}" for page, why in WHY.items()),
        "",
        "## The practice's report",
        "",
        f"Each part over {USUAL_DAYS} days, worked out anew; it is then known for five minutes, which the row above "
        f"shows. Above {MANY_TO_COUNT:,} clients the page does not wait for the slow ones: it says that they are being "
        "counted, and each comes by itself.",
        "",
        f"| part | ms, {FEW:,} clients | ms, {MANY:,} clients | |",
        "|---|--:|--:|---|",
        *(f"| {key} | {few:.0f} | {many:.0f} | {'slow' if slow else ''} |" for key, slow, few, many in counting),
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
