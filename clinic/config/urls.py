from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

from clinic.config.mail_events import mail_events
from clinic.views import health

# The admin's own log-in page knows neither the second factor nor the limits.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


handler400 = "clinic.config.errors.bad_request"
handler403 = "clinic.config.errors.permission_denied"
handler404 = "clinic.config.errors.page_not_found"
handler500 = "clinic.config.errors.server_error"

urlpatterns = [
    path("healthz/", healthz, name="healthz"),
    path("healthz/reminders/", health.reminders_health, name="reminders_health"),
    path("metrics/", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("clinic.config.api")),
    path("mail/events/<str:service>/", mail_events, name="mail_events"),
    path("", include("clinic.urls")),
    path("", include("intake.urls")),
    path("", include("assessments.urls")),
    path("", include("treatments.urls")),
]
