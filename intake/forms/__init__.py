"""Pages of the intake as Django forms, built from a form version."""

from intake.forms.page import Block, PageForm

__all__ = ["Block", "PageForm"]
