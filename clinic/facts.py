"""Port: what is known about a client that the reasoning of another app needs.

Siblings never import each other, so `intake` provides facts here and `assessments` asks for them. When they change,
`intake` says so here, and `assessments` looks again at what was measured.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clinic.models import Client
from clinic.registry import Registry
from clinic.services import audit


@dataclass(frozen=True)
class Provider:
    """`of(client)` gives facts by the names of `assessments.rules.Facts`, such as conditions or sitting hours."""

    key: str
    of: Callable[[Client], Mapping[str, Any]]


@dataclass(frozen=True)
class Listener:
    """`hear(client, by)` looks again at what rests on the facts of the client; inside the writer's transaction."""

    key: str
    hear: Callable[[Client, audit.Actor], None]


providers: Registry[Provider] = Registry(Provider)
listeners: Registry[Listener] = Registry(Listener)


def of(client: Client, *, on: datetime.date) -> dict[str, Any]:
    """Age on that day, sex for norms, and what the apps know. A later provider never overwrites an earlier one."""
    facts: dict[str, Any] = {"age": client.age_on(on), "sex": client.sex, "assessed_on": on}
    for provider in providers:
        facts = {**provider.of(client), **facts}
    return facts


def changed(client: Client, *, by: audit.Actor) -> None:
    """Called by a service that wrote facts, in its transaction: either both are on file or neither."""
    for listener in listeners:
        listener.hear(client, by)
