from pathlib import Path

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import audit_actions  # noqa: F401 (it registers)
        from accounts.address_changes import keep_in_ledger
        from accounts.address_proofs import take_proofs
        from accounts.domain.tell_of_failing import note_reach
        from accounts.guard import checks  # noqa: F401 (they register)
        from accounts.guard.door import hold_new_connection
        from accounts.guard.installation import install_after_migration
        from accounts.private_paths import keep_out_of_logs
        from core.domain.note_failure import when_reach_changes
        from core.record_classes import register_classes

        keep_in_ledger()
        take_proofs()
        when_reach_changes(note_reach)
        keep_out_of_logs()
        connection_created.connect(hold_new_connection)
        post_migrate.connect(install_after_migration, sender=self)
        register_classes(Path(__file__).with_name("record_classes.yaml"))
