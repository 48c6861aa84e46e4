from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from delivery import (  # noqa: F401 (they register)
            audit_actions,
            decisions,
            gates,
            install_gate,
            job_kinds,
            navigation,
            rollback_gate,
            search,
            traffic_gate,
        )
