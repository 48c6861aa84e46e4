"""What a Postfix estate does with mail, in words that no mail server owns: what emitters are written against.

    estate = sending_estate(bundle, instance)

An emitter reads only a `SendingEstate`; a third target is one more emitter. Every statement carries the
`Origin` (file, line, name) of the Postfix line that makes it, or none when it is Postfix's default.
"""

from discovery.translation.sending.estate import sending_estate
from discovery.translation.sending.model import (
    Action,
    AddressRewrite,
    Expression,
    HeaderRule,
    Listener,
    Match,
    NextHop,
    Origin,
    Pool,
    QueueTimes,
    Refusal,
    RelayLogin,
    Route,
    SendingEstate,
    Shaping,
    Source,
    Stated,
    TlsPolicy,
)

__all__ = [
    "Action",
    "AddressRewrite",
    "Expression",
    "HeaderRule",
    "Listener",
    "Match",
    "NextHop",
    "Origin",
    "Pool",
    "QueueTimes",
    "Refusal",
    "RelayLogin",
    "Route",
    "SendingEstate",
    "Shaping",
    "Source",
    "Stated",
    "TlsPolicy",
    "sending_estate",
]
