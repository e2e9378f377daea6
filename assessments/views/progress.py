from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assessments import queries, rules
from assessments.models import Assessment
from assessments.rules import MEASURES, Change, Measure, Pack
from assessments.rules.change import is_difference
from assessments.views.evidence import no_error_words, number_words
from assessments.views.pictures import Person, tracks_of
from assessments.views.tables import seen_words
from clinic import marks, panels
from clinic.access import ClinicianView
from clinic.models import Client, Membership

NOTHING = "–"
#: Panels of other apps that stand on this page: `ClientPanel(tab=TAB)`.
TAB = "progress"
#: Tiles on the client record.
MOST = 8


@dataclass(frozen=True)
class Step:
    """A change with both its values in words; `why`: its measurement error, and what to read beside the verdict."""

    change: Change
    measure: Measure
    before: str
    after: str
    why: str

    @property
    def way(self) -> str:
        words = (self.change.position, self.change.mode, self.change.instrument)
        return " · ".join(word.replace("_", " ") for word in words if word)


@dataclass(frozen=True)
class Steps:
    """One measure and side, taken in one way: the newest step, and the earlier ones with the newest of them first."""

    newest: Step
    earlier: tuple[Step, ...]


class Progress(ClinicianView):
    """What changed between signed assessments, judged against the measurement error."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        pack = queries.packs.pack_of(client.practice_id)
        visits = list(queries.signed_of(client).prefetch_related("readings").order_by("assessed_on", "signed_at", "id"))
        changes = [one for place, later in enumerate(visits) for one in queries.judge(visits[:place], later, pack)]
        words, tracks = (
            Words(visits, pack),
            tracks_of(visits, person_of(client), pack, marks.of(self.membership, client)),
        )
        context = {
            "client": client,
            "whole": [words.step(change) for change in measure_by_measure(first_to_newest(visits, pack))],
            "steps": list(words.by_measure(changes)),
            "tracks": tracks,
            "no_tracks": not tracks,
            "beside": list(panels.on_client(request, self.membership, client, TAB)),
            "marked": any(track.done for track in tracks),
            "drafts": list(self.visible(Assessment).filter(client=client).unsigned()),
            "signed": len(visits),
        }
        return render(request, "assessments/progress.html", context)


def person_of(client: Client) -> Person:
    """As they are today."""
    return Person(client.age_on(timezone.localdate(timezone=client.zone)), client.sex)


def course_panel(membership: Membership, client: Client) -> dict[str, Any] | None:
    """For the client record: the measures that were compared at the newest visit they were taken; None without any."""
    rows = queries.signed_of(client).prefetch_related("readings").order_by("assessed_on", "signed_at", "id")
    visits = list(rows)
    if len(visits) < 2:
        return None
    tracks = tracks_of(visits, person_of(client), queries.packs.pack_of(client.practice_id))
    compared = [track for track in tracks if any(one.change for one in track.newest)]
    newest_first = sorted(compared, key=lambda track: track.last_on, reverse=True)
    return {"tracks": newest_first[:MOST], "more": len(newest_first) > MOST} if compared else None


def first_to_newest(visits: Sequence[Assessment], pack: Pack) -> Iterator[Change]:
    """For each measure, side and way that two visits or more have: the first of them against the newest.

    `visits` are signed, oldest first. A number and a grade of the same measure are not the same way.
    """
    taken: dict[queries.Way, dict[Assessment, list[rules.Reading]]] = {}
    for visit in visits:
        for reading in queries.readings_of(visit):
            way = (*queries.way_of(reading), kind_of(reading))
            taken.setdefault(way, {}).setdefault(visit, []).append(reading)
    for by_visit in taken.values():
        if len(by_visit) > 1:
            (first, before), *_, (newest, after) = by_visit.items()
            dates = {"before_date": first.assessed_on, "after_date": newest.assessed_on}
            yield from dict.fromkeys(rules.compare(before, after, **dates, pack=pack))


def measure_by_measure(changes: Iterable[Change]) -> list[Change]:
    """In the order of appearance, left before right."""
    rows = list(changes)
    order = list(dict.fromkeys(change.measure for change in rows))
    return sorted(rows, key=lambda change: (order.index(change.measure), change.side or ""))


def kind_of(reading: rules.Reading) -> str:
    if reading.value is not None:
        return "value"
    return "grade" if reading.grade else "observed"


class Words:
    """What was read at each visit, in words: a change of grades or sights has no numbers."""

    def __init__(self, visits: Iterable[Assessment], pack: Pack) -> None:
        self.pack = pack
        self.seen: dict[tuple[datetime.date | None, str, str | None], list[str]] = {}
        for visit in visits:
            for row in sorted(visit.readings.all(), key=lambda row: row.id):
                if row.value is None:
                    place = (visit.assessed_on, row.measure, row.side or None)
                    self.seen.setdefault(place, []).append(seen_words(row))

    def step(self, change: Change) -> Step:
        measure = MEASURES[change.measure]
        return Step(
            change,
            measure,
            self.said(change, change.before, change.before_date),
            self.said(change, change.after, change.after_date),
            self.why(change, measure),
        )

    def why(self, change: Change, measure: Measure) -> str:
        """Without numbers on both sides, or without a known error, the one reason that it can't be judged."""
        if change.mdc is not None:
            error = f"error {number_words(change.mdc, measure.unit)}"
            return f"{error}; {change.note}" if change.note else error
        if change.before is None or change.after is None:
            return change.note
        words = no_error_words(measure, self.pack)
        return f"{words[:1].lower()}{words[1:]}".removesuffix(".")

    def said(self, change: Change, value: float | None, on: datetime.date | None) -> str:
        if value is not None:
            return number_words(value, MEASURES[change.measure].unit)
        words = self.seen.get((on, change.measure, change.side), [])
        return ", ".join(dict.fromkeys(words)) or NOTHING

    def by_measure(self, changes: Iterable[Change]) -> Iterator[Steps]:
        """In the order of the newest visit that has one; several sights of one visit are one step."""
        newest_first = sorted(dict.fromkeys(changes), key=lambda one: one.after_date or datetime.date.min, reverse=True)
        order = list(dict.fromkeys(map(place_of, newest_first)))
        together = sorted(newest_first, key=lambda change: order.index(place_of(change)))
        for _, group in groupby(together, place_of):
            newest, *earlier = map(self.step, group)
            yield Steps(newest, tuple(earlier))


def place_of(change: Change) -> queries.Way:
    side = None if is_difference(change.measure) else change.side
    return (change.measure, side, change.mode, change.position, change.instrument)
