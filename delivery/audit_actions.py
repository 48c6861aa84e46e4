"""What delivery writes into the ledger. Loaded by DeliveryConfig.ready()."""

from core.audit import register_actions

register_actions(
    {
        "preflight.asked": "{subject} asked DNS {questions} questions about {translation}; not known: {unknown}, "
        "problems: {problems}",
        "preflight.stated": "{actor} stated that this holds: {title}",
        "preflight.withdrawn": "{actor} withdrew the statement on: {title}",
        "preflight.key_noted": "{actor} noted the public key of {subject}",
    }
)
