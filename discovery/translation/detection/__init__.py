"""Finders: what an instance is made of, each thing once."""
