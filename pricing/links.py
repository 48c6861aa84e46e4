"""The link of a contact, and the keyed digests under which a link and a code are found again.

A link is derived from a random seed with the portal's key: a copy of the database opens no quote, and a reminder can
repeat the link of the first mail. Another SECRET_KEY ends every link.
"""

import re
from base64 import urlsafe_b64encode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

_LINK, _LINK_DIGEST, _CODE = "pricing.links.link", "pricing.links.digest", "pricing.links.code"


def token_of(seed: str) -> str:
    """The secret part of the address. The same seed gives the same one."""
    return urlsafe_b64encode(salted_hmac(_LINK, seed, algorithm="sha256").digest()).rstrip(b"=").decode()


def token_digest(token: str) -> str:
    """What the database keeps of a link, and what it is looked up by: nobody can aim at a digest without the key."""
    return salted_hmac(_LINK_DIGEST, token, algorithm="sha256").hexdigest()


def code_digest(contact: int, code: str) -> str:
    """A code is short; what keeps it from being tried out on a copy of the database is the key."""
    return salted_hmac(_CODE, f"{contact}:{code}", algorithm="sha256").hexdigest()


def digits_of(typed: str) -> str:
    """A code as it was mailed, with or without the gap in its middle."""
    return re.sub(r"[\s-]", "", typed)


def link_to(token: str, page: str = "quote") -> str:
    """The whole address, as it stands in a mail."""
    return str(settings.PORTAL_URL) + reverse(f"link:{page}", args=[token])
