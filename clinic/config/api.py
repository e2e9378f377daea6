"""The API of our own project: every app adds its viewsets to one router."""

from csp.decorators import csp_update
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.routers import SimpleRouter
from rest_framework.throttling import ScopedRateThrottle

import assessments.api
import clinic.api
import intake.api
import treatments.api


class TokenView(ObtainAuthToken):
    """Exchange a log-in for an API token."""

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
