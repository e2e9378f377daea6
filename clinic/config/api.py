"""The API of our own project: every app adds its viewsets to one router."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from csp.decorators import csp_update
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.routers import SimpleRouter
from rest_framework.throttling import ScopedRateThrottle

import assessments.api
import clinic.api
import intake.api
import treatments.api


class TokenSerializer(AuthTokenSerializer):
    """A password alone is not enough for somebody who has a second factor."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        allowed: dict[str, Any] = super().validate(attrs)
        if is_mfa_enabled(allowed["user"]):
            raise ValidationError("This log-in has a second factor: ask the practice's administrator for a token.")
        return allowed


class TokenView(ObtainAuthToken):
    """Exchange a log-in for an API token."""

    authentication_classes = ()  # an old token sent along must not keep anybody from getting a new one
    parser_classes = (JSONParser,)
    serializer_class = TokenSerializer
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "token"


# The viewer sets styles on its elements; every other page stays strict.
_viewer = csp_update({"style-src": ["'unsafe-inline'"]})(SpectacularSwaggerSplitView.as_view(url_name="api:schema"))


def router() -> SimpleRouter:
    made = SimpleRouter()
    for app in (clinic.api, intake.api, assessments.api, treatments.api):
        app.register(made)
    return made


app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", _viewer, name="docs"),
    path("token/", TokenView.as_view(), name="token"),
    path("", include(router().urls)),
]
