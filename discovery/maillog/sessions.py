"""What a log tells beside the way of its messages: who signed in without TLS, anonymous TLS, names of pipes.

Such lines are seldom, so they are found by their words in whole blocks. Of a session is spoken only when its beginning
is in the same part of the log. With `smtpd_tls_loglevel = 0` its last line says whether TLS was begun (Postfix 3.0).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from discovery.maillog.envelopes import read_envelope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from discovery.maillog.stamps import Calendar, Key, Turns

SIGNED_IN = b", sasl_method="
BEGUN, SECURED = b"connect from ", b"TLS connection established from "
ANONYMOUS = b": Anonymous TLS connection established to "
PIPE = b"/pipe["
METHOD = re.compile(rb", sasl_method=([^,\s]+)")
RELAY = re.compile(rb" relay=([^,\s]+), ")
SMTPD = re.compile(rb"([^\s:]* )?([^\s\[]*/smtpd\[\d+\]): ")
MOST_OPEN = 50_000
MOST_NAMES = 1_000
REST = "others"  # what stands for all names past that bound
MOST_HOURS = 10_000
HOUR = 13  # bytes of a line, in which its hour stands whole or with its minute
Session = tuple[bytes, bytes]  # the host, and program and process


@dataclass(slots=True)
class Open:
    """A session that goes on: the messages of each method, and whether a line said that TLS began."""

    is_secured: bool = False
    methods: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Sessions:
    """Of one part of a log, or of several: then the keys of hours have become days, "" where a stamp is no date."""

    clear: Counter[tuple[Any, str, str]] = field(default_factory=Counter)  # messages by hour, listener and method
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)  # sessions, "clear", "secured" or "unknown"
    methods: Counter[tuple[Any, str]] = field(default_factory=Counter)  # messages by hour
    pipes: Counter[str] = field(default_factory=Counter)  # attempts by the name that stands as relay
    listeners: set[str] = field(default_factory=set)
    method_names: set[str] = field(default_factory=set)
    anonymous: int = 0  # connections to other systems
    open: dict[Session, Open] = field(default_factory=dict)
    hours: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict)
    has_logins: bool = False
    before: bytes = b""  # the last block without a login: the session of the first one may begin in it

    def add(self, text: bytes, turns: Turns) -> None:
        """The lines of one block, in their order. Never raises."""
        self.anonymous += text.count(ANONYMOUS)
        for line in _lines_with(text, (PIPE,)):
            self._count_pipe(line)
        if not self.has_logins and SIGNED_IN not in text:
            self.before = text
            return
        for block in (self.before, text):
            for line in _lines_with(block, (SIGNED_IN, BEGUN, SECURED)):
                self._follow(line, turns)
        self.has_logins, self.before = True, b""

    def _count_pipe(self, line: bytes) -> None:
        if relay := RELAY.search(line):
            self._add_pipe(relay[1].decode("ascii", "replace"), 1)

    def _add_pipe(self, name: str, count: int) -> None:
        if len(self.pipes) < MOST_NAMES or name in self.pipes:
            self.pipes[name] += count

    def _follow(self, line: bytes, turns: Turns) -> None:
        found = SMTPD.search(line)
        if found is None:
            return
        session, said = (found[1] or b"", found[2]), line[found.end() :]
        if said.startswith(BEGUN):
            self._open(session)
        elif said.startswith(b"dis" + BEGUN):
            self._close(session, said, line, turns)
        elif SECURED in said and session in self.open:
            self.open[session].is_secured = True
        elif method := METHOD.search(said):
            name = _one_of(self.method_names, method[1].upper()[:20].decode("ascii", "replace"))
            self.methods[self._key(line, turns), name] += 1
            if session in self.open:
                self.open[session].methods[name] += 1

    def _open(self, session: Session) -> None:
        if len(self.open) >= MOST_OPEN:
            self.open.clear()
        self.open[session] = Open()

    def _close(self, session: Session, said: bytes, line: bytes, turns: Turns) -> None:
        ended = self.open.pop(session, None)
        if ended is None or not ended.methods:
            return
        listener = _one_of(self.listeners, session[1].rpartition(b"/")[0].decode("ascii", "replace"))
        if ended.is_secured or b" starttls=" in said:
            self.ended[listener, "secured"] += 1
        elif b" commands=" not in said:
            self.ended[listener, "unknown"] += 1
        else:
            self.ended[listener, "clear"] += 1
            key = self._key(line, turns)
            for name, count in ended.methods.items():
                self.clear[key, listener, name] += count

    def _key(self, line: bytes, turns: Turns) -> Key:
        hour = self.hours.get(line[:HOUR])
        if hour is None:
            envelope = read_envelope(line)
            hour = (envelope.stamp.hour, envelope.stamp.offset) if envelope else (b"", b"")
            if len(self.hours) >= MOST_HOURS:
                self.hours.clear()
            self.hours[line[:HOUR]] = hour
        return turns.past(*hour)

    def follow(self, later: Sessions, calendar: Calendar, offset: int) -> None:
        """Add a part of a log, whose hours become days; `offset` turns of the year lie before it."""
        days: dict[Any, str] = {}
        for hour in {*(key[0] for key in later.clear), *(key[0] for key in later.methods)}:
            moment = calendar.moment((hour[0] + offset, hour[1], hour[2]))
            days[hour] = f"{moment:%Y-%m-%d}" if moment else ""
        self._add(later, days)

    def merge(self, later: Sessions) -> None:
        """Add another file, whose hours are days already."""
        self._add(later, {})

    def _add(self, later: Sessions, days: Mapping[Any, str]) -> None:
        """`days` are those of hours; what is not in it is a day already."""
        for (hour, listener, method), count in later.clear.items():
            known = _one_of(self.listeners, listener), _one_of(self.method_names, method)
            self.clear[days.get(hour, hour), *known] += count
        for (hour, method), count in later.methods.items():
            self.methods[days.get(hour, hour), _one_of(self.method_names, method)] += count
        for (listener, how), count in later.ended.items():
            self.ended[_one_of(self.listeners, listener), how] += count
        for pipe, count in later.pipes.items():
            self._add_pipe(pipe, count)
        self.anonymous += later.anonymous


def _one_of(known: set[str], name: str) -> str:
    """The name to count under. Whoever writes a log chooses its names: past a bound all new ones are one."""
    if name not in known and len(known) >= MOST_NAMES:
        return REST
    known.add(name)
    return name


def _lines_with(text: bytes, words: tuple[bytes, ...]) -> Iterator[bytes]:
    """Each line of a block that holds one of the words, once, in their order."""
    begins = sorted({text.rfind(b"\n", 0, place) + 1 for word in words for place in _places(text, word)})
    for begin in begins:
        yield text[begin : text.find(b"\n", begin)].rstrip(b"\r")


def _places(text: bytes, word: bytes) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word))


def told_by(sessions: Sessions) -> dict[str, Any]:
    """As plain values for the figures: days are the first and the last on which something was seen."""
    seen: dict[str, list[tuple[str, str, int]]] = {}
    for (day, listener, method), count in sessions.clear.items():
        seen.setdefault(listener, []).append((day, method, count))
    days: dict[str, list[str]] = {}
    for day, method in sessions.methods:
        days.setdefault(method, []).append(day)
    return {
        "clear_logins": {
            listener: _told_of(count, seen.get(listener, []))
            for (listener, how), count in sorted(sessions.ended.items())
            if how == "clear"
        },
        "sessions_with_login": sum(sessions.ended.values()),
        "sessions_unknown": sum(count for (_, how), count in sessions.ended.items() if how == "unknown"),
        "method_days": {name: _first_and_last(days[name]) for name in sorted(days)},
        "pipes": dict(sessions.pipes.most_common()),
        "anonymous_to": sessions.anonymous,
    }


def _told_of(count: int, seen: list[tuple[str, str, int]]) -> dict[str, Any]:
    """Of one listener: its sessions in clear, and day, method and messages of each hour."""
    return {
        "sessions": count,
        "messages": sum(messages for _, _, messages in seen),
        "methods": sorted({method for _, method, _ in seen}),
        "days": _first_and_last(day for day, _, _ in seen),
    }


def _first_and_last(days: Iterable[str]) -> list[str]:
    known = sorted(filter(None, days))
    return [known[0], known[-1]] if known else []
