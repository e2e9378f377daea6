"""Session notes: kept from the first word, signed for good, amended beside, co-signed for a trainee."""

from treatments.services.sessions.amending import amend, mark_entered_in_error
from treatments.services.sessions.content import Content, Row, content_of, repeated
from treatments.services.sessions.drafts import EditConflict, discard, save
from treatments.services.sessions.signing import cosign, give_back, may_cosign, missing, save_and_sign, sign
from treatments.services.sessions.snippets import add_snippet, change_snippet, remove_snippet

__all__ = [
    "Content", "EditConflict", "Row", "add_snippet", "amend", "change_snippet", "content_of", "cosign", "discard",
    "give_back", "mark_entered_in_error", "may_cosign", "missing", "remove_snippet", "repeated", "save",
    "save_and_sign", "sign",
]  # fmt: skip
