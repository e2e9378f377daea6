"""The form as a client sees it: by signed link, without an account. GET changes nothing."""

from intake.views.public.pages import AnswerPage, Save
from intake.views.public.start import NewLink, Start, Thanks
from intake.views.public.stop import Stop

__all__ = ["AnswerPage", "NewLink", "Save", "Start", "Stop", "Thanks"]
