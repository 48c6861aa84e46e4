"""What pricing writes into the ledger. Loaded by PricingConfig.ready().

The sentences name no amounts: everybody of an engagement reads its history, and not everybody may read quotes.
"""

from core.audit import register_actions

register_actions(
    {
        "request.recorded": "{actor} recorded the request: {known} of 4 data points",
        "request.changed": "{actor} changed the request: {known} of 4 data points",
        "request.complete": "{actor} recorded the fourth data point; the quote is due {due}",
        "request.advised_to_stay": "{actor} advised {organization} to stay on Postfix",
        "cost.assumed": "{actor} set “{label}” to {after} {unit} (before: {before}): {reason}",
        "quote.drafted": "{actor} drafted {reference}: {tier}",
        "quote.sent": "{actor} sent {reference} to {to}, valid until {valid_until}, SHA-256 {digest}",
        "quote.accepted": "{actor} accepted {reference} ({receipt})",
        "quote.declined": "{actor} declined {reference}: {reason}",
        "quote.expired": "{reference} expired",
        "quote.superseded": "{actor} replaced {reference} with {successor}",
        "quote.withdrawn": "{actor} withdrew {reference}: {reason}",
    }
)
