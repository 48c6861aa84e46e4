from functools import partial
from pathlib import Path

from django.apps import AppConfig

from core.documents import RenderedDocument


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.record_classes import register_classes

        register_classes(Path(__file__).with_name("record_classes.yaml"))
        from engagements.content import register_content, register_wording
        from engagements.models import FrozenDocument
        from reports import (
            audit_actions,  # noqa: F401 (it registers)
            calendar,  # noqa: F401 (it registers)
            consequences,  # noqa: F401 (it registers)
            decisions,  # noqa: F401 (it registers)
            gates,  # noqa: F401 (it registers)
            handoff_jobs,  # noqa: F401 (it registers)
            job_kinds,  # noqa: F401 (it registers)
            navigation,  # noqa: F401 (it registers)
            runbook_jobs,  # noqa: F401 (it registers)
            search,  # noqa: F401 (it registers)
        )
        from reports.content.formats import formats
        from reports.content.phase_record import phase_record_content
        from reports.content.plan import plan_content
        from reports.outline import record_wording

        _register_papers()
        again, numbers = formats().said_again, formats().provenance
        builders = {FrozenDocument.Kind.PLAN: plan_content, FrozenDocument.Kind.PHASE_RECORD: phase_record_content}
        for kind, builder in builders.items():
            register_content(kind.value, builder, said_again=again, provenance=numbers)
        for signed in (FrozenDocument.Kind.PLAN, FrozenDocument.Kind.PHASE_RECORD):
            register_wording(signed.value, record_wording(signed.value))


def _register_papers() -> None:
    """How each kind of document is drawn, and how it is sealed."""
    from core.documents import register_renderer, register_sealer
    from engagements.models import FrozenDocument
    from reports.domain.request_runbook_paper import RUNBOOK
    from reports.rendering import render_kind

    for kind in (*(each.value for each in FrozenDocument.Kind), RUNBOOK):
        register_renderer(kind, partial(render_kind, kind))
    register_sealer(_seal)


def _seal(rendered: RenderedDocument) -> RenderedDocument:
    """Loads the signing library at the first seal, not when the portal starts."""
    from reports.seal import seal_pdf

    return seal_pdf(rendered)
