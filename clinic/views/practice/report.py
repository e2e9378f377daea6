"""How the practice does, on the screen and as files."""

from __future__ import annotations

import csv
import datetime
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from clinic.forms.practice import PeriodForm
from clinic.queries import practice_report as queries
from clinic.report import Row
from clinic.views.practice.frame import PracticePage

HEAD = ("part", "line", "counted", "number", "note")
#: What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
QUICK = ((30, "30 days"), (90, "90 days"), (365, "A year"))
WIDE = 320  # of a bar, in units of its drawing


@dataclass(frozen=True)
class Piece:
    """One part of a bar, in units of the drawing; `place` says which colour and pattern."""

    x: float
    width: float
    place: int
    word: str
    number: int


@dataclass(frozen=True)
class Line:
    """A row with its numbers in the order of the section's words, and its bar."""

    row: Row
    numbers: list[tuple[str, int | None]]
    bar: list[Piece]
    said: str


class ReportPage(PracticePage):
    topic = "report"

    def period(self) -> PeriodForm:
        today = timezone.now().astimezone(self.practice.zone).date()
        usual = {"since": today - datetime.timedelta(days=queries.USUAL_DAYS - 1), "until": today}
        given = {name: self.request.GET.get(name) or value for name, value in usual.items()}
        return PeriodForm(given)

    def made(self, form: PeriodForm) -> queries.Report:
        return queries.made(self.practice, self.membership.role, form.cleaned_data["since"], form.cleaned_data["until"])

    def get(self, request: HttpRequest) -> HttpResponse:
        form = self.period()
        if not form.is_valid():
            return self.refused(form)
        return self.answer(form, self.made(form))

    def refused(self, form: PeriodForm) -> HttpResponse:
        lines = [str(line) for lines in form.errors.values() for line in lines]
        return HttpResponse("\n".join(lines), status=400, content_type="text/plain; charset=utf-8")

    def answer(self, form: PeriodForm, of: queries.Report) -> HttpResponse:
        raise NotImplementedError


class PracticeReport(ReportPage):
    """`?part=`: only that section, waited for, as the page asks for what was not counted yet; `?whole=1`: all at once,
    for a browser without scripts."""

    def made(self, form: PeriodForm) -> queries.Report:
        days, asked = form.cleaned_data, self.request.GET
        only, role = asked.get("part", ""), self.membership.role
        wait = bool(only or asked.get("whole"))
        return queries.made(self.practice, role, days["since"], days["until"], only=only, wait=wait)

    def refused(self, form: PeriodForm) -> HttpResponse:
        return self.page("report", {"form": form, "quick": self.quick()}, status=422)

    def answer(self, form: PeriodForm, of: queries.Report) -> HttpResponse:
        sections = [(part, lines_of(part)) for part in of.sections]
        if "part" in self.request.GET:
            return self.section(sections)
        context = {
            "form": form, "report": of, "sections": sections, "asked": f"?since={of.since}&until={of.until}",
            "quick": self.quick(), "zone": self.practice.zone, "many": f"{self.practice.client_counter:,}",
        }  # fmt: skip
        return self.page("report", context)

    def section(self, sections: list[tuple[queries.Section, list[Line]]]) -> HttpResponse:
        if not sections:
            raise Http404
        section, lines = sections[0]
        return render(self.request, "clinic/practice/report_part.html", {"section": section, "lines": lines})

    def quick(self) -> list[tuple[str, str]]:
        today = timezone.now().astimezone(self.practice.zone).date()
        first = ((today - datetime.timedelta(days=days - 1), label) for days, label in QUICK)
        return [(f"?since={since}&until={today}", label) for since, label in first]


def lines_of(part: queries.Section) -> list[Line]:
    return [line_of(row, part) for row in part.rows]


def line_of(row: Row, part: queries.Section) -> Line:
    whole = row.total if part.shares else part.most
    pieces, x = [], 0.0
    for place, word in enumerate(part.words):
        number = row.counts.get(word, 0)
        width = round(WIDE * number / whole, 1) if whole else 0.0
        if width:
            pieces.append(Piece(round(x, 1), width, place, word, number))
        x += width
    said = ", ".join(f"{word} {number}" for word, number in row.counts.items())
    return Line(row, [(word, row.counts.get(word)) for word in part.words], pieces, f"{row.label}: {said}")


class ReportCsv(ReportPage):
    def answer(self, form: PeriodForm, of: queries.Report) -> HttpResponse:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="practice-{of.since}-{of.until}.csv"'
        rows = csv.writer(response)
        rows.writerow(HEAD)
        rows.writerows([harmless(cell) for cell in line] for line in queries.lines(of))
        return response


def harmless(cell: Any) -> Any:
    """Text that a spreadsheet shows as it is; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


class ReportJson(ReportPage):
    def answer(self, form: PeriodForm, of: queries.Report) -> HttpResponse:
        response = JsonResponse(queries.document(self.practice, of), json_dumps_params={"indent": 2})
        response["Content-Disposition"] = f'attachment; filename="practice-{of.since}-{of.until}.json"'
        return response
