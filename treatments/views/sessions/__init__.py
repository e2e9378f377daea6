from treatments.views.sessions.keeping import KeepNew, KeepNote
from treatments.views.sessions.merging import MergeNote
from treatments.views.sessions.reading import Amend, Cosign, Discard, InError, NotePage, Notes, Return
from treatments.views.sessions.snippets import ChangeSnippet, PutBackSnippet, RemoveSnippet, Snippets
from treatments.views.sessions.writing import EditNote, NewNote

__all__ = [
    "Amend", "ChangeSnippet", "Cosign", "Discard", "EditNote", "InError", "KeepNew", "KeepNote", "MergeNote",
    "NewNote", "NotePage", "Notes", "PutBackSnippet", "RemoveSnippet", "Return", "Snippets",
]  # fmt: skip
