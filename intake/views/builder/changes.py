"""What the buttons of the builder do: `do=up:<key>` and the like becomes a change of the form's body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from intake.screening import editing
from intake.screening.shipping import known_fields

Body = editing.Body


@dataclass
class Done:
    """Where to go afterwards, and what to say. `removed`: what an undo puts back."""

    page: str
    field: str = ""
    focus: str = ""
    said: str = ""
    publishing: bool = False
    removed: dict[str, Any] = made(default_factory=dict)


def change_of(sent: Mapping[str, str], page: str, done: Done) -> Callable[[Body], Body] | None:
    """None: only what was typed is saved. Raises Refused, when it is carried out, for what nobody can do."""
    verb, _, rest = sent.get("do", "").partition(":")
    if verb == "publish":
        done.publishing = True
        return None
    if verb == "go":
        done.page = rest
        return None
    if verb in ("", "save", "look"):
        done.field, done.focus = rest, f"f-{rest}" if rest else ""
        done.said = "" if verb == "look" else "Saved."
        return None
    act = ACTS.get(verb, unknown)
    return lambda body: act(body, rest, page, sent, done)


def unknown(body: Body, rest: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    raise editing.Refused("The builder does not know this button.")


def step(body: Body, key: str, by: int, done: Done) -> Body:
    _, index = editing.field_at(body, key)
    done.focus = f"{'up' if by < 0 else 'down'}-{key}"
    return editing.move_field(body, key, max(0, index + by))


def up(body: Body, key: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    return step(body, key, -1, done)


def down(body: Body, key: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    return step(body, key, 1, done)


def place(body: Body, rest: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    """After a drag: `<key>:<place>`."""
    key, _, at = rest.partition(":")
    done.focus = f"f-{key}"
    return editing.move_field(body, key, int(at) if at.isdecimal() and len(at) < 5 else 0)


def to_page(body: Body, key: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    wanted = sent.get(f"to-{key}", "")
    changed = editing.move_to_page(body, key, wanted)
    done.page, done.field, done.focus = wanted, key, f"f-{key}"
    return changed


def twin(body: Body, key: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    changed, done.field = editing.copy_field(body, key)
    done.focus = f"f-{done.field}"
    return changed


def remove(body: Body, key: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    changed, done.removed = editing.remove_field(body, key)
    done.said = f"“{done.removed['field'].get('label') or 'The question'}” is removed."
    return changed


def add(body: Body, kind: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    changed, done.field = editing.add_field(body, page, kind)
    done.focus = f"id_f-{done.field}-label"
    return changed


def known(body: Body, key: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    found = known_fields().get(key)
    if found is None:
        raise editing.Refused("There is no such question.")
    changed, done.field = editing.add_known(body, page, found)
    done.focus = f"f-{done.field}"
    return changed


def page_add(body: Body, rest: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    changed, done.page = editing.add_page(body)
    done.focus = "id_page-title"
    return changed


def page_move(body: Body, rest: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    """`up` or `down`."""
    done.focus = f"page-{rest}"
    return editing.move_page(body, page, max(0, editing.page_at(body, page) + (-1 if rest == "up" else 1)))


def page_remove(body: Body, rest: str, page: str, sent: Mapping[str, str], done: Done) -> Body:
    changed, done.removed = editing.remove_page(body, page)
    done.page = changed["pages"][max(0, done.removed["at"] - 1)]["key"]
    done.said = f"The page “{done.removed['page'].get('title') or 'without a title'}” is removed."
    return changed


ACTS: Mapping[str, Callable[[Body, str, str, Mapping[str, str], Done], Body]] = {
    "up": up,
    "down": down,
    "place": place,
    "to": to_page,
    "copy": twin,
    "remove": remove,
    "add": add,
    "known": known,
    "page_add": page_add,
    "page_move": page_move,
    "page_remove": page_remove,
}
