"""Where the mail service of the settings reports what became of our mail: `/mail/events/NAME/`."""

import datetime
import json
import logging
from collections.abc import Callable
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

from clinic.config.mail import SERVICES

logger = logging.getLogger(__name__)

SIGNED_FOR = datetime.timedelta(days=1)  # Mailgun tries for eight hours

UNREADABLE = (AnymailError, ValueError, KeyError, IndexError, TypeError, AttributeError)


class Careful(AnymailCoreWebhookView):
    """Before anymail's reader of a service: who may not call, or sends what nobody can read, is refused."""

    def run_validators(self, request: HttpRequest) -> None:
        self._or_refuse(lambda: super(Careful, self).run_validators(request))

    def parse_events(self, request: HttpRequest) -> Any:
        return self._or_refuse(lambda: super(Careful, self).parse_events(request))

    def _or_refuse(self, step: Callable[[], Any]) -> Any:
        try:
            return step()
        except UNREADABLE as error:
            raise Refused(type(error).__name__) from None


class SignedLately(AnymailCoreWebhookView):
    """Mailgun signs the time and not the report, so that a signature would do for any report and for ever."""

    def validate_request(self, request: HttpRequest) -> None:
        in_json = request.content_type == "application/json"
        signed = json.loads(request.body)["signature"] if in_json else request.POST
        if timezone.now().timestamp() - float(signed["timestamp"]) > SIGNED_FOR.total_seconds():
            raise AnymailWebhookValidationFailure


FURTHER_CHECKS: dict[str, tuple[type, ...]] = {"mailgun": (SignedLately,)}


class Refused(Exception):
    """Forged, or not readable; the text says nothing of what was sent."""


@csrf_exempt  # the service's signature, or our secret in the address, is the proof
def mail_events(request: HttpRequest, service: str) -> HttpResponse:
    """403 without the proof; 500 when a report could not be stored, so that it comes again."""
    if not settings.MAIL_PROVIDER or service != settings.MAIL_PROVIDER:
        raise Http404
    try:
        return reader(service)(request)
    except Refused as why:
        logger.warning("A report of the mail service was refused (%s).", why)
        return HttpResponse("Refused.\n", status=403, content_type="text/plain")


def reader(service: str) -> Callable[[HttpRequest], HttpResponse]:
    view = import_string(f"anymail.webhooks.{service}.{SERVICES[service].view}")
    careful: Any = type(view.__name__, (Careful, *FURTHER_CHECKS.get(service, ()), view), {})
    answer: Callable[[HttpRequest], HttpResponse] = careful.as_view()
    return answer
