from pricing.models.assumption import CostAssumption
from pricing.models.balance import BalanceEntry
from pricing.models.call import Call, CallDayOff, CallWindow
from pricing.models.clock_notice import ClockNotice, LateReason
from pricing.models.contact import QuoteContact
from pricing.models.contact_code import ContactCode
from pricing.models.draft import RequestDraft
from pricing.models.intake import Intake
from pricing.models.nda import Nda, NdaFile, NdaSignature
from pricing.models.nda_notice import NdaNotice
from pricing.models.pause import Pause
from pricing.models.quote import Quote
from pricing.models.quote_line import QuoteLine
from pricing.models.reminder import QuoteReminder
from pricing.models.request import Request
from pricing.models.stream_size import StreamSize
from pricing.models.terms import Approval, Discount, TierChoice

__all__ = [
    "Approval",
    "BalanceEntry",
    "Call",
    "CallDayOff",
    "CallWindow",
    "ClockNotice",
    "ContactCode",
    "CostAssumption",
    "Discount",
    "Intake",
    "LateReason",
    "Nda",
    "NdaFile",
    "NdaNotice",
    "NdaSignature",
    "Pause",
    "Quote",
    "QuoteContact",
    "QuoteLine",
    "QuoteReminder",
    "Request",
    "RequestDraft",
    "StreamSize",
    "TierChoice",
]
