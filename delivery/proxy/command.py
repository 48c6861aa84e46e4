"""`./gatepost proxy`: runs the routing proxy, or says what it would do."""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import secrets
import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.proxy.choice.explain import add_arguments, answer
from delivery.proxy.configuration import ConfigurationError, read_configuration
from delivery.proxy.journal import JournalError
from delivery.proxy.log import Log
from delivery.proxy.processes import Family, sockets_of
from delivery.proxy.serve import Process
from delivery.proxy.smtp.auth import make_hash

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from delivery.proxy.settings import Configuration

DESCRIPTION = "Takes mail by SMTP and hands each message to one of two mail servers. docs/proxy.md describes the file."


def main(argv: Sequence[str] | None = None) -> int:
    words = parser().parse_args(argv)
    if words.hash:
        sys.stdout.write(make_hash(getpass("Password: ")) + "\n")
        return 0
    try:
        configuration = read_configuration(words.config, key=words.portal_key)
        if words.check:
            sys.stdout.write(f"{words.config}: nothing is wrong with it.\n")
            return 0
        return answer(configuration, words) if words.explain else run(configuration)
    except (ConfigurationError, JournalError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        sys.stderr.write(f"gatepost proxy: {error.filename or ''} {error.strerror or error}\n")
    return 1


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="./gatepost proxy", description=DESCRIPTION)
    found.add_argument("--config", type=Path, default=Path("proxy.toml"), help="the configuration file (proxy.toml)")
    found.add_argument("--portal-key", type=Path, metavar="FILE", help="take only a configuration that it signed")
    found.add_argument("--check", action="store_true", help="read the configuration file and say what is wrong with it")
    found.add_argument("--hash", action="store_true", help="ask for a password and write its hash, for a file of users")
    found.add_argument("--json", action="store_true", help="with --explain: write JSON, for programs")
    add_arguments(found)
    return found


def run(configuration: Configuration) -> int:
    """Raises what cannot be opened."""
    allow_files(configuration.limits.sessions)
    sockets, name = sockets_of(configuration), secrets.token_hex(6)
    if configuration.processes == 1:
        return work(configuration, sockets[0], 0, name)
    parent = os.getpid()
    family = Family(
        configuration.processes, lambda number: work(configuration, sockets[number], number, name, parent), Log()
    )
    return family.run()


def allow_files(sessions: int) -> None:
    """A session may need two descriptors; what the system allows is taken, and no more than that."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * sessions + 256
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def work(
    configuration: Configuration, sockets: Sequence[socket.socket], number: int, name: str, parent: int = 0
) -> int:
    log = Log(number)

    async def serve() -> None:
        await Process(configuration, number=number, run=name, log=log, parent=parent).serve(sockets)

    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(serve())
    except (JournalError, ConfigurationError, ValueError) as error:
        log("cannot start", why=str(error))
        return 1
    except OSError as error:
        log("cannot start", why=f"{error.filename or ''} {error.strerror or error}".strip())
        return 1
    return 0


def loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    """Uvloop's where it is there, else Python's own."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop


if __name__ == "__main__":
    sys.exit(main())
