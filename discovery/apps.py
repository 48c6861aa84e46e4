from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "discovery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from discovery import (  # noqa: F401 (they register)
            audit_actions,
            consequences,
            decisions,
            gates,
            job_kinds,
            navigation,
            parts,
            search,
            selection_gate,
        )
