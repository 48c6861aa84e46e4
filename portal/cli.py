"""`./gatepost`: everything one does with Gatepost on one's own machine. Django is imported where it is needed only."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from portal.embedded import VAR, EmbeddedError, Hold
from portal.stamp import Stamp

if TYPE_CHECKING:
    from pathlib import Path

POSTGRES = VAR / "postgres"
# Commands that need no database, and where they live.
BARE = {
    "audit": "discovery.postfix.command",
    "journal": "delivery.proxy.journal.command",
    "lookup": "discovery.lookup.command",
    "translate": "discovery.translation.command",
    "volumes": "discovery.maillog.command",
    "reconcile": "delivery.reconciliation.command",
    "verify": "core.evidence.verify",
    "docs": "portal.documentation",
    "proxy": "delivery.proxy.command",
    "proxy-control": "delivery.proxy.control.command",
}
# Commands on the portal's own database.
KEEPING = {"backup": "portal.backup", "restore": "portal.restore"}
USAGE = """\
./gatepost up              start the portal on http://127.0.0.1:8000 (Ctrl-C stops it)
./gatepost test            every check, then every test; with arguments: pytest with these
./gatepost audit PATH      read a Postfix configuration and say what a migration meets
./gatepost lookup PATH PARAMETER KEY   say what Postfix makes of an address or header, and by which rule
./gatepost translate PATH --target TARGET --out DIR   write the target's configuration, and what it does not hold
./gatepost volumes PATH... measure the volumes in Postfix mail logs
./gatepost proxy --config FILE   take mail by SMTP and hand each message to one of two mail servers
./gatepost proxy-control --config FILE status   ask a running proxy, or tell it: set new=50, rollback, drain
./gatepost reconcile --journal PATH --postfix FILE...   say what became of every message; --help tells more
./gatepost verify PACK     check the ledger, documents and signatures of an evidence pack, without the portal
./gatepost journal DIR     say what became of each transaction of the routing proxy, by its journal
./gatepost backup FILE     write database and keys into one file, while the portal runs
./gatepost restore FILE    a portal as it was when the backup was made
./gatepost docs            the documentation as HTML, with a reference drawn from the code
./gatepost shell           a Python prompt with the models
./gatepost manage ...      Django's commands, on the same database as `up`

Nothing has to be installed before. To use your own parts in place of the built-in ones, set DATABASE_URL,
CELERY_BROKER_URL, CACHE_URL or EMAIL_URL. More: docs/running.md
"""

# Commands that read what follows them by themselves.
PASSED_ON = (
    ("test", "every check and test; with arguments: pytest"),
    ("audit", "read a Postfix configuration, without database: PATH [--json]"),
    ("lookup", "ask one table of a configuration, without database: PATH PARAMETER KEY [--json]"),
    ("translate", "write the target's configuration, without database: PATH --target TARGET --out DIR [--json]"),
    ("volumes", "measure mail logs, without database: PATH... [--zone ZONE] [--json]"),
    (
        "verify",
        "check an evidence pack, without database: PACK [--head DIGEST] [--key DIGEST] [--document FILE] [--json]",
    ),
    ("reconcile", "say what became of every message, by journal and logs, without database: --help tells more"),
    ("journal", "read the routing proxy's journal, without database: DIR [--outcome OUTCOME] [--json]"),
    ("proxy", "run the routing proxy, without database: --config FILE [--check | --explain MESSAGE --to ADDRESS]"),
    ("proxy-control", "ask or tell a running proxy, without database: --config FILE VERB [--json]"),
    ("backup", "write database and keys into one file, or keep it sealed in a bucket: FILE | --store | --list"),
    ("restore", "a portal from a backup: FILE [--store] [--replace] [--send-mail]"),
    ("docs", "the documentation as HTML: [--out DIR]"),
    ("shell", "a Python prompt with the models"),
    ("manage", "Django's own commands"),
)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="./gatepost",
        description="Gatepost moves B2B senders from Postfix to PowerMTA or KumoMTA.",
        epilog=USAGE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    up = commands.add_parser("up", help="start the portal, its worker and its clock")
    up.add_argument("--port", type=port_number, default=8000, help="where it listens, on this machine only (8000)")
    up.add_argument("--empty", action="store_true", help="do not build the demo at the first start")
    for name, text in PASSED_ON:
        commands.add_parser(name, help=text, add_help=False)
    return top


def port_number(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:  # noqa: PLR2004 (TCP's own limit)
        raise argparse.ArgumentTypeError(f"{text} is not a port: 1 to 65535")
    return int(text)


def main(argv: list[str] | None = None) -> int:
    words, rest = parser().parse_known_args(sys.argv[1:] if argv is None else argv)
    if words.command == "up" and rest:
        parser().error(f"up does not know {' '.join(rest)}")
    try:
        return run(words, rest)
    except EmbeddedError as error:
        sys.stderr.write(f"gatepost: {error}\n")
    except OSError as error:
        sys.stderr.write(f"gatepost: {error.filename or ''} {error.strerror or error}\n")
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    return 1


def run(words: argparse.Namespace, rest: list[str]) -> int:
    match words.command:
        case "up":
            from portal.up import up

            return up(port=words.port, wants_demo=not words.empty)
        case "test":
            from portal.checking import test

            return test(rest)
        case bare if bare in BARE:
            os.chdir(os.environ.get("GATEPOST_CALLED_FROM", "."))
            return int(import_module(BARE[bare]).main(rest) or 0)
        case kept if kept in KEEPING:
            return keep(KEEPING[kept], rest)
        case "shell":
            return manage(["shell", *rest])
        case _:
            return manage(rest)


def keep(module: str, words: list[str]) -> int:
    """A command on the whole database: no second `up` finds it ready without looking."""
    hold = provide_database(POSTGRES)
    Stamp(VAR).remove()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    os.chdir(os.environ.get("GATEPOST_CALLED_FROM", "."))
    import django

    django.setup()
    code = int(import_module(module).main(words))
    if hold:
        hold.release()
    return code


def manage(words: list[str]) -> int:
    """Django's command line with the embedded database running, unless DATABASE_URL names another."""
    hold = provide_database(POSTGRES)
    Stamp(VAR).remove()  # whatever is done now, the next `up` looks at the database again
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    from django.core.management import ManagementUtility

    ManagementUtility(["./gatepost manage", *words]).execute()
    if hold:
        hold.release()
    return 0


def provide_database(folder: Path) -> Hold | None:
    """Sees to it that DATABASE_URL is set: keep what is returned for as long as the database is needed."""
    if os.environ.get("DATABASE_URL"):
        return None
    hold = Hold(folder)
    os.environ["DATABASE_URL"] = hold.url
    return hold


if __name__ == "__main__":
    sys.exit(main())
