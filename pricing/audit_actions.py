"""What pricing writes into the ledger. Loaded by PricingConfig.ready().

The sentences name no amounts: everybody of an engagement reads its history, and not everybody may read quotes.
"""

from core.audit import register_actions

register_actions(
    {
        "request.recorded": "{actor} recorded the request: {known} of 4 data points",
        "request.received": "{contact} sent a request from the website: {known} of 4 data points",
        "request.received_again": "{contact} sent the request again from the website: {known} of 4 data points",
        "request.changed": "{actor} changed the request: {known} of 4 data points",
        "request.complete": "{actor} recorded the fourth data point; the quote is due {due}",
        "request.clock_paused": "{actor} paused the clock of the quote: {reason}",
        "request.clock_resumed": "{actor} let the clock of the quote run on; the quote is due {due}",
        "request.clock_stopped": "The clock stopped with the answer of {actor}: {used} of {allowed} were used",
        "request.clock_warned": "{left} were left until the quote was due; {told} were told",
        "request.clock_late": "The quote was due {due} and had not been sent; {told} were told",
        "request.late_explained": "{actor} said why the quote was late: {reason}",
        "request.reassigned": "{actor} gave the request to {after} (before: {before})",
        "request.advised_to_stay": "{actor} advised {organization} to stay on Postfix",
        "intake.erased": "The words of an unfinished request of the website were erased",
        "call.booked": "{contact} booked a call with {person} on {at}",
        "call.moved": "{contact} moved the call with {person} from {before} to {at}",
        "call.cancelled": "{contact} cancelled the call with {person} on {at}",
        "call_times.published": "{actor} published when calls can be booked: {hours}",
        "cost.assumed": "{actor} set “{label}” to {after} {unit} (before: {before}): {reason}",
        "stream.sized": "{actor} wrote down the numbers of stream {reference} {name}",
        "balance.booked": "{actor} booked {amount}{cost}: {note}",
        "balance.taken_back": "{actor} took {amount} back: {reason}",
        "quote.drafted": "{actor} drafted {reference}: {tier}",
        "quote.discounted": "{actor} set the discount of {reference}",
        "quote.tier_chosen": "{actor} put {reference} on {tier}; the rules lead to {rule}",
        "quote.term_approved": "{actor} approved the {what} that {by} gave to {reference}",
        "quote.sent": "{actor} sent {reference} to {to}, valid until {valid_until}, SHA-256 {digest}",
        "quote.opened": "{reference} was opened by the link of {contact}",
        "quote.code_sent": "A code for {reference} was mailed to {to}",
        "quote.contact_proved": "{actor} proved their address for {reference} with a code",
        "quote.forwarded": "{actor} forwarded {reference} to {contact}",
        "quote.bounced": "{actor} noted that {reference} did not reach {contact}: {note}",
        "quote.mailed_again": "{actor} mailed {reference} to {contact} again",
        "quote.reminded": "{contact} was reminded of {reference}, {days} days before its last day",
        "quote.renewal_asked": "A new quote in place of {reference} was asked for by the link of {contact}",
        "quote.accepted": "{actor} accepted {reference} ({receipt})",
        "quote.declined": "{actor} declined {reference}: {reason}",
        "quote.expired": "{reference} expired",
        "quote.superseded": "{actor} replaced {reference} with {successor}",
        "quote.redated": "{actor} gave {reference} a new date: {successor} is valid until {until}",
        "quote.amended": "{actor} drafted {revision} to amend {reference}",
        "quote.voided": "{actor} declared the acceptance of {reference} void: {reason}",
        "quote.withdrawn": "{actor} withdrew {reference}: {reason}",
    }
)
