"""What the library has for a finding, for the page that explains it."""

from __future__ import annotations

from treatments.planning.library import LIBRARY, NO_EXERCISE


def exercises_for(code: str) -> list[str]:
    """Names of the exercises that answer a finding of this code; where there is none by intent, the reason."""
    names = [exercise.name for exercise in LIBRARY.values() if code in exercise.for_findings]
    reason = NO_EXERCISE.get(code)
    return names or ([reason] if reason else [])
