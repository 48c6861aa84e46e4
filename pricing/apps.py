from pathlib import Path

from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "pricing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.record_classes import register_classes
        from pricing import (  # noqa: F401 (register)
            acceptances,
            advice,
            agreements,
            audit_actions,
            decisions,
            gates,
            job_kinds,
            metrics,
            navigation,
            nda_decisions,
            prefills,
            search,
            stated,
            statistics,
        )

        register_classes(Path(__file__).with_name("record_classes.yaml"))
