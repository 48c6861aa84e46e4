"""dkim_data.toml: new selectors with the path of their keys; how KumoMTA signs is said once."""

from collections.abc import Iterable

from discovery.translation.emission import Line, TargetFile
from discovery.translation.kumomta.quoting import toml_key, toml_string
from discovery.translation.kumomta.sheet import Sheet
from discovery.translation.signing import selector_plan

PATH = "dkim_data.toml"
HEADERS = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
SIGNED = "the headers a reader sees, and those that a receiver joins reports by"
RELAXED = "blanks may change on the way without breaking the signature"


def keys_file(sheets: Iterable[Sheet]) -> TargetFile:
    plans = [
        selector for sheet in sheets for selector in selector_plan(sheet.estate.signing, "kumomta", sheet.refusals)
    ]
    headers = ", ".join(toml_string(header) for header in HEADERS)
    lines = [
        Line("[base]", why="holds for every domain"),
        Line(f"headers = [{headers}]", why=SIGNED),
        Line('header_canonicalization = "Relaxed"', why=RELAXED),
        Line('body_canonicalization = "Relaxed"', why=RELAXED),
        Line(""),
    ]
    seen: set[str] = set()
    for selector in plans:
        if selector.domain in seen:
            continue
        seen.add(selector.domain)
        origins = (selector.origin,)
        lines += [
            Line(
                f"# publish {selector.record_name} TXT before the first message; {selector.old} stays on the old side"
            ),
            Line(f"[{toml_key('domain', selector.domain)}]", origins),
            Line(f"selector = {toml_string(selector.new)}", origins),
            Line('algo = "sha256"', origins),
            Line(f"filename = {toml_string(selector.key_path)}", origins),
            Line(""),
        ]
    return TargetFile(PATH, "#", tuple(lines))
