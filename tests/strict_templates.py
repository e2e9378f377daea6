"""An undefined variable in one of our own templates fails the test. Templates of packages may do as they like."""

import sys
from pathlib import Path

from django.template.base import Node

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


class UndefinedVariable(AssertionError):
    pass


class StrictInvalid(str):
    """For the option `string_if_invalid`: Django says `string % variable` when it cannot resolve the variable."""

    __slots__ = ()

    def __new__(cls):
        return super().__new__(cls, "%s")

    def __mod__(self, variable):
        template = _template()
        if template and template.is_relative_to(ROOT) and not template.is_relative_to(VENV):
            raise UndefinedVariable(f"{template.relative_to(ROOT)}: '{variable}' is not defined")
        return ""


def _template() -> Path | None:
    """The file of the innermost template node that is being rendered."""
    frame = sys._getframe()
    while frame := frame.f_back:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return Path(node.origin.name)
    return None
