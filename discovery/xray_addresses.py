"""Where the portal shows what a check of the X-ray found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from discovery.xray.registry import Fault, Whole


def address_of(fault: Fault, code: str) -> str:
    return reverse(f"discovery:{fault.page}", args=[code, *fault.arguments]) + fault.jump


def address_of_all(whole: Whole, code: str) -> str:
    return reverse(f"discovery:{whole.page}", args=[code, *whole.arguments]) + whole.query
