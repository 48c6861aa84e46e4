from pathlib import Path

from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "engagements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.record_classes import register_classes
        from engagements import (  # noqa: F401 (they register)
            agreed,
            audit_actions,
            calendar,
            job_kinds,
            metrics,
            navigation,
            own_checks,
            search,
            system_checks,
            team_decisions,
            thread_decisions,
        )

        register_classes(Path(__file__).with_name("record_classes.yaml"))
