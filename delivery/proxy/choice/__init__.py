"""Which backend a transaction goes to, by which rule, and why."""
