"""How the tests of pages read and write."""

from django.urls import reverse


def text_of(page):
    return " ".join(page.content.decode().split())


def url_of(name, subject):
    return reverse(f"pricing:{name}", args=[subject])


def typed_consent(quote, **changes):
    return {"may_accept": "on", "po_number": "PO-77", "shown_digest": quote.document.digest} | changes
