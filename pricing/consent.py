from core.wording import amount_text
from pricing.domain.accept_quote import Consent
from pricing.in_force import book_now
from pricing.models import Quote


def consent_to(quote: Quote, *, shown_digest: str = "", po_number: str = "") -> Consent:
    """The declaration as it is shown beside the button, and kept with the acceptance."""
    statement = book_now().texts["consent"]
    text = statement["text"].format(
        organization=quote.engagement.organization, reference=quote.reference, total=amount_text(quote.total)
    )
    return Consent(text=text, version=statement["version"], shown_digest=shown_digest, po_number=po_number)
