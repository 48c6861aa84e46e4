"""`gatepost lookup PATH PARAMETER KEY`: what Postfix would find, key by key, without a database."""

import argparse
import json
import secrets
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.counting import counted
from discovery.lookup.answers import Found
from discovery.lookup.desks import Branch, NoDeskError, branches_of, choose_branch
from discovery.lookup.lookup import FIRED, NOTHING, OPEN, Lookup, UnknownParameterError, look_up
from discovery.lookup.searching import Round
from discovery.postfix.bundle import DEFAULT_CAPS, MEGABYTE, BundleRefused
from discovery.postfix.folders import read_path
from discovery.postfix.masking import mask_bundle

CODES = {FIRED: 0, NOTHING: 1, OPEN: 3}
REFUSED = 2
MOST_STEPS = 60
# On one's own machine a table may be as large as it is: the memory is one's own, too.
CAPS = replace(DEFAULT_CAPS, member=1024 * MEGABYTE, total=2048 * MEGABYTE)
EPILOG = """\
PARAMETER is a table or list of main.cf (transport_maps, virtual_alias_maps, header_checks, mydestination, ...)
or a check of smtpd's restrictions (check_sender_access, ...). KEY is an address, a name or a whole header line;
<> is the null sender.

exit codes: 0 a rule fired, 1 no rule fired, 2 the question cannot be asked (one sentence says why),
3 it cannot be known from the files alone (a database, a server, a file that is absent, a pattern that takes too long)
"""


def main(argv: Sequence[str]) -> int:
    """Print one answer; see EPILOG for what is returned."""
    options = parser().parse_args(list(argv))
    try:
        bundle, _ = mask_bundle(read_path(options.path, CAPS), key=secrets.token_bytes(32))
        branch = choose_branch(branches_of(bundle), options.instance)
        found = look_up(branch.desk(options.service), options.parameter, options.key)
    except (BundleRefused, NoDeskError, UnknownParameterError) as refused:
        sys.stderr.write(f"{refused}\n")
        return REFUSED
    others = differing_services(branch, found, options.service)
    if options.json:
        told = {"instance": branch.name, "service": options.service, **found.as_json(), "services_that_differ": others}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(describe(found, others)) + "\n")
    return CODES[found.outcome]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="gatepost lookup",
        description="What becomes of an address, a name or a header line, and by which rule.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("path", help="a folder, .tar.gz, .zip or single main.cf")
    made.add_argument("parameter", help="the table or list that is asked")
    made.add_argument("key", help="what is looked up")
    made.add_argument("--instance", default="", help="which instance, where there are several")
    made.add_argument("--service", default="", help="as this service of master.cf sees it, e.g. submission/inet")
    made.add_argument("--json", action="store_true", help="print all of it as JSON")
    return made


def differing_services(branch: Branch, found: Lookup, service: str) -> list[str]:
    """Services with a value of their own, as long as none was chosen."""
    if service:
        return []
    names = [spot.parameter for spot in found.spots] or [found.use.parameter]
    return [f"{each.label} sets {name} at {each.file}" for each, name in branch.differing(names)]


def describe(found: Lookup, others: Sequence[str]) -> Iterator[str]:
    """The answer as text for people: what was set, every key, the rule, what it means."""
    for spot in found.spots:
        origin = f"{spot.file}:{spot.line}" if spot.file else "default"
        yield f"{spot.parameter} = {spot.value}   ({origin})"
    yield ""
    for searched in found.rounds:
        yield from describe_round(searched, is_one_of_several=len(found.rounds) > 1)
    if found.hit:
        yield ""
        yield f"Rule: {place_of(found.hit.found) or found.hit.table}"
        yield from [f"      {found.text_of(found.hit)}"] if found.text_of(found.hit) else []
    yield from [f"Becomes: {each}" for each in found.ends]
    yield f"Means: {found.condition}{found.meaning.words}"
    yield from (f"Unknown: {step.key} in {step.table}: {step.found.note}" for step in found.doubts)
    yield from (f"Note: {note}" for note in found.notes)
    yield from (f"Note: {other}; ask with --service." for other in others)
    yield f"{counted(found.lines_read, 'line')} of tables {'was' if found.lines_read == 1 else 'were'} read."


def describe_round(searched: Round, *, is_one_of_several: bool) -> Iterator[str]:
    if is_one_of_several:
        yield f"{searched.subject} in {searched.parameter}"
    for step in searched.steps[:MOST_STEPS]:
        yield f"  {step.key}  ({step.because})  {step.table}: {said(step.found)}"
    if (left_out := max(len(searched.steps) - MOST_STEPS, 0) + searched.left_out) > 0:
        yield f"  and {left_out:,} more"


def said(found: Found) -> str:
    if found.is_found:
        return f"{found.value}   <- {place_of(found)}".rstrip(" <-")
    return "unknown" if found.is_open else "no"


def place_of(found: Found) -> str:
    return f"{found.file}:{found.line}" if found.file else ""
