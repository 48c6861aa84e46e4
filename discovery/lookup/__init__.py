"""Answers what Postfix would find in the tables of a bundle. Pure: no Django, no network, nothing asked of a server."""
