"""What pricing writes into the ledger. Loaded by PricingConfig.ready().

What names a quote or an amount is told to whoever may read quotes; how the practice came to it, to the practice alone.
"""

from accounts.permissions import Permission
from core.audit import register_actions
from engagements.records import tell_only_the_practice, tell_only_with

register_actions(
    {
        "request.recorded": "{actor} recorded the request: {known} of 4 data points",
        "request.received": "{contact} sent a request from the website: {known} of 4 data points",
        "request.received_again": "Sent again from the website as {contact}, not confirmed: {known} of 4 data points",
        "request.confirmed": "{contact} confirmed by the mailed link what was sent again: {known} of 4 data points",
        "request.changed": "{actor} changed the request: {known} of 4 data points",
        "request.complete": "{actor} recorded the fourth data point; the quote is due {due}",
        "request.clock_paused": "{actor} paused the clock of the quote: {reason}",
        "request.clock_resumed": "{actor} let the clock of the quote run on; the quote is due {due}",
        "request.clock_stopped": "The clock stopped with the answer of {actor}: {used} of {allowed} were used",
        "request.clock_warned": "{left} were left until the quote was due; {told} were told",
        "request.clock_late": "The quote was due {due} and had not been sent; {told} were told",
        "request.late_explained": "{actor} said why the quote was late: {reason}",
        "request.reassigned": "{actor} gave the request to {after} (before: {before})",
        "request.stay_asked": "{actor} had the advice to stay made for {about}",
        "request.advised_to_stay": "{actor} advised {organization} to stay on Postfix",
        "intake.erased": "The words of an unfinished request of the website were erased",
        "call.booked": "{contact} booked a call with {person} on {at}",
        "call.moved": "{contact} moved the call with {person} from {before} to {at}",
        "call.renumbered": "{contact} gave another number for the call with {person} on {at}",
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
        "quote.sending_asked": "{actor} had the PDF of {about} made, to be sent",
        "quote.redating_asked": "{actor} had the PDF of {about} made with a new date, to be sent",
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
        "nda.asked": "{actor} had the PDF of the practice's NDA made",
        "nda.chosen": "{actor} asked for the practice's NDA (NDA {number}), SHA-256 {digest}",
        "nda.put_up": "{actor} put the practice's NDA up for signature (NDA {number}), SHA-256 {digest}",
        "nda.uploaded": "{actor} handed over an NDA for review (NDA {number}): {filename}, SHA-256 {digest}",
        "nda.accepted": "{actor} accepted NDA {number} for signature",
        "nda.sent_back": "{actor} sent NDA {number} back: {reason}",
        "nda.replaced": "{actor} put another text in the place of NDA {number}",
        "nda.signed": "{actor} signed NDA {number} for {party} as {typed_name} ({reference})",
        "nda.concluded": "NDA {number} is signed by both sides",
        "nda.recorded": "{actor} recorded an NDA signed outside the portal on {day} (NDA {number}): {reason}",
        "quote.withdrawn": "{actor} withdrew {reference}: {reason}",
    }
)

tell_only_with(Permission.VIEW_QUOTE, "quote.", "balance.", "cost.")
tell_only_the_practice(
    "request.",
    "intake.",
    "quote.drafted",
    "quote.discounted",
    "quote.tier_chosen",
    "quote.term_approved",
    "quote.amended",
    "quote.sending_asked",
    "quote.redating_asked",
    "quote.opened",
    "quote.code_sent",
    "quote.bounced",
    "quote.mailed_again",
    "quote.reminded",
)
