from pathlib import Path

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import audit_actions  # noqa: F401 (it registers)
        from accounts.address_changes import keep_in_ledger
        from accounts.private_paths import keep_out_of_logs
        from core.record_classes import register_classes

        keep_in_ledger()
        keep_out_of_logs()
        register_classes(Path(__file__).with_name("record_classes.yaml"))
