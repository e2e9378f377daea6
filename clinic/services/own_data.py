"""Everything about a client that the practice shared with them or that they gave themselves, as files to keep."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, time_format

from clinic import own_data
from clinic.models import Client
from clinic.services import audit


@dataclass(frozen=True)
class Section:
    """`rows`: of each row its pairs of label and value."""

    key: str
    title: str
    rows: Sequence[Sequence[tuple[str, Any]]]


@transaction.atomic
def download(*, client: Client, by: Client) -> bytes:
    """A zip of one page to read and one JSON file for programs, in the active language. Nothing of it is kept here."""
    found = everything_about(client)
    made_at = timezone.now().astimezone(client.zone)
    shown = [
        (section.title, [[(name, in_words(value)) for name, value in row] for row in section.rows]) for section in found
    ]
    page = render_to_string(
        "clinic/portal/own_data/document.html",
        {"client": client, "practice": client.practice, "made_at": made_at, "sections": shown},
    )
    plain = {"practice": client.practice.name, "made_at": made_at, **{each.key: list(each.rows) for each in found}}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("everything.html", page)
        files.writestr("everything.json", json.dumps(as_json(plain), ensure_ascii=False, indent=1))
    audit.record("client.own_data_downloaded", on=client, by=by)
    return packed.getvalue()


def everything_about(client: Client) -> list[Section]:
    return [
        Section(part.key, str(part.title), [list(pairs_of(part, row, client)) for row in rows_of(part, client)])
        for part in own_data.given()
    ]


def rows_of(part: own_data.Part, client: Client) -> Iterable[models.Model]:
    """Only ever this client's: what `rows` gives is looked at once more."""
    model = apps.get_model(part.key)
    if model is Client:
        return [client]
    own: models.QuerySet[models.Model] = model._base_manager.filter(practice_id=client.practice_id, client=client)
    if part.rows is None:
        return own.order_by("pk")
    return [row for row in part.rows(client) if row.client_id == client.pk]  # type: ignore[attr-defined]


def pairs_of(part: own_data.Part, row: models.Model, client: Client) -> Iterator[tuple[str, Any]]:
    for name, label in part.fields.items():
        shown = getattr(row, f"get_{name}_display", None)
        value = shown() if shown else getattr(row, name)
        if value not in (None, "", [], {}):
            yield str(label), local(value, client)
    for label, value in part.more(row) if part.more else ():
        yield str(label), local(value, client)


def local(value: Any, client: Client) -> Any:
    return value.astimezone(client.zone) if isinstance(value, datetime.datetime) else value


def in_words(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return date_format(value, "DATETIME_FORMAT")
    if isinstance(value, datetime.date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, datetime.time):
        return time_format(value, "TIME_FORMAT")
    if isinstance(value, (list, tuple)):
        return "; ".join(in_words(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {in_words(each)}" for name, each in value.items())
    return str(value)


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): as_json(each) for name, each in value.items()}
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str):
        return {"what": value[0], "said": as_json(value[1])}
    if isinstance(value, (list, tuple)):
        return [as_json(each) for each in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
