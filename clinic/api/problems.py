"""One shape for every input that was refused: `{"problems": [{"path": …, "message": …}]}`.

Who may not come in (401, 403), what is not there (404), and a request that is none say one `detail`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from clinic.problems import EditConflict, InvalidInput, Problem


class ProblemSerializer(serializers.Serializer):
    path = serializers.CharField(help_text="The place, such as measurements[3].value; empty for the whole.")
    message = serializers.CharField()


class ProblemsSerializer(serializers.Serializer):
    problems = ProblemSerializer(many=True)


class RefusalSerializer(serializers.Serializer):
    detail = serializers.CharField()


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER: what a service refused is the caller's input, not our failure."""
    if isinstance(error, InvalidInput):
        return refused(error.problems)
    if isinstance(error, DjangoValidationError):
        return refused(list(problems_of(error)))
    if isinstance(error, exceptions.ValidationError):
        return refused(list(flattened(error.detail)))
    if isinstance(error, exceptions.ParseError):
        return refused([Problem("", str(error.detail))])
    if isinstance(error, RecursionError):  # only a body like [[[[… takes the reader that deep
        return refused([Problem("", "is nested too deeply")])
    if isinstance(error, EditConflict):
        return refused([Problem("revision", str(error))], status.HTTP_409_CONFLICT)
    return exception_handler(error, context)


def refused(problems: list[Problem], code: int = status.HTTP_400_BAD_REQUEST) -> Response:
    lines = [{"path": problem.path, "message": problem.message} for problem in problems]
    return Response({"problems": lines}, status=code)


def problems_of(error: DjangoValidationError) -> Iterator[Problem]:
    if not hasattr(error, "error_dict"):
        yield from (Problem("", message) for message in error.messages)
        return
    for field, messages in error.message_dict.items():
        yield from (Problem("" if field == NON_FIELD_ERRORS else field, message) for message in messages)


def flattened(detail: Any, path: str = "") -> Iterator[Problem]:
    """REST framework's nested errors as lines with a path."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            place = path if key == "non_field_errors" else f"{path}.{key}".lstrip(".")
            yield from flattened(inner, place)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from flattened(inner, f"{path}[{index}]" if nested else path)
    else:
        yield Problem(path, str(detail))
