"""Addresses and texts of the discovery pages."""

import html

from django.urls import reverse


def url(name, engagement, *arguments):
    return reverse(f"discovery:{name}", args=[engagement.code, *arguments])


def text_of(response):
    return html.unescape(response.content.decode())
