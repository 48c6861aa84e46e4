"""How much goes the new way, step by step: what is measured, judged and told the proxy. No Django."""
