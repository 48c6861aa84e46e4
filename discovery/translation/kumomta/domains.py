"""listener_domains.toml: whose mail is taken from anybody, and where bounces and complaints come back."""

from collections.abc import Iterator

from discovery.translation.emission import Line, TargetFile
from discovery.translation.kumomta.quoting import toml_key
from discovery.translation.kumomta.sheet import Sheet, is_host
from discovery.translation.sending import Match, Origin, Route

PATH = "listener_domains.toml"
REPORTS = {"bounce_processor": 'log_oob = "LogThenDrop"', "fbl_reader": 'log_arf = "LogThenDrop"'}
ONE_ADDRESS = "KumoMTA reads bounces and complaints by domain; a rule for single addresses is not carried over."
NO_DOMAIN = "This is no domain that mail can be taken for."


def domains_file(sheets: tuple[Sheet, ...]) -> TargetFile:
    """One block for each domain; the first line that says something of it counts."""
    found: dict[str, dict[str, Line]] = {}
    for sheet in sheets:
        for domain, text, origin in said_of(sheet):
            found.setdefault(domain, {}).setdefault(text.partition(" = ")[0], Line(text, (origin,)))
    lines = [Line("# Who may send to any recipient stands with each listener in init.lua (relay_hosts)."), Line("")]
    for domain, settings in found.items():
        rows = list(settings.values())
        lines += [Line(f"[{toml_key(domain)}]", rows[0].origins), *rows, Line("")]
    return TargetFile(PATH, "#", tuple(lines))


def said_of(sheet: Sheet) -> Iterator[tuple[str, str, Origin]]:
    """`(domain, setting, origin)`. relay_domains match what is below them too (parent_domain_matches_subdomains)."""
    for stated in sheet.estate.relay_domains:
        if stated.origin and is_host(stated.value):
            yield from ((name, "relay_to = true", stated.origin) for name in (stated.value, f"*.{stated.value}"))
        elif ":" not in stated.value:
            sheet.refuse(stated.origin, stated.value, NO_DOMAIN)
    for route in sheet.estate.routes:
        if route.purpose in REPORTS:
            yield from reports(sheet, route)


def is_read(route: Route) -> bool:
    """Whether KumoMTA reads the mail itself, so that there is no way out for it."""
    return route.purpose in REPORTS and route.match in {Match.RECIPIENT_DOMAIN, Match.RECIPIENT_SUBDOMAINS}


def reports(sheet: Sheet, route: Route) -> Iterator[tuple[str, str, Origin]]:
    """A domain whose mail a program of bounces or complaints reads today."""
    if route.match is Match.RECIPIENT_DOMAIN:
        yield route.key, REPORTS[route.purpose], route.origin
    elif route.match is Match.RECIPIENT_SUBDOMAINS:
        yield f"*.{route.key}", REPORTS[route.purpose], route.origin
    else:
        sheet.refuse(route.origin, route.key, ONE_ADDRESS)
