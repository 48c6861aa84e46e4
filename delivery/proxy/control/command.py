"""`./gatepost proxy-control`: asks a running proxy how things stand, and tells it what to do."""

from __future__ import annotations

import argparse
import json
import socket
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery.proxy.configuration import ConfigurationError, read_control
from delivery.proxy.control.remains import find_journal
from delivery.proxy.control.standing import KEEP, Standing, roll_back
from delivery.proxy.control.words import say_status
from delivery.proxy.settings import ControlSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


PATIENCE = 10.0
OK = 200
OTHERWISE = "say: proxy-control --journal DIR rollback"
EXAMPLES = """\
  status              where mail goes, and how much of it
  set new=50          half of what no rule decides to the new side; also ends a rollback or a drain
  set "warm-up=20"    the share of one rule
  rollback            everything to the old side from the next transaction on, also after a restart
  drain               no new sessions until the proxy is started again, or resume
  drain new           nothing new to one side (old or new)
  release new         retries of what may have arrived at a side (old or new) are held to it no longer;
                      for a side that will not come back: they can arrive twice
  resume              ends rollback and drain; shares stay as they were
  reload              read the configuration file now

exit codes: 0 done, 1 refused or not reached, 2 wrong words
"""


class NotReachedError(Exception):
    """The text says whom nobody answered."""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="./gatepost proxy-control", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    where = top.add_mutually_exclusive_group(required=True)
    where.add_argument("--config", type=Path, help="the file the proxy was started with")
    where.add_argument("--journal", type=Path, help="for rollback where that file cannot be read: the journal's folder")
    top.add_argument("--json", action="store_true", help="the answer for programs")
    top.add_argument("--keep-rollback", action="store_true", help="have set refuse while a rollback stands")
    top.add_argument("verb", choices=("status", "set", "rollback", "drain", "release", "resume", "reload"))
    top.add_argument("words", nargs="*", help="what set, drain and release are about")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    top = parser()
    said = top.parse_intermixed_args(argv)
    words = _words(top, said.verb, said.words)
    if said.keep_rollback:
        words |= _kept(top, said.verb)
    try:
        settings, folder = (ControlSettings(), said.journal) if said.journal else read_control(said.config)
    except ConfigurationError as error:
        return _do_without_file(said, str(error))
    try:
        status, answer = ask(settings, said.verb, words)
    except NotReachedError as error:
        if said.verb != "rollback":
            return _complain(str(error))
        return _roll_back_alone(folder, str(error), is_json=said.json)
    if status != OK:
        return _complain(str(answer.get("error", f"The proxy answered {status}.")))
    sys.stdout.write(json.dumps(answer, indent=1) + "\n" if said.json else say_status(answer))
    return 0


def _complain(why: str) -> int:
    sys.stderr.write(f"proxy-control: {why}\n")
    return 1


def _words(top: argparse.ArgumentParser, verb: str, said: Sequence[str]) -> dict[str, Any]:
    if verb == "set" and said:
        return dict(_share(top, one) for one in said)
    if verb in {"drain", "release"} and len(said) == 1:
        return {"side": said[0]}
    if said or verb in {"set", "release"}:
        top.error(
            "set takes what to set, as in new=50; drain takes old, new or nothing; release takes old or new; "
            "nothing else takes words"
        )
    return {}


def _kept(top: argparse.ArgumentParser, verb: str) -> dict[str, Any]:
    if verb != "set":
        top.error("--keep-rollback goes with set")
    return {KEEP: True}


def _share(top: argparse.ArgumentParser, said: str) -> tuple[str, float]:
    name, _, share = said.rpartition("=")
    try:
        number = float(share.removesuffix("%"))
    except ValueError:
        return top.error(f"{said} sets nothing: say new=50, a number from 0 to 100")
    return (name, number) if name else top.error(f"{said} names nothing that it is the share of: say new={number:g}")


def ask(settings: ControlSettings, verb: str, words: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The status of HTTP and the answer, by the socket or else by the address. Raises NotReachedError."""
    silent: list[str] = []
    for name, connect in _doors(settings):
        try:
            with connect() as connection:
                return _answer(connection, settings, verb, json.dumps(words))
        except (OSError, ValueError) as error:
            silent.append(f"No proxy answers at {name} ({error}).")
    raise NotReachedError("\n".join(silent) or "Nobody can be asked: no address of a control is known.")


def _doors(settings: ControlSettings) -> Iterator[tuple[str, Callable[[], socket.socket]]]:
    if settings.socket:
        yield str(settings.socket), partial(_open, str(settings.socket))
    if settings.listen:
        address = settings.listen.host, settings.listen.port
        yield str(settings.listen), partial(socket.create_connection, address, PATIENCE)


def _open(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(PATIENCE)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket, settings: ControlSettings, verb: str, body: str) -> tuple[int, dict[str, Any]]:
    """One request a connection, which the other side closes. Raises OSError, and ValueError for what is no answer."""
    first = "GET /status" if verb == "status" else f"POST /{verb}"
    head = f"{first} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {settings.token}\r\n"
    connection.sendall(f"{head}Content-Length: {len(body.encode())}\r\n\r\n{body}".encode())
    said = b"".join(iter(partial(connection.recv, 65_536), b""))
    head, _, content = said.decode().partition("\r\n\r\n")
    found = json.loads(content)
    if not head.startswith("HTTP/1.1 ") or not isinstance(found, dict):
        raise ValueError("what answers there is no proxy")
    return int(head[9:12]), found


def _do_without_file(said: argparse.Namespace, why: str) -> int:
    """A rollback needs the journal's folder only, and that line of a spoilt file is mostly sound."""
    if said.verb != "rollback":
        return _complain(why)
    folder = find_journal(said.config)
    if folder is None:
        return _complain(
            f"{why}\nNothing was rolled back: the file names no journal of a proxy that can be found. With its folder, "
            f"{OTHERWISE}"
        )
    named = f"The file still names the journal {folder}. If the proxy has another, {OTHERWISE}"
    return _roll_back_alone(folder, f"{why}\n{named}", is_json=said.json)


def _roll_back_alone(folder: Path, why: str, *, is_json: bool) -> int:
    """Where nobody answers, the decision is written down: processes that run obey it, those that start will."""
    try:
        standing = Standing(folder)
        made = standing.decide(roll_back)
        standing.close()
    except OSError as error:
        return _complain(f"{why}\nThe rollback could not be written down either ({error}).")
    sys.stderr.write(f"proxy-control: {why}\n")
    text = f"Rolled back all the same: {standing.path} says so to every process that runs or starts."
    sys.stdout.write(f"{json.dumps(asdict(made)) if is_json else text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
