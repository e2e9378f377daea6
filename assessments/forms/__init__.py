"""Validation of what is typed on the measuring screen, beside a finding and on the import page."""

from assessments.forms.decisions import EditForm, RejectForm
from assessments.forms.imports import ImportForm
from assessments.forms.measuring import MeasuringForm
from assessments.forms.sheet import SHEET, Line, Section

__all__ = ["SHEET", "EditForm", "ImportForm", "Line", "MeasuringForm", "RejectForm", "Section"]
