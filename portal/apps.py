from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import checks  # noqa: F401 (they register)
        from portal import celery  # noqa: F401 (makes it the application that tasks are sent by)
