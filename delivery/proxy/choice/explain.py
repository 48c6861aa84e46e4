"""`./gatepost proxy --explain MESSAGE --to ADDRESS`: which rule a message meets, and on which side it ends.

Asks the same Chooser as the mail does, with the decisions that stand on this host; nothing is sent and nothing counted.
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from delivery.proxy.choice.caps import Caps
from delivery.proxy.choice.chooser import Chooser
from delivery.proxy.choice.headers import field_of, message_id_of
from delivery.proxy.choice.matching import domain_of, fits_header, fits_recipient, fits_session
from delivery.proxy.choice.split import Condition
from delivery.proxy.control.standing import TURN, Standing
from delivery.proxy.envelope import Envelope

if TYPE_CHECKING:
    import argparse

    from delivery.proxy.choice.split import Cap
    from delivery.proxy.settings import Configuration

ADDRESS = re.compile(rb"<([^<>]*)>|([^\s<>,;]+@[^\s<>,;]+)")
LONGEST_HEADER = 1_048_576
# The members of a condition that are looked at together, and what is said where they do not fit.
ASKED = (
    (("providers",), "the provider is {provider}"),
    (("domains", "below"), "the recipient's domain is {domain}"),
    (("senders",), "the sender is {sender}"),
    (("listeners",), "it came in by {listener}"),
    (("users",), "{user} signed in"),
    (("clients",), "the client is {client}"),
    (("headers",), "the header does not say so"),
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """`passed` are the rules that came before, each with why it does not fit; `parted` recipients get a 452."""

    backend: str
    rule: str
    why: str
    known_at: str
    message_id: str
    provider: str
    passed: tuple[tuple[str, str], ...]
    parted: tuple[str, ...]


class Uncounted(Caps):
    """Says whether there is room and takes none."""

    def take(self, cap: Cap, provider: str, count: int) -> bool:
        return self.has_room(cap, provider, count)


def add_arguments(top: argparse.ArgumentParser) -> None:
    top.add_argument("--explain", type=Path, metavar="MESSAGE", help="say which rule this message meets, and stop")
    top.add_argument("--to", action="append", metavar="ADDRESS", help="with --explain: a recipient, may be repeated")
    top.add_argument("--from", dest="sender", metavar="ADDRESS", help="with --explain: the sender (that of From:)")
    top.add_argument("--listener", default=None, help="with --explain: where it came in (the first)")
    top.add_argument("--user", default=None, help="with --explain: who signed in (nobody)")
    top.add_argument("--client", default="127.0.0.1", help="with --explain: the client's address (127.0.0.1)")


def answer(configuration: Configuration, said: argparse.Namespace) -> int:
    """What `add_arguments` asked for, on standard output; `said.json` gives it to programs."""
    if not said.to:
        sys.stderr.write("proxy: --explain needs at least one recipient: --to ADDRESS\n")
        return 2
    try:
        found = explain(configuration, header_in(said.explain), said)
    except OSError as error:
        sys.stderr.write(f"proxy: {error.filename or said.explain} cannot be read ({error.strerror}).\n")
        return 1
    sys.stdout.write(json.dumps(asdict(found), indent=1) + "\n" if said.json else written(found))
    return 0


def header_in(path: Path) -> bytes:
    """As it would pass, with the blank line: a file may end its lines in LF alone."""
    with path.open("rb") as file:
        content = file.read(LONGEST_HEADER).replace(b"\r\n", b"\n")
    head, blank, _ = content.partition(b"\n\n")
    return (head + (blank or b"\n")).replace(b"\n", b"\r\n")


def explain(configuration: Configuration, header: bytes, said: argparse.Namespace) -> Explanation:
    envelope = _envelope(configuration, header, said)
    with ExitStack() as stack:
        folder = configuration.journal.folder
        if not (folder / TURN).exists():  # nothing ran here yet, and explaining leaves nothing behind
            folder = Path(stack.enter_context(TemporaryDirectory()))
        standing, caps = stack.enter_context(closing(Standing(folder))), stack.enter_context(closing(Uncounted(folder)))
        return _explained(Chooser(configuration.split, standing, caps), envelope, header)


def _envelope(configuration: Configuration, header: bytes, said: argparse.Namespace) -> Envelope:
    sender = said.sender.strip("<>").encode() if said.sender is not None else _address_in(header)
    return Envelope(
        sender=sender,
        recipients=[one.strip("<>").encode() for one in said.to],
        client=said.client,
        user=said.user,
        listener=said.listener or configuration.listeners[0].name,
    )


def _address_in(header: bytes) -> bytes:
    found = ADDRESS.search(field_of(header, b"from") or b"")
    return (found[1] or found[2] or b"") if found else b""


def _explained(chooser: Chooser, envelope: Envelope, header: bytes) -> Explanation:
    first, *others = envelope.recipients
    envelope.recipients = [first]
    parted = [one for one in others if not chooser.fits(envelope, one)]
    envelope.recipients += [one for one in others if one not in parted]
    stages = {
        "MAIL FROM": chooser.provisional(envelope),
        "RCPT TO": chooser.at_recipient(envelope),
        "the header": chooser.settled(envelope, header),
    }
    known_at, choice = next((at, one) for at, one in stages.items() if one.settled)
    names = [route.rule.name for route in chooser.routes]
    before = chooser.routes[: names.index(choice.rule)]
    return Explanation(
        backend=choice.backend,
        rule=choice.rule,
        why=choice.why,
        known_at=known_at,
        message_id=message_id_of(header).decode("utf-8", "replace"),
        provider=chooser.split.providers.of(domain_of(first)),
        passed=tuple((route.rule.name, _misfit(chooser, route.rule.condition, envelope, header)) for route in before),
        parted=tuple(one.decode("utf-8", "replace") for one in parted),
    )


def _misfit(chooser: Chooser, condition: Condition, envelope: Envelope, header: bytes) -> str:
    """What of the condition does not fit, looked at alone."""
    domain, providers = domain_of(envelope.recipients[0]), chooser.split.providers
    for members, sentence in ASKED:
        alone = Condition(**{member: getattr(condition, member) for member in members})
        if not (
            fits_session(alone, envelope) and fits_recipient(alone, domain, providers) and fits_header(alone, header)
        ):
            return sentence.format(
                provider=providers.of(domain),
                domain=domain,
                sender=envelope.sender.decode("utf-8", "replace") or "<>",
                listener=envelope.listener,
                user=envelope.user or "nobody",
                client=envelope.client,
            )
    return ""


def written(found: Explanation) -> str:
    lines = [f"Message-ID {found.message_id or '(none: its header counts)'}, provider {found.provider}"]
    lines += [f"  {name}: does not fit, {why}" for name, why in found.passed]
    lines.append(f"  {found.rule}: {found.why}")
    lines.append(f"It goes to the {found.backend} side by {found.rule}, known at {found.known_at}.")
    if found.parted:
        lines.append(f"Put off with 452, for a transaction of their own: {', '.join(found.parted)}")
    return "\n".join(lines) + "\n"
