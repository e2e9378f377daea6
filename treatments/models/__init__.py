from treatments.models.programme import HomeLog, Outcome, Programme, ProgrammeItem, State
from treatments.models.session import NoteState, SessionAmendment, SessionNote, SessionTechnique, Snippet

__all__ = [
    "HomeLog", "NoteState", "Outcome", "Programme", "ProgrammeItem", "SessionAmendment", "SessionNote",
    "SessionTechnique", "Snippet", "State",
]  # fmt: skip
