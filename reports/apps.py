from functools import partial
from pathlib import Path

from django.apps import AppConfig

from core.documents import RenderedDocument


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.record_classes import register_classes
        from reports import (  # noqa: F401 (they register)
            audit_actions,
            calendar,
            close_jobs,
            consequences,
            decisions,
            gates,
            handoff_jobs,
            job_kinds,
            navigation,
            restored_found,
            runbook_decisions,
            runbook_jobs,
            search,
        )

        register_classes(Path(__file__).with_name("record_classes.yaml"))
        _register_papers()
        _register_contents()


def _register_contents() -> None:
    """What stands in each kind of document, and what a later one is compared by."""
    from engagements.content import register_content, register_wording
    from engagements.models import FrozenDocument
    from reports.content.formats import formats
    from reports.content.phase_record import phase_record_content
    from reports.content.plan import plan_content
    from reports.outline import record_wording

    again, numbers = formats().said_again, formats().provenance
    builders = {FrozenDocument.Kind.PLAN: plan_content, FrozenDocument.Kind.PHASE_RECORD: phase_record_content}
    for kind, builder in builders.items():
        register_content(kind.value, builder, said_again=again, provenance=numbers)
        register_wording(kind.value, record_wording(kind.value))


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
