"""The protocol of a practice: every finding with thresholds, sources and texts, shipped beside own; all versions."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from assessments import queries
from assessments.forms.protocol import FINDINGS_FILES, LookupForm, pretty
from assessments.forms.protocol_words import Number, decided_by, errors_of, leg_limits, numbers_of
from assessments.models import PracticePack
from assessments.rules import MEASURES, PACK, Measure, Pack, RuleData
from assessments.rules.pack import DetectableChange
from assessments.rules.protocol import DOCUMENTS
from clinic.access import ClinicianView
from clinic.models import Role
from clinic.packs import PackError

PAGE_SIZE = 25
#: So few findings are shown opened.
FEW = 3
#: So many thresholds stand in the line of a finding that is shown closed.
IN_BRIEF = 2


@dataclass(frozen=True)
class Row:
    """One finding: as the practice has it, and as it is shipped."""

    rule: RuleData
    shipped: RuleData
    numbers: list[Number]
    measures: list[Measure]

    @property
    def changed(self) -> bool:
        return self.rule != self.shipped

    @property
    def brief(self) -> str:
        """Its first thresholds in one line, or what decides instead."""
        said = [number.brief for number in self.numbers[:IN_BRIEF]]
        more = ["…"] if len(self.numbers) > IN_BRIEF else []
        return "; ".join([*said, *more]) or f"decided by {self.decided_by}"

    @property
    def decided_by(self) -> str:
        return decided_by(self.shipped)

    @property
    def own_numbers(self) -> bool:
        return any(number.changed for number in self.numbers)

    def has(self, words: str) -> bool:
        rule, shipped = self.rule, self.shipped
        said = (rule.key, rule.name, rule.source, shipped.source, rule.text, rule.client_text)
        return words.lower() in " ".join((*said, *(measure.label for measure in self.measures))).lower()


@dataclass(frozen=True)
class ErrorRow:
    """The measurement errors of one measure."""

    measure: Measure
    numbers: list[Number]
    change: DetectableChange

    @property
    def changed(self) -> bool:
        return any(number.changed for number in self.numbers)


def row_of(key: str, pack: Pack) -> Row:
    rule, shipped = pack.rules[key], PACK.rules[key]
    return Row(rule, shipped, numbers_of(rule, shipped), [MEASURES[name] for name in shipped.looks_at])


def groups_of(pack: Pack) -> Iterator[tuple[str, str, list[Row]]]:
    """The findings by part of the protocol: key and label of the part, its rows."""
    for key, label in FINDINGS_FILES.items():
        yield key, label, [row_of(code, pack) for code in DOCUMENTS[f"findings/{key}"]]


def found(pack: Pack, form: LookupForm) -> list[tuple[str, list[Row]]]:
    """What somebody looks for, by part; parts without any are left out."""
    form.full_clean()
    asked = form.cleaned_data
    words, group, changed = asked.get("q", ""), asked.get("group", ""), asked.get("changed", False)
    shown = [
        (label, [row for row in rows if row.has(words) and (row.changed or not changed)])
        for key, label, rows in groups_of(pack)
        if group in ("", key)
    ]
    return [(label, rows) for label, rows in shown if rows]


def tables_of(pack: Pack) -> dict[str, Any]:
    errors = [ErrorRow(MEASURES[key], errors_of(key, pack, PACK), pack.changes[key]) for key in pack.changes]
    return {"errors": errors, "leg_limits": leg_limits(pack, PACK)}


class ProtocolView(ClinicianView):
    @property
    def may_change(self) -> bool:
        return self.membership.role == Role.OWNER


class Protocol(ProtocolView):
    """What is in force, and everything in it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now = queries.packs.in_force(self.practice.pk)
        form = LookupForm(request.GET)
        groups = found(now.pack, form)
        count = sum(len(rows) for _, rows in groups)
        context = {
            "now": now, "form": form, "groups": groups, "count": count, "few": count <= FEW, "all": len(PACK.rules),
            "narrowed": any(form.cleaned_data.values()), "may_change": self.may_change, "shipped": PACK,
            **tables_of(now.pack),
        }  # fmt: skip
        return render(request, "assessments/protocol.html", context)


class Versions(ProtocolView):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = self.visible(PracticePack).select_related("made_by")
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {"page": page, "now": queries.packs.in_force(self.practice.pk), "may_change": self.may_change}
        return render(request, "assessments/protocol_versions.html", context)


class Version(ProtocolView):
    """One version, against the shipped protocol of today."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        row = self.get_or_404(PracticePack, pk)
        now = queries.packs.in_force(self.practice.pk)
        context: dict[str, Any] = {"row": row, "text": pretty(row.overrides), "now": now, "lines": ()}
        try:
            pack = queries.packs.build(row)
        except PackError as broken:
            context["lines"] = [line.removeprefix("pack: ") for line in broken.lines]
        else:
            context |= changes_of(pack)
        return render(request, "assessments/protocol_version.html", context)


def changes_of(pack: Pack) -> dict[str, Any]:
    """What a pack says otherwise than the shipped one."""
    tables = tables_of(pack)
    return {
        "rows": [row for _, _, rows in groups_of(pack) for row in rows if row.changed],
        "errors": [row for row in tables["errors"] if row.changed],
        "leg_limits": [number for number in tables["leg_limits"] if number.changed],
    }


class Download(ProtocolView):
    """A version as a pack file, which can be given to another practice or back to this one."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        row = self.get_or_404(PracticePack, pk)
        name = f"protocol-{self.practice.slug}-{row.number}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        document = {"why": row.why, **row.overrides}
        return JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False}, headers=headers)
