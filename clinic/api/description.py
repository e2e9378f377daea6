"""What the OpenAPI document says about every operation besides its own answer: how it refuses."""

from __future__ import annotations

from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiViewExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import SAFE_METHODS

from clinic.api.problems import ProblemsSerializer, RefusalSerializer

ID = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)
INVALID = OpenApiResponse(ProblemsSerializer, "Nothing was written; one line per problem.")
UNREADABLE = OpenApiResponse(ProblemsSerializer, "A filter that makes no sense; one line per problem.")
UNKNOWN_CALLER = OpenApiResponse(RefusalSerializer, "No token or log-in, or one that is not known.")
FORBIDDEN = OpenApiResponse(RefusalSerializer, "Not in the role that may do this.")
NOT_THERE = OpenApiResponse(RefusalSerializer, "Unknown, or not for the caller to know of.")
NOT_JSON = OpenApiResponse(RefusalSerializer, "The body is of a type that is not read here.")
STALE = OpenApiResponse(ProblemsSerializer, "Somebody saved in between; nothing was written.")
TOO_OFTEN = OpenApiResponse(RefusalSerializer, "Too many attempts; try again in a minute.")


View = TypeVar("View", bound=type)


class Description(AutoSchema):
    """Adds the refusals that follow from how every viewset of ours is built; what a method says itself wins."""

    def get_operation(self, *args: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args)
        if operation is not None:
            for code, answer in self.refusals(operation).items():
                operation["responses"].setdefault(code, self._get_response_for_code(answer, code))
        return operation

    def get_override_parameters(self) -> list[Any]:
        said: list[Any] = super().get_override_parameters()
        return [ID, *said] if "{id}" in self.path else said

    def refusals(self, operation: dict[str, Any]) -> dict[str, OpenApiResponse]:
        found = {"401": UNKNOWN_CALLER}
        if self.method not in SAFE_METHODS:
            found |= {"400": INVALID, "403": FORBIDDEN}
        elif self.get_filter_backends():
            found |= {"400": UNREADABLE, "404": NOT_THERE}  # an unknown page
        if "{" in self.path:
            found["404"] = NOT_THERE
        if "requestBody" in operation:
            found["415"] = NOT_JSON
        return found


def described(view: View) -> View:
    """Class decorator of every viewset of the API."""
    view.schema = Description()  # type: ignore[attr-defined]
    decorated: View = extend_schema()(view)  # puts it below what single methods say
    return decorated


class TokenDescription(OpenApiViewExtension):
    """Nobody needs a token to ask for one."""

    target_class = "rest_framework.authtoken.views.ObtainAuthToken"
    match_subclasses = True
    priority = 1  # before the one of drf-spectacular

    def view_replacement(self) -> Any:
        serializer = self.target.serializer_class
        answers = {200: serializer, 400: INVALID, 415: NOT_JSON, 429: TOO_OFTEN}

        class Described(self.target):  # type: ignore[name-defined]
            @extend_schema(request=serializer, responses=answers, auth=[])
            def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
                """Exchange a log-in for an API token."""

        return Described
