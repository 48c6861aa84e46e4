"""dkim_data.toml: new selectors with the path of their keys; how KumoMTA signs is said once."""

from collections.abc import Iterable, Iterator

from discovery.translation.emission import Line, TargetFile
from discovery.translation.kumomta.quoting import toml_key, toml_string
from discovery.translation.kumomta.sheet import Sheet
from discovery.translation.signing import Selector, publishing, selector_plan

PATH = "dkim_data.toml"
HEADERS = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
SIGNED = "the headers a reader sees, and those that a receiver joins reports by"
NO_KEY = "# Until the key of a domain is there, kumod --validate names the domain, and its mail is refused for a while."
RELAXED = "blanks may change on the way without breaking the signature"


def keys_file(sheets: Iterable[Sheet]) -> TargetFile:
    plans = [
        selector for sheet in sheets for selector in selector_plan(sheet.estate.signing, "kumomta", sheet.refusals)
    ]
    first_of_each = {selector.domain: selector for selector in reversed(plans)}
    wanted = [selector for selector in plans if first_of_each[selector.domain] is selector]
    headers = ", ".join(toml_string(header) for header in HEADERS)
    lines = [
        Line(NO_KEY),
        Line("[base]", why="holds for every domain"),
        Line(f"headers = [{headers}]", why=SIGNED),
        Line('header_canonicalization = "Relaxed"', why=RELAXED),
        Line('body_canonicalization = "Relaxed"', why=RELAXED),
        Line(""),
        *(line for selector in wanted for line in domain_lines(selector)),
    ]
    return TargetFile(PATH, "#", tuple(lines))


def domain_lines(selector: Selector) -> Iterator[Line]:
    """The block of one domain, with what has to be there first."""
    origins = (selector.origin,)
    yield Line(publishing(selector))
    yield Line(f"[{toml_key('domain', selector.domain)}]", origins)
    yield Line(f"selector = {toml_string(selector.new)}", origins)
    yield Line('algo = "sha256"', origins)
    yield Line(f"filename = {toml_string(selector.key_path)}", origins)
    yield Line("")
