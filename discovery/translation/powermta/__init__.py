"""PowerMTA: one `config` for the whole estate.

    emission = emit_powermta((estate, ...))

Directive names, scopes and what they do: PowerMTA 5.0 User's Guide.
"""

from discovery.translation.powermta.configuration import emit_powermta

__all__ = ["emit_powermta"]
