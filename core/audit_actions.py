"""What the ledger writes about itself. Loaded by CoreConfig.ready()."""

from core.audit import REDACTED, register_actions

register_actions({REDACTED: "{actor} replaced personal words in {events} earlier entries: {reason}"})
