from pricing.models.assumption import CostAssumption
from pricing.models.quote import Quote
from pricing.models.quote_line import QuoteLine
from pricing.models.request import Request

__all__ = ["CostAssumption", "Quote", "QuoteLine", "Request"]
