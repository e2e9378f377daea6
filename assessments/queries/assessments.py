"""Reads across assessments: what is decided, what is signed, what changed."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch, QuerySet

from assessments import rules
from assessments.models import Assessment, AssessmentQuerySet, Decision, Finding, FindingDecision, Reading, State
from assessments.queries.packs import pack_of
from assessments.rules.change import is_difference
from clinic.models import Client

LEG_LENGTH = "leg_length_"
Way = tuple[str | None, ...]


@dataclass(frozen=True)
class Judged:
    """A finding with the last word a therapist said on it, or None while nobody did."""

    finding: Finding
    decision: FindingDecision | None

    @property
    def accepted(self) -> bool:
        """As it is, or as the therapist edited it."""
        return self.decision is not None and self.decision.decision in (Decision.ACCEPTED, Decision.EDITED)

    @property
    def edited(self) -> bool:
        return self.decision is not None and self.decision.decision == Decision.EDITED

    def as_rule(self) -> rules.Finding:
        """The finding with the therapist's grade and words, where they gave their own."""
        finding = self.finding.as_rule()
        if not self.edited or self.decision is None:
            return finding
        return replace(finding, grade=self.decision.grade or finding.grade, text=self.decision.text or finding.text)

    @property
    def rejected(self) -> bool:
        return self.decision is not None and self.decision.decision == Decision.REJECTED


def findings_with_decisions(assessment: Assessment) -> list[Judged]:
    """Every finding in the order the rules gave them, with the latest decision on its code and side."""
    said = assessment.decisions.select_related("decided_by")  # oldest first, so that the last one stays
    latest = {(decision.code, decision.side): decision for decision in said}
    findings = Finding.objects.filter(assessment=assessment).order_by("id")
    return [Judged(finding, latest.get((finding.code, finding.side))) for finding in findings]


def accepted_findings(assessment: Assessment) -> list[rules.Finding]:
    """What a programme may be planned from."""
    return [judged.as_rule() for judged in findings_with_decisions(assessment) if judged.accepted]


def signed_of(client: Client) -> AssessmentQuerySet:
    """Newest first."""
    return Assessment.objects.filter(practice_id=client.practice_id, client=client).signed()


def latest_signed(client: Client) -> Assessment | None:
    return signed_of(client).first()


def current(client: Client) -> list[Assessment]:
    """The newest draft, and the newest signed one, which a programme may rest on."""
    rows = Assessment.objects.filter(practice_id=client.practice_id, client=client)
    newest = (rows.unsigned().first(), rows.signed().first())
    return [assessment for assessment in newest if assessment]


def readings_of(assessment: Assessment) -> list[rules.Reading]:
    """In the order they were entered."""
    return [reading.as_rule() for reading in sorted(assessment.readings.all(), key=lambda row: row.id)]


def has_leg_length(readings: Iterable[rules.Reading]) -> bool:
    return any(reading.measure.startswith(LEG_LENGTH) for reading in readings)


def signed_leg_lengths(practice_id: uuid.UUID) -> QuerySet[Reading]:
    """Oldest first."""
    rows = Reading.objects.filter(practice_id=practice_id, measure__startswith=LEG_LENGTH)
    rows = rows.filter(assessment__state=State.SIGNED).select_related("assessment")
    return rows.order_by("assessment__assessed_on", "id")


def earlier_visits(client: Client, before: datetime.date) -> list[rules.Earlier]:
    """The leg-length readings of earlier signed visits: only they change what is said of a later one."""
    rows = signed_leg_lengths(client.practice_id).filter(assessment__client=client, assessment__assessed_on__lt=before)
    visits: dict[datetime.date, list[rules.Reading]] = {}
    for row in rows:
        visits.setdefault(row.assessment.assessed_on, []).append(row.as_rule())
    return [rules.Earlier(day, tuple(readings)) for day, readings in visits.items()]


def changes(client: Client, pack: rules.Pack | None = None) -> list[rules.Change]:
    """Each reading of a signed assessment against the latest earlier one of the same thing; oldest first."""
    used = pack or pack_of(client.practice_id)
    history = list(signed_of(client).prefetch_related("readings").order_by("assessed_on", "signed_at", "id"))
    found = (judge(history[:place], later, used) for place, later in enumerate(history))
    return [change for part in found for change in part]


def changes_into(assessment: Assessment) -> list[rules.Change]:
    """What changed from the signed assessments before this one, which may be a draft."""
    earlier = signed_of(assessment.client).filter(assessed_on__lte=assessment.assessed_on).exclude(pk=assessment.pk)
    earlier = earlier.prefetch_related("readings").order_by("assessed_on", "signed_at", "id")
    before = [row for row in earlier if came_before(row, assessment)]
    return judge(before, assessment, pack_of(assessment.practice_id)) if before else []


def came_before(one: Assessment, other: Assessment) -> bool:
    return (one.assessed_on, one.created_at, one.id) < (other.assessed_on, other.created_at, other.id)


def judge(earlier: Sequence[Assessment], later: Assessment, pack: rules.Pack) -> list[rules.Change]:
    """Compares with the latest earlier assessment that measured the same thing the same way, else in any way.

    What counts as a change is judged by the practice's protocol of today.
    """
    after = readings_of(later)
    partners: dict[Assessment, list[rules.Reading]] = {}
    for reading in after:
        partner = find_partner(earlier, reading)
        if partner:
            partners.setdefault(partner, []).append(reading)
    found = [
        change
        for partner in earlier
        if partner in partners
        for change in rules.compare(
            readings_of(partner),
            partners[partner],
            before_date=partner.assessed_on,
            after_date=later.assessed_on,
            pack=pack,
        )
    ]
    order = [reading.measure for reading in after]
    return sorted(found, key=lambda change: (order.index(change.measure), change.side or ""))


def find_partner(earlier: Sequence[Assessment], reading: rules.Reading) -> Assessment | None:
    wanted, thing = way_of(reading), thing_of(reading)
    newest_first = list(reversed(earlier))
    same = (row for row in newest_first if wanted in map(way_of, readings_of(row)))
    alike = (row for row in newest_first if thing in map(thing_of, readings_of(row)))
    return next(same, None) or next(alike, None)


def thing_of(reading: rules.Reading) -> Way:
    """The side of a difference is its result, not its place."""
    return (reading.measure, None if is_difference(reading.measure) else reading.side)


def way_of(reading: rules.Reading) -> Way:
    return (*thing_of(reading), reading.mode, reading.position, reading.instrument)


def previous_readings(client: Client, *, before: Assessment | None = None) -> list[Reading]:
    """The latest signed reading of each measure, side and trial, to stand beside what is measured now."""
    rows = Reading.objects.filter(
        practice_id=client.practice_id, assessment__client=client, assessment__state=State.SIGNED
    ).select_related("assessment")
    if before is not None:
        rows = rows.filter(assessment__assessed_on__lte=before.assessed_on).exclude(assessment=before)
    latest = rows.order_by("measure", "side", "trial", "-assessment__assessed_on", "-id")
    return list(latest.distinct("measure", "side", "trial"))


def unsigned_in(practice_id: uuid.UUID, *, limit: int) -> list[Assessment]:
    """Drafts of the practice, the oldest visit first."""
    drafts = Assessment.objects.filter(practice_id=practice_id).unsigned().select_related("client", "examiner")
    return list(drafts.order_by("assessed_on", "id")[:limit])


def with_parts(rows: AssessmentQuerySet) -> AssessmentQuerySet:
    """Readings and findings in the order they were entered, without one query per row."""
    return rows.select_related("client__practice", "examiner", "signed_by").prefetch_related(
        Prefetch("readings", Reading.objects.order_by("id")), Prefetch("findings", Finding.objects.order_by("id"))
    )
