from anymail.signals import tracking
from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ClinicConfig(AppConfig):
    name = "clinic"

    def ready(self) -> None:
        from clinic.services.delivery.webhooks import receive  # noqa: PLC0415  (needs the models)

        autodiscover_modules("clinic_hooks")
        # Whoever includes anymail's own addresses instead of ours is heard, too.
        tracking.connect(receive, dispatch_uid="clinic.delivery")
