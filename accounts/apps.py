from pathlib import Path

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import audit_actions  # noqa: F401 (it registers)
        from accounts.address_changes import keep_in_ledger
        from accounts.address_proofs import take_proofs
        from accounts.domain.tell_of_failing import note_reach
        from accounts.private_paths import keep_out_of_logs
        from core.domain.note_failure import when_reach_changes
        from core.record_classes import register_classes

        keep_in_ledger()
        take_proofs()
        when_reach_changes(note_reach)
        keep_out_of_logs()
        register_classes(Path(__file__).with_name("record_classes.yaml"))
