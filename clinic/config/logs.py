"""Logs without personal data: no query strings, no secrets from signed links, no values out of database errors."""

import logging
import re
import traceback
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

# The paths whose next segment is a signed link: intake, programme, unsubscribe; and the address of a diary.
SIGNED_LINK = re.compile(r"/(i|p|u|calendar)/[^/\s?#\"']+")
QUERY = re.compile(r"(/[^\s?\"']*)\?[^\s\"']+")
MASK = "…"


def mask(text: str) -> str:
    return QUERY.sub(rf"\1?{MASK}", SIGNED_LINK.sub(rf"/\1/{MASK}", text))


class MaskFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage()), ()
        return True


class Formatter(logging.Formatter):
    """Tracebacks keep their places and the kind of error. Its text is left out: PostgreSQL quotes rows in it."""

    def formatException(self, ei: Any) -> str:
        return "\n".join(_chain(ei[1]))


def _chain(error: BaseException | None) -> list[str]:
    if error is None:
        return []
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [*_chain(before), *_places(error.__traceback__), f"{type(error).__module__}.{type(error).__qualname__}"]


def _places(tb: TracebackType | None) -> list[str]:
    return [f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in traceback.extract_tb(tb)]


class ReporterFilter(SafeExceptionReporterFilter):
    """Whatever reports an error outside development leaves out what was posted and the values of variables."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {} if self.is_active(request) else super().get_post_parameters(request)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> Any:
        return [] if self.is_active(request) else super().get_traceback_frame_variables(request, tb_frame)
