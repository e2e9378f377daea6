"""Inside a process of a scenario: its kinds, the step at which it dies or freezes, the guard that it lacks.

The wrappers are put around the engine's own functions when Django starts; the product knows nothing of them.
"""

from __future__ import annotations

import functools
import importlib
import logging
import os
import select
import signal
import smtplib
import threading
from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.db import transaction

from tests.faults.part import Part, mine

logger = logging.getLogger(__name__)
Act = Callable[[], None]


def engine(name: str) -> Any:
    """A module of the engine: the package's own names hide some of them."""
    return importlib.import_module(f"clinic.services.reminders.{name}")


class Inside(AppConfig):
    name = "tests.faults.inside"
    label = "faults"

    def ready(self) -> None:
        from clinic.reminders import kinds
        from tests.faults.guards import remove
        from tests.faults.kinds import all_kinds

        part = mine()
        for kind in all_kinds(part):
            kinds.register(kind)
        if part.without:
            remove(part.without)
            logger.info("guard removed: %s", part.without)
        if part.clock_good_for is not None:
            _ask_for_the_time_every(part.clock_good_for)
        if part.at:
            STEPS[part.at](_at_the_nth_time(part))


def _ask_for_the_time_every(seconds: float) -> None:
    from clinic.services import clock

    clock.GOOD_FOR = seconds


def _at_the_nth_time(part: Part) -> Act:
    number = signal.SIGSTOP if part.act == "freeze" else signal.SIGKILL
    lock, left = threading.Lock(), [part.nth]

    def act() -> None:
        with lock:
            left[0] -= 1
            now = left[0] == 0
        if now:
            os.kill(os.getpid(), number)

    return act


def wrap(where: Any, name: str, around: Callable[..., Any]) -> None:
    """`around(original, *args, **kwargs)` stands for `where.name` from now on."""
    original = getattr(where, name)

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return around(original, *args, **kwargs)

    setattr(where, name, wrapped)


def after(act: Act, where: Any, name: str) -> None:
    """When it did something, and that is committed."""

    def around(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        if result:
            act()
        return result

    wrap(where, name, around)


def uncommitted(act: Act, where: Any, name: str) -> None:
    """When it did something (`settle` gives nothing back: when it was given something), before that is committed."""

    def around(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            result = original(*args, **kwargs)
            if result or (result is None and args[0]):
                act()
        return result

    wrap(where, name, around)


def on_the_line(act: Act, wanted: Callable[[bytes], bool], send: Callable[[smtplib.SMTP, bytes], None]) -> None:
    """When bytes that are `wanted` go to the mail server: by `send`, then it happens."""

    def around(original: Callable[..., Any], server: smtplib.SMTP, given: str | bytes) -> None:
        data = given if isinstance(given, bytes) else given.encode()
        if not wanted(data):
            original(server, given)
            return
        send(server, data)
        act()
        if send is _half:  # it goes on living
            server.sock.sendall(data[len(data) // 2 :])

    wrap(smtplib.SMTP, "send", around)


def _whole(server: smtplib.SMTP, data: bytes) -> None:
    server.sock.sendall(data)


def _half(server: smtplib.SMTP, data: bytes) -> None:
    server.sock.sendall(data[: len(data) // 2])


def _and_wait_for_the_answer(server: smtplib.SMTP, data: bytes) -> None:
    server.sock.sendall(data)
    select.select([server.sock], [], [], 10)


def _is_rcpt(data: bytes) -> bool:
    return b"RCPT TO" in data.upper()[:300]


def _is_message(data: bytes) -> bool:
    return data.endswith(b"\r\n.\r\n")


#: Where a process can be told to die. Each is put around what stands there today.
STEPS: dict[str, Callable[[Act], None]] = {
    "plan, uncommitted": lambda act: _in_plan(act),
    "plan": lambda act: _in_plan(lambda: transaction.on_commit(act)),
    "claim, uncommitted": lambda act: uncommitted(act, engine("claim"), "take"),
    "claim": lambda act: after(act, engine("claim"), "take"),
    "check": lambda act: after(act, engine("drain"), "check"),
    "compose": lambda act: _in_compose(act),
    "mark, uncommitted": lambda act: uncommitted(act, engine("settle"), "hand_over"),
    "mark": lambda act: after(act, engine("settle"), "hand_over"),
    "rcpt": lambda act: on_the_line(act, _is_rcpt, _and_wait_for_the_answer),
    "data": lambda act: on_the_line(act, _is_message, _half),
    "dot": lambda act: on_the_line(act, _is_message, _whole),
    "answered": lambda act: on_the_line(act, _is_message, _and_wait_for_the_answer),
    "answer read": lambda act: after(act, engine("smtp").SmtpLine, "send"),
    "settle, uncommitted": lambda act: uncommitted(act, engine("settle"), "settle"),
    "sweep, uncommitted": lambda act: uncommitted(act, engine("wake"), "sweep"),
    "sweep": lambda act: after(act, engine("wake"), "sweep"),
}


def _in_plan(act: Act) -> None:
    """The kind has inserted its rows, in a transaction of the engine's."""
    from tests.faults.kinds import Hourly

    after(act, Hourly, "plan")


def _in_compose(act: Act) -> None:
    """In the middle of a batch: the kind is writing one of its letters."""
    from tests.faults.kinds import Plain

    def around(original: Callable[..., Any], *args: Any) -> Any:
        act()
        return original(*args)

    wrap(Plain, "letter", around)
