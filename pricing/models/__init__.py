from pricing.models.quote import Quote, QuoteLine
from pricing.models.request import Request

__all__ = ["Quote", "QuoteLine", "Request"]
