"""The addresses of the API: what the schema, the routes and the tables of the laws call the same."""

import re

from django.urls import URLResolver, get_resolver


def bare(path):
    """An address without the names of what stands in it, which the schema says in its own words."""
    return re.sub(r"<[^>]+>|{[^}]+}", "{}", path)


def routes(resolver=None, prefix="/", names=()):
    """(bare address, name, words in their order, view) of everything below /api/v1/."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path, (*names, *filter(None, [entry.namespace])))
        elif path.startswith("/api/v1/"):
            view = getattr(entry.callback, "cls", None)
            yield bare(path), ":".join([*names, entry.name]), re.findall(r"<(?:\w+:)?(\w+)>", path), view
