"""The diary, written: booking, moving and everything that becomes of a visit.

Two visits of one therapist, or in one room, never overlap: the database refuses the second, however many come at once.
Everything else that speaks against a time only asks, and can be said anyway.
"""

from clinic.services.visits.becoming import came, cancel, no_show, restore
from clinic.services.visits.booking import book, book_somebody_new, look_again, move
from clinic.services.visits.checks import Asks
from clinic.services.visits.saving import EditConflict

__all__ = [
    "Asks", "EditConflict", "book", "book_somebody_new", "came", "cancel", "look_again", "move", "no_show", "restore",
]  # fmt: skip
