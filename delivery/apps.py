from pathlib import Path

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.record_classes import register_classes
        from delivery import (  # noqa: F401 (they register)
            audit_actions,
            calendar,
            cutover_gate,
            decisions,
            gates,
            install_gate,
            job_kinds,
            metrics,
            navigation,
            obstacles,
            rollback_gate,
            search,
            traffic_gate,
            watch_decisions,
            watch_gate,
        )

        register_classes(Path(__file__).with_name("record_classes.yaml"))
