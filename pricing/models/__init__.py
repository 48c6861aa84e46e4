from pricing.models.assumption import CostAssumption
from pricing.models.balance import BalanceEntry
from pricing.models.quote import Quote
from pricing.models.quote_line import QuoteLine
from pricing.models.request import Request
from pricing.models.terms import Approval, Discount, TierChoice

__all__ = ["Approval", "BalanceEntry", "CostAssumption", "Discount", "Quote", "QuoteLine", "Request", "TierChoice"]
