from treatments.models.programme import HomeDay, HomeLog, Outcome, Programme, ProgrammeItem, State
from treatments.models.session import NoteState, SessionAmendment, SessionNote, SessionTechnique, Snippet

__all__ = [
    "HomeDay", "HomeLog", "NoteState", "Outcome", "Programme", "ProgrammeItem", "SessionAmendment", "SessionNote",
    "SessionTechnique", "Snippet", "State",
]  # fmt: skip
