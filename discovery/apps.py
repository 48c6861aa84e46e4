from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "discovery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from discovery import audit_actions, consequences, gates, job_kinds, navigation  # noqa: F401 (they register)
