"""Triggers that several models share: the database refuses by itself what the domain never does."""

import pgtrigger


def never_emptied(name: str) -> pgtrigger.Trigger:
    """No TRUNCATE, for tables whose row triggers it would pass by."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pgtrigger: % is never emptied', TG_TABLE_NAME;",
    )


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Rows are written once: no UPDATE, no DELETE, no TRUNCATE (which fires no row trigger)."""
    return [
        pgtrigger.Protect(name=f"{name}_rows", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_table",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'pgtrigger: % is written once and never emptied', TG_TABLE_NAME;",
        ),
    ]
