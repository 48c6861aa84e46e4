from functools import partial

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.documents import register_renderer
        from engagements.content import register_content
        from engagements.models import FrozenDocument
        from reports import job_kinds  # noqa: F401 (it registers)
        from reports.content.phase_record import phase_record_content
        from reports.content.plan import plan_content
        from reports.rendering import render_kind

        for kind in FrozenDocument.Kind:
            register_renderer(kind.value, partial(render_kind, kind.value))
        register_content(FrozenDocument.Kind.PLAN.value, plan_content)
        register_content(FrozenDocument.Kind.PHASE_RECORD.value, phase_record_content)
