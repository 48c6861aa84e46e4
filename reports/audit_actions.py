"""What reports writes into the ledger. Loaded by ReportsConfig.ready()."""

from core.audit import register_actions

register_actions(
    {
        "document.receipt_issued": "The receipt of {title}, version {version}, was issued, SHA-256 {digest}",
        "document.review_opened": "{actor} opened the draft of {title}, version {version}, for review",
        "gate.language_chosen": "The document of gate {gate} is written in {language} from its next version on",
    }
)
