from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "engagements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engagements import (  # noqa: F401 (they register)
            agreed,
            audit_actions,
            navigation,
            own_checks,
            search,
            system_checks,
            team_decisions,
            thread_decisions,
        )
