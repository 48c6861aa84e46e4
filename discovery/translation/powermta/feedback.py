"""Bounces and complaints that come back by mail: processors for the addresses that programs read today."""

from collections.abc import Iterator

from discovery.translation.emission import Line
from discovery.translation.powermta.paper import Paper, block
from discovery.translation.powermta.ways import PROCESSED
from discovery.translation.powermta.words import literal, matcher, value
from discovery.translation.sending import Route

BLOCKS = {"bounce_processor": "bounce-processor", "fbl_reader": "feedback-loop-processor"}


def processors(paper: Paper) -> Iterator[Line]:
    """One block for bounces, one for complaints, each with the addresses of its routes."""
    for purpose in sorted(PROCESSED):
        routes = [each for each in paper.estate.routes if each.purpose == purpose and each.action == "run"]
        rows = [line for route in routes for line in paper.tried(route.origin, route.key, row, route)]
        if rows:
            origins = tuple(route.origin for route in routes)
            inner = [
                Line("deliver-unmatched-email yes", why="nothing that came back is lost"),
                *block("address-list", rows),
            ]
            yield from block(BLOCKS[purpose], inner, origins)
            yield Line("")


def row(route: Route) -> Iterator[Line]:
    """A whole domain, one address, or a pattern over addresses."""
    if route.match == "recipient_domain":
        yield Line(f"domain {value(route.key)}", (route.origin,))
    elif route.pattern:
        yield Line(f"address {matcher((*route.conditions, route.pattern))}", (route.origin,), is_bare=True)
    else:
        before = "@(?:.*\\.)?" if route.match == "recipient_subdomains" else "^"
        yield Line(f"address /(?i){before}{literal(route.key)}$/", (route.origin,), is_bare=True)
