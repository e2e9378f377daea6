from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ClinicConfig(AppConfig):
    name = "clinic"

    def ready(self) -> None:
        autodiscover_modules("clinic_hooks")
