"""From accepted findings to what the client does at home."""

from treatments.services.programmes.drafts import change, draft
from treatments.services.programmes.items import add_item, change_item, remove_item, swap_item
from treatments.services.programmes.states import end, publish, publish_problems

__all__ = [
    "add_item",
    "change",
    "change_item",
    "draft",
    "end",
    "publish",
    "publish_problems",
    "remove_item",
    "swap_item",
]
