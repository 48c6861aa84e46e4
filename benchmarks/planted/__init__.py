"""Logs of a parallel delivery that never was, with faults of which it is known where they are.

    from benchmarks.planted.story import tell

    planted = tell(Path("logs"), seed=7, messages=20_000)
    planted.truth.missing          # {("<...>", "anna@example.com"), ...}

The same seed makes the same bytes.
"""
