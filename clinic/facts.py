"""Port: what is known about a client that the reasoning of another app needs.

Siblings never import each other, so `intake` provides facts here and `assessments` asks for them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clinic.models import Client
from clinic.registry import Registry


@dataclass(frozen=True)
class Provider:
    """`of(client)` gives facts by the names of `assessments.rules.Facts`, such as conditions or sitting hours."""

    key: str
    of: Callable[[Client], Mapping[str, Any]]


providers: Registry[Provider] = Registry(Provider)


def of(client: Client, *, on: datetime.date) -> dict[str, Any]:
    """Age on that day, sex for norms, and what the apps know. A later provider never overwrites an earlier one."""
    facts: dict[str, Any] = {"age": client.age_on(on), "sex": client.sex, "assessed_on": on}
    for provider in providers:
        facts = {**provider.of(client), **facts}
    return facts
