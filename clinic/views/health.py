"""For machines: do reminders leave? A page for load balancers and pagers, and numbers for Prometheus. Nobody's data."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from clinic.models import State
from clinic.queries import engine
from clinic.queries.engine import Engine
from clinic.services import clock

DOWN = "The database does not answer.\n"
COUNTED = (State.SENT, State.SKIPPED, State.FAILED, State.UNCERTAIN)


@require_safe
def reminders_health(request: HttpRequest) -> HttpResponse:
    """200 while reminders leave on time, 503 with what is wrong otherwise."""
    try:
        found = engine.read(clock.now())
    except OperationalError:
        return HttpResponse(DOWN, status=503, content_type="text/plain")
    return JsonResponse(in_short(found), status=503 if found.trouble else 200)


def in_short(found: Engine) -> dict[str, object]:
    """Ages in seconds, null where there is none."""
    resting = found.resting
    return {
        "trouble": found.trouble or None,
        "oldest_due_seconds": _age(found, found.oldest_due),
        "last_tick_seconds": _age(found, found.last_tick),
        "last_worker_seconds": _age(found, found.last_worker),
        "mail_server_rests_until": resting.rest_until.isoformat() if resting and resting.rest_until else None,
    }


def _age(found: Engine, at: datetime.datetime | None) -> float | None:
    return round(found.seconds_since(at), 1) if at else None


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The text format of Prometheus. Needs `Authorization: Bearer METRICS_TOKEN`; without a token only with DEBUG."""
    token = getattr(settings, "METRICS_TOKEN", "")
    if not token:
        if not settings.DEBUG:
            raise Http404
    elif not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    try:
        registry.register(Numbers(clock.now()))
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    except OperationalError:
        return HttpResponse(DOWN, status=503, content_type="text/plain")


class Numbers(Collector):
    """Read from the database at each scrape, in five queries: every web process says the same."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now = now

    def describe(self) -> list[Metric]:
        """Nothing, so that registering asks the database nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        found = engine.read(self.now)
        yield from _queue(found)
        yield from _work(found)
        yield from _life(found)
        yield _servers(found)


def _queue(found: Engine) -> Iterator[Metric]:
    oldest = found.seconds_since(found.oldest_due)
    yield _gauge("clinic_reminders_oldest_due_seconds", "How long the oldest due mail has waited.", oldest)
    waiting = engine.waiting(found.now)
    yield _gauge("clinic_reminders_waiting", f"Mails that are due, counted to {engine.MOST_COUNTED}.", waiting)
    unseen = engine.needing_a_person()
    yield _gauge("clinic_reminders_needing_a_person", "Failed or uncertain mails that nobody has seen yet.", unseen)


def _work(found: Engine) -> Iterator[Metric]:
    settled = CounterMetricFamily("clinic_reminders", "Mails by what became of them.", labels=["state"])
    for state in COUNTED:
        settled.add_metric([state.value], getattr(found.total, state.value, 0))
    yield settled
    retried = getattr(found.total, "retried", 0)
    yield CounterMetricFamily("clinic_reminders_retries", "Mails that were put off to be tried again.", retried)


def _life(found: Engine) -> Iterator[Metric]:
    """Without a sample where nothing was ever heard."""
    tick, worker = _age(found, found.last_tick), _age(found, found.last_worker)
    yield _gauge("clinic_reminders_last_tick_seconds", "Seconds since the clock ticked.", tick)
    yield _gauge("clinic_reminders_last_worker_seconds", "Seconds since a worker woke.", worker)
    lag = found.worker.lag if found.worker else None
    yield _gauge("clinic_reminders_tick_lag_seconds", "Seconds from the clock's tick to the work, last time.", lag)


def _servers(found: Engine) -> Metric:
    rests = GaugeMetricFamily("clinic_mail_server_resting", "1 while nobody tries this mail server.", labels=["server"])
    for server in found.servers:
        rests.add_metric([server.key], float(engine.rests(server, found.now)))
    return rests


def _gauge(name: str, what: str, value: float | None) -> Metric:
    return GaugeMetricFamily(name, what, value)
