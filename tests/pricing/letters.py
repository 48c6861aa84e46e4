"""What came by mail: links and codes stand in no other place."""

import re

from django.urls import reverse

from core.models import OutboxMessage
from core.outbox import words_of


def letter_to(address, kind):
    """The text of the newest mail of a kind to an address."""
    return words_of(OutboxMessage.objects.filter(address=address, kind=kind).latest("pk"))[0]


def token_for(address):
    """The secret of the link that was mailed with the quote."""
    return re.search(r"/q/([\w-]+)/", letter_to(address, "quote_sent"))[1]


def code_for(address):
    return re.search(r"^\d{4} \d{4}$", letter_to(address, "quote_code"), re.MULTILINE)[0]


def link(name, token):
    return reverse(f"link:{name}", args=[token])


def prove(client, token, address, to="accept"):
    """Ask for a code and enter it, as the owner of the mailbox would."""
    client.post(link("code_send", token), {"to": to})
    return client.post(link("code", token), {"code": code_for(address), "to": to})
