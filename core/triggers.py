"""Triggers that several models share: the database refuses by itself what the domain never does."""

import pgtrigger


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
