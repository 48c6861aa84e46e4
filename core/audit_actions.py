"""What the ledger writes about itself. Loaded by CoreConfig.ready()."""

from core.audit import REDACTED, register_actions

register_actions(
    {
        REDACTED: "{actor} replaced personal words in {events} earlier entries: {reason}",
        "address.failing": "Mail to {address} {how}: {code}",
        "address.paused": "Nothing more is sent to {address} until it is proved again. Mails that failed: {failures}",
        "address.resumed": "{actor} had mail sent to {address} again. Mails that were kept back: {released}",
        "address.reached": "Mail to {address} arrives again, or goes elsewhere. Mails that were kept back: {released}",
    }
)
