"""What the parts of the PowerMTA emitter share: names of virtual MTAs, blocks, and a list of what is not carried."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from discovery.translation.emission import Line, indented
from discovery.translation.powermta.words import UnwritableError, name_of
from discovery.translation.sending import Origin, Refusal, Route, SendingEstate, Shaping, Source, Stated

WAITING = "mail-that-waits"
MANY = 2
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paper:
    """One estate on its way to PowerMTA; `prefix` keeps the names of several instances apart, and is empty for one.

    `ways` has the name and the first row of each way that needs a virtual MTA of its own, and `taken` their names;
    `waiting` has the lines whose mail waits.
    """

    estate: SendingEstate
    prefix: str = ""
    refusals: list[Refusal] = field(default_factory=list)
    ways: dict[tuple[object, ...], tuple[str, Route]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    waiting: list[Origin] = field(default_factory=list)

    def named(self, transport: str) -> str:
        """The virtual MTA, or the pool, of a transport."""
        return name_of(f"{self.prefix}{transport}")

    @property
    def smtp_sources(self) -> tuple[Source, ...]:
        return tuple(each for each in self.estate.sources if each.program == "smtp")

    def pace_of(self, source: Source) -> Shaping:
        return next(each for each in self.estate.shaping if each.transport == source.name)

    @property
    def tls_levels(self) -> tuple[Stated[str], ...]:
        """The level of each transport that sends by SMTP, in their order."""
        return tuple(self.pace_of(each).tls_level for each in self.smtp_sources)

    @property
    def is_tls_equal(self) -> bool:
        """Whether one level holds for all transports, so that it can stand outside of the virtual MTAs."""
        return len({level.value or "none" for level in self.tls_levels}) < MANY

    @property
    def is_relayed(self) -> bool:
        """Whether a relay host stands behind the virtual MTAs of the transports."""
        return bool(self.estate.relay_hosts.value)

    def wait(self, origin: Origin | None) -> str:
        """The virtual MTA in which mail waits that no other may take."""
        self.waiting.append(origin or Origin("", 0, ""))
        return self.named(WAITING)

    def has(self, transport: str) -> bool:
        """Whether there is a virtual MTA or a pool of this transport: LMTP and programs have none."""
        return transport in {*(each.name for each in self.smtp_sources), *(pool.name for pool in self.estate.pools)}

    def refuse(self, origin: Origin | None, text: str, reason: str) -> None:
        if origin is not None:
            self.refusals.append(Refusal(origin, text, reason))

    def tried(
        self, origin: Origin, text: str, write: Callable[P, Iterable[Line]], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[Line]:
        """The lines that `write` makes of its arguments, or a refusal with the reason why it cannot."""
        try:
            lines = list(write(*args, **kwargs))
        except UnwritableError as unwritable:
            self.refuse(origin, text, str(unwritable))
            return
        yield from lines


def block(opening: str, lines: Iterable[Line], origins: tuple[Origin, ...] = (), why: str = "") -> Iterator[Line]:
    """`<opening>` and its lines, moved in, and the end of it."""
    yield Line(f"<{opening}>", origins, why)
    yield from indented(lines)
    yield Line(f"</{opening.split(maxsplit=1)[0]}>")


def of(text: str, stated: Stated[T], default: str = "") -> Line:
    """A line for a stated value; `default` says why it is there when only Postfix's default states it."""
    return Line(text, (stated.origin,) if stated.origin else (), default)
