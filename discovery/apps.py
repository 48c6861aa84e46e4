from pathlib import Path

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "discovery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.masking import register_mask
        from core.record_classes import register_classes
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
            task_tickets,
        )
        from discovery.domain.mask_words import mask_words

        register_mask(mask_words)
        register_classes(Path(__file__).with_name("record_classes.yaml"))
