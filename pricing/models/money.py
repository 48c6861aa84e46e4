from typing import Any

from djmoney.models.fields import MoneyField

CURRENCIES = [("USD", "US dollar")]


def money_field() -> Any:
    return MoneyField(max_digits=12, decimal_places=2, default_currency="USD", currency_choices=CURRENCIES)
