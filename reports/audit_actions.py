"""What reports writes into the ledger. Loaded by ReportsConfig.ready()."""

from accounts.permissions import Permission
from core.audit import register_actions
from engagements.records import tell_only_the_practice, tell_only_with

register_actions(
    {
        "document.close_report_issued": "The close report ({language}), version {version}, was filed, SHA-256 {digest}",
        "document.receipt_issued": "The receipt of {title}, version {version}, was issued, SHA-256 {digest}",
        "document.review_opened": "{actor} opened the draft of {title}, version {version}, for review",
        "runbook.fact_noted": "{actor} noted for the runbooks: {title}",
        "runbook.drawn_up": "{actor} drew up {subject}, SHA-256 {digest}",
        "runbook.approved": "{actor} approved {subject} for the {party}",
        "runbook.read": "{actor} said of {subject} that they read it",
        "runbook.drilled": "{actor} noted a drill of {subject}: {minutes} minutes on {day}",
        "runbook.drawn": "{subject} was drawn as a PDF, SHA-256 {digest}",
        "training.planned": "{actor} planned {subject}, for {when}, with {trainer}",
        "training.held": "{actor} noted that {subject} was held: {duration}",
        "training.cancelled": "{actor} cancelled {subject}: {reason}",
        "training.confirmed": "{actor} said that they came to {subject}",
        "training.attended": "{actor} noted that {person} came to {subject}",
        "training.exercised": "{actor} noted an exercise of {person} in {subject}: {result}",
        # Of the portal's own ledger: a pack holds its engagement's, and has to come out the same a second time.
        "handoff.packed": "{actor} had the handoff pack of {code} made for {subject}, SHA-256 {digest}",
        "handoff.taken": "{actor} took the handoff pack of {code} away, SHA-256 {digest}",
        "handoff.restored": "{actor} restored {code} of {customer}, which the portal with the key {key} packed",
        "days.noted": "{actor} noted {days} days on phase {phase}: {note}",
        "figure.published": "{actor} made a figure public: {title}",
        "figure.withdrawn": "{actor} took a figure off the public page: {title}",
        "portfolio.subscribed": "{actor} asked for the figures of each month by mail",
        "portfolio.unsubscribed": "{actor} asked for the figures of each month by mail no more",
        "gate.language_chosen": "The document of gate {gate} is written in {language} from its next version on",
    }
)

# Who came and who has to try again is for those who see the evidence.
tell_only_with(Permission.VIEW_EVIDENCE, "training.")
tell_only_the_practice("days.")
