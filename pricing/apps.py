from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "pricing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pricing import advice, audit_actions, decisions, gates, navigation, prefills, stated, statistics  # noqa: F401 (register)
