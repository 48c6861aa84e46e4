"""Arithmetic of a quote: facts in, verdict, tier and sums out. Knows neither Django nor the database."""
