"""Constraints that several models share."""

from django.db.models import CheckConstraint, Q


def together(*fields: str, name: str) -> CheckConstraint:
    """All of these are set, or none is."""
    empty, full = Q(), Q()
    for field in fields:
        empty &= Q(**{f"{field}__isnull": True})
        full &= Q(**{f"{field}__isnull": False})
    return CheckConstraint(condition=empty | full, name=name)
