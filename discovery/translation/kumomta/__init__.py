"""KumoMTA: one policy for the whole estate.

    emission = emit_kumomta((estate, ...))

Names of functions, options, events and files: KumoMTA's reference of August 2026.
"""

from discovery.translation.kumomta.emitting import emit_kumomta

__all__ = ["emit_kumomta"]
