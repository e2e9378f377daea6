from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Only in our own project: a host brings its own settings, Celery app and broker."""

    name = "clinic.config"
    label = "config"

    def ready(self) -> None:
        from clinic.config import celery  # noqa: F401, PLC0415  (tasks must find this app; it needs the settings)
