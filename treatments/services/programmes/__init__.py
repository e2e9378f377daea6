"""From accepted findings to what the client does at home."""

from treatments.services.programmes.drafts import change, draft
from treatments.services.programmes.items import add_item, change_item, remove_item, swap_item
from treatments.services.programmes.places import move_item, put_back
from treatments.services.programmes.preview import letter_of
from treatments.services.programmes.states import end, publish, publish_problems
from treatments.services.programmes.versions import start_from

__all__ = [
    "add_item",
    "change",
    "change_item",
    "draft",
    "end",
    "letter_of",
    "move_item",
    "publish",
    "publish_problems",
    "put_back",
    "remove_item",
    "start_from",
    "swap_item",
]
