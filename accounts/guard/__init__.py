"""The second guard: row-level security of PostgreSQL, so that a filter forgotten in a view leaks nothing.

`policies` says which rows of which table a reader may touch, `installation` puts that into the database, `door` raises
the guard for a reader and lowers it again, `middleware` does so for the length of a request. See docs/guard.md.
"""
