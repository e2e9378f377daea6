"""Pages of the intake as Django forms, built from a form version; and what a clinician adds."""

from intake.forms.condition import ConditionForm
from intake.forms.page import Block, PageForm

__all__ = ["Block", "ConditionForm", "PageForm"]
