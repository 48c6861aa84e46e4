"""What the emitters make of a row's example: the lines of each target that were made of it."""

from collections.abc import Mapping
from functools import cache

from discovery.postfix import Bundle
from discovery.translation.book import load_book
from discovery.translation.detection.found import PARAMETER, RESTRICTION, SERVICE
from discovery.translation.examples import example_of
from discovery.translation.translating import EMITTERS, Translation, translate_to

MAIN, MASTER = "etc/postfix/main.cf", "etc/postfix/master.cf"
SETTINGS = "compatibility_level = 3.6\nmyhostname = mail.example.com\nmynetworks = 127.0.0.0/8\n"
SERVICES = (
    "smtp      inet  n       -       n       -       -       smtpd\n"
    "smtp      unix  -       -       n       -       -       smtp\n"
)
KEY = b"examples hold no secrets"


@cache
def lines_made_of(row_id: str) -> Mapping[str, tuple[str, ...]]:
    """The lines by target; a target without any emitter is absent, and so is everything for rows without an example."""
    row = load_book().row(row_id)
    example = example_of(row) if row else ""
    if row is None or not example or row.kind not in {PARAMETER, RESTRICTION, SERVICE}:
        return {}
    file, before = (MASTER, SERVICES) if row.kind == SERVICE else (MAIN, SETTINGS)
    texts = {MAIN: SETTINGS, MASTER: SERVICES} | {file: f"{before}{example}\n"}
    bundle = Bundle.of({path: text.encode() for path, text in texts.items()})
    made = translate_to(bundle, EMITTERS, secret_key=KEY)
    return {target: lines_of(each, file, before.count("\n")) for target, each in made.items()}


def lines_of(translation: Translation, file: str, lines_before: int) -> tuple[str, ...]:
    ours = [each for each in translation.outcomes if each.construct.file == file and each.construct.line > lines_before]
    return tuple(dict.fromkeys(line.text.strip() for each in ours for line in each.lines))
