from pathlib import Path

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import audit_actions, own_metrics  # noqa: F401 (they register)
        from core.record_classes import register_classes

        register_classes(Path(__file__).with_name("record_classes.yaml"))
