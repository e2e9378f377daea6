"""What the client's last programme came to, read from its assessment, the new one and the home log."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from assessments import rules
from assessments.models import Assessment
from assessments.queries import accepted_findings, readings_of
from assessments.services.explanation import explain
from clinic.models import Client
from treatments.models import HomeLog, Outcome, Programme, ProgrammeItem
from treatments.planning import History, Reached, Unhelped
from treatments.planning.history import sides_of
from treatments.planning.library import LIBRARY
from treatments.queries.adherence import occurrences

A_DAY, A_WEEK, SIX_WEEKS = (datetime.timedelta(days=days) for days in (1, 7, 42))
ENOUGH_DONE = 0.7  # clinical §4.1, our own value


def history_of(client: Client, assessment: Assessment, findings: Sequence[rules.Finding]) -> History:
    """What the programme before `assessment` reached, and what it did well and in vain.

    `findings` are those that the new programme is for. Without an earlier programme, or for the assessment that it
    was made from, there is no history.
    """
    last = last_programme(client, assessment)
    if last is None or last.assessment is None:
        return History()
    story = Story(last, assessment, findings)
    return History(reached=tuple(story.reached()), unhelped=tuple(story.unhelped()))


def last_programme(client: Client, assessment: Assessment) -> Programme | None:
    """The newest programme that was given to the client for an earlier assessment."""
    given = Programme.objects.filter(practice_id=client.practice_id, client=client).exclude(published_at=None)
    earlier = given.filter(assessment__assessed_on__lt=assessment.assessed_on, assessment__state="signed")
    return earlier.select_related("assessment", "client__practice").order_by("-published_at").first()


class Story:
    """One programme between two assessments."""

    def __init__(self, programme: Programme, assessment: Assessment, findings: Sequence[rules.Finding]) -> None:
        self.programme, self.on = programme, assessment.assessed_on
        self.present = {(finding.code, finding.side) for finding in findings}
        self.earlier = {(found.code, found.side) for found in accepted_findings(programme.assessment)}  # type: ignore[arg-type]
        seen = explain(assessment).reasoning
        self.pack = seen.case.pack
        self.changes = rules.compare(
            readings_of(programme.assessment),  # type: ignore[arg-type]
            seen.case.readings,
            before_date=None,
            after_date=None,
            pack=self.pack,
        )
        self.looked_at = {(entry.code, entry.side) for entry in seen.not_found if entry.because}
        self.items = list(programme.items.all())

    def reached(self) -> Iterator[Reached]:
        """Findings that are gone, with a change that is larger than the measurement error, or that stayed away."""
        for item, code, side in self.served():
            if (code, side) in self.present or not self.was_looked_at(code, side):
                continue
            change = next((change for change in self.changes_of(code, side) if change.verdict == "improved"), None)
            if change:
                yield Reached(item.exercise, side, code, words(change))
            elif item.maintenance:
                yield Reached(item.exercise, side, code, "still reached when it was measured again")

    def unhelped(self) -> Iterator[Unhelped]:
        """Exercises that were done for six weeks while nothing changed by more than the measurement error."""
        for item, code, side in self.served():
            verdicts = {change.verdict for change in self.changes_of(code, side)}
            still = (code, side) in self.present and verdicts == {"within_error"}
            if still and not item.maintenance and self.was_done(item):
                yield Unhelped(item.exercise, side)

    def served(self) -> Iterator[tuple[ProgrammeItem, str, str | None]]:
        """Each running exercise with each finding that it was for, leg by leg."""
        for item in self.items:
            if item.stopped_at is not None or item.exercise not in LIBRARY:
                continue
            for code in item.for_findings:
                for side in {one for one in self.sides_of(code) if self.on_side(item, one)}:
                    yield item, code, side

    def sides_of(self, code: str) -> set[str | None]:
        return {side for known, side in self.earlier if known == code}

    def on_side(self, item: ProgrammeItem, side: str | None) -> bool:
        """Whether the item worked on that leg; something without sides works on both."""
        return side is None or not item.about.sided or side in sides_of(item.about, item.side or None)

    def was_looked_at(self, code: str, side: str | None) -> bool:
        return bool({(code, side), (code, None)} & self.looked_at)

    def changes_of(self, code: str, side: str | None) -> list[rules.Change]:
        rule = self.pack.rules.get(code)
        measures = rule.looks_at if rule else ()
        return [change for change in self.changes if change.measure in measures and side in (None, change.side)]

    def was_done(self, item: ProgrammeItem) -> bool:
        """For six weeks, on at least 70 % of its days."""
        days = occurrences(self.programme, item, until=self.on - A_DAY)
        if not days or days[-1] - days[0] + A_WEEK < SIX_WEEKS:
            return False
        logs = HomeLog.objects.filter(item=item, outcome=Outcome.DONE, local_date__in=days)
        return logs.count() / len(days) >= ENOUGH_DONE


def words(change: rules.Change) -> str:
    label = rules.MEASURES[change.measure].label
    return f"{label} {change.before:g} → {change.after:g}, more than the measurement error of {change.mdc:g}"
