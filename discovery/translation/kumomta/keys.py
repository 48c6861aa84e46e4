"""dkim_data.toml: new selectors with the path of their keys; how KumoMTA signs is said once."""

from collections.abc import Iterable, Iterator

from discovery.translation.emission import Line, TargetFile
from discovery.translation.kumomta.quoting import toml_key, toml_string
from discovery.translation.kumomta.sheet import Sheet
from discovery.translation.signing import Selector, selector_plan

PATH = "dkim_data.toml"
HEADERS = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
SIGNED = "the headers a reader sees, and those that a receiver joins reports by"
RELAXED = "blanks may change on the way without breaking the signature"


def keys_file(sheets: Iterable[Sheet]) -> TargetFile:
    plans = [
        selector for sheet in sheets for selector in selector_plan(sheet.estate.signing, "kumomta", sheet.refusals)
    ]
    first_of_each = {selector.domain: selector for selector in reversed(plans)}
    wanted = [selector for selector in plans if first_of_each[selector.domain] is selector]
    headers = ", ".join(toml_string(header) for header in HEADERS)
    lines = [
        Line("[base]", why="holds for every domain"),
        Line(f"headers = [{headers}]", why=SIGNED),
        Line('header_canonicalization = "Relaxed"', why=RELAXED),
        Line('body_canonicalization = "Relaxed"', why=RELAXED),
        Line(""),
        *(line for selector in wanted for line in domain_lines(selector)),
    ]
    return TargetFile(PATH, "#", tuple(lines))


def domain_lines(selector: Selector) -> Iterator[Line]:
    """The block of one domain, with what has to be published first."""
    origins = (selector.origin,)
    yield Line(f"# publish {selector.record_name} TXT before the first message; {selector.old} stays on the old side")
    yield Line(f"[{toml_key('domain', selector.domain)}]", origins)
    yield Line(f"selector = {toml_string(selector.new)}", origins)
    yield Line('algo = "sha256"', origins)
    yield Line(f"filename = {toml_string(selector.key_path)}", origins)
    yield Line("")
