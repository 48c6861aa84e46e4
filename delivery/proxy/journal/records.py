"""What stands in the journal: one line a record, fields between tabs, the checksum of the rest of the line first.

    checksum  I  key  id  time  backend  rule  client  listener  user  sender  recipients  message_id  size  digest
    checksum  N  the same fields, outcome, reply: answered without sending, so that no retry asks for it
    checksum  O  key  id  time  outcome  reply  segment  place      where its intent stands
    checksum  D  key  id  time  recipients                          of the next intent, who may get it a second time
    checksum  H  time  ids                                          whose clients have got their replies
    checksum  U  key  id  time  hearing  marks                      otherwise: whether its client got the reply
    checksum  P  key  id  segment  place  marks                     still open when the segment began
    checksum  W  key  id  segment  place  marks                     its client had not gone on when the segment began
    checksum  S  format  segment  time  pending  clock              the first line of a segment; so many P and W follow
    checksum  T  time  clock                                        now and then
    checksum  E  time  clock                                        the last line of a segment

Times are microseconds since 1970, clocks seconds for which the journal was open, keys and marks 16 hexadecimal digits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, cast
from zlib import crc32

from delivery.proxy.journal.keys import marks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from delivery.proxy.journal.keys import Key

Outcome = Literal["accepted", "refused", "unknown", "repeated"]
State = Literal["accepted", "refused", "unknown", "repeated", "open"]
Hearing = Literal["heard", "listening", "left", "broken", "released"]

FORMAT = 2
CHECKSUM_END = 9  # eight digits and a tab
KIND, KEY = slice(9, 10), slice(11, 27)
NAME_AT = 28
BACKEND, RECIPIENTS = 5, 11  # fields of an I line
HEARING, MARKS = 5, 6  # fields of a U line
INTENT_FIELDS = 15
# What may stand in a line as it is. The per cent sign opens an escape: %0D%0A.
SAFE = bytes(sorted(set(range(0x20, 0x7F)) - {ord("%")}))
UNSAFE = re.compile(rb"[^\x20-\x24\x26-\x7e\x80-\xff]")
UNSAFE_ADDRESS = re.compile(rb"[^\x21-\x24\x26-\x7e\x80-\xff]")
ESCAPED = re.compile(rb"%([0-9A-F]{2})")
NULL_SENDER = b"<>"
LONGEST_MESSAGE_ID = 998  # a line of RFC 5322; the key is made of the whole


class JournalError(Exception):
    """The journal cannot be opened or read; the text says why and what to do."""


class JournalUnavailable(JournalError):  # noqa: N818 (the name the proxy's other parts know)
    """Nothing can be made durable just now: answer 451 and accept nothing. It comes back by itself."""


class Intent(NamedTuple):
    """What is about to be sent. `key` comes from `Journal.key_of`, `digest` is hexadecimal.

    `doubled` are those of the recipients who may have it already: docs/proxy-journal.md.
    """

    id: str
    key: Key
    backend: str
    rule: str
    client: str
    listener: str
    user: str
    sender: bytes
    recipients: Sequence[bytes]
    message_id: bytes
    size: int
    digest: str
    doubled: Sequence[bytes] = ()


class Entry(NamedTuple):
    """A transaction as the journal knows it; `open` while a living process still waits for the reply.

    `reply` carries no line end after its last line. `key` is that of the message. `hearing` is told by
    `Journal.earlier` of what was accepted, `doubled` by `read_journal`.
    """

    id: str
    key: int
    time: int
    backend: str
    rule: str
    client: str
    listener: str
    user: str
    sender: bytes
    recipients: tuple[bytes, ...]
    message_id: bytes
    size: int
    digest: str
    outcome: State
    reply: bytes
    concluded: int | None
    doubled: tuple[bytes, ...] = ()
    hearing: Hearing = "heard"
    shared: tuple[int, ...] = ()
    """Marks, where the recipients themselves are not known."""

    @property
    def marks(self) -> tuple[int, ...]:
        return self.shared or marks_of(self.key, self.recipients)


def seal(rest: bytes) -> bytes:
    return b"%08x\t%b\n" % (crc32(rest), rest)


def escape(field: bytes, unsafe: re.Pattern[bytes] = UNSAFE) -> bytes:
    try:
        field.decode()
    except UnicodeDecodeError:
        field = re.sub(rb"[%\x80-\xff]", lambda found: b"%%%02X" % found[0][0], field)
        return re.sub(rb"[\x00-\x20\x7f]", lambda found: escape(found[0], unsafe), field)
    return unsafe.sub(lambda found: b"%%%02X" % found[0][0], field)


def unescape(field: bytes) -> bytes:
    if b"%" not in field:
        return field
    return ESCAPED.sub(lambda found: bytes((int(found[1], 16),)), field)


PLAIN_TABS = b"\t" * 13


def encode_intent(intent: Intent, recipients: Sequence[bytes], time: int) -> bytes:
    """The line of an intent; `recipients` as they are to stand there (`Secrecy.shown`)."""
    (name, key, backend, rule, client, listener, user, sender, _, message_id, size, digest, _) = intent
    together = b" ".join(recipients)
    message_id = message_id[:LONGEST_MESSAGE_ID]
    told = f"{name}\t{time}\t{backend}\t{rule}\t{client}\t{listener}\t{user}\t".encode()
    rest = b"I\t%016x\t%b%b\t%b\t%b\t%d\t%b" % (
        key.message,
        told,
        sender or NULL_SENDER,
        together,
        message_id,
        size,
        digest.encode(),
    )
    if rest.translate(None, SAFE) == PLAIN_TABS and together.count(b" ") + 1 == len(recipients):
        return b"%08x\t%b\n" % (crc32(rest), rest)
    return seal(b"\t".join([b"I", *escaped_fields(intent, recipients, time)]))


def encode_note(intent: Intent, recipients: Sequence[bytes], time: int, outcome: Outcome, reply: bytes) -> bytes:
    told = [outcome.encode(), escape(reply.removesuffix(b"\r\n"))]
    return seal(b"\t".join([b"N", *escaped_fields(intent, recipients, time), *told]))


def escaped_fields(intent: Intent, recipients: Sequence[bytes], time: int) -> list[bytes]:
    words = [intent.id, str(time), intent.backend, intent.rule, intent.client, intent.listener, intent.user]
    fields = [b"%016x" % intent.key.message]
    fields += [escape(word.encode("utf-8", "surrogateescape")) for word in words]
    fields += [escape(intent.sender or NULL_SENDER)]
    fields += [b" ".join(escape(one, UNSAFE_ADDRESS) for one in recipients)]
    return [*fields, escape(intent.message_id[:LONGEST_MESSAGE_ID]), b"%d" % intent.size, intent.digest.encode()]


def encode_outcome(key: int, name: str, time: int, outcome: Outcome, reply: bytes, where: tuple[int, int]) -> bytes:
    reply = reply.removesuffix(b"\r\n")
    if reply.translate(None, SAFE):
        reply = escape(reply)
    rest = b"O\t%016x\t%b\t%d\t%b\t%b\t%d\t%d" % (key, name.encode(), time, outcome.encode(), reply, *where)
    return b"%08x\t%b\n" % (crc32(rest), rest)


def encode_pending(key: int, name: str, where: tuple[int, int], marks: Iterable[int], kind: bytes = b"P") -> bytes:
    return seal(b"%b\t%016x\t%b\t%d\t%d\t%b" % (kind, key, name.encode(), *where, written(marks)))


def encode_doubled(intent: Intent, recipients: Sequence[bytes], time: int) -> bytes:
    together = b" ".join(escape(one, UNSAFE_ADDRESS) for one in recipients)
    return seal(b"D\t%016x\t%b\t%d\t%b" % (intent.key.message, intent.id.encode(), time, together))


def encode_heard(names: Iterable[str], time: int) -> bytes:
    return seal(b"H\t%d\t%b" % (time, " ".join(names).encode()))


def encode_hearing(key: int, name: str, time: int, hearing: Hearing, marks: Iterable[int]) -> bytes:
    return seal(b"U\t%016x\t%b\t%d\t%b\t%b" % (key, name.encode(), time, hearing.encode(), written(marks)))


def marks_of_hearing(line: bytes) -> tuple[int, ...]:
    return read_marks(line.split(b"\t")[MARKS])


def written(marks: Iterable[int]) -> bytes:
    return b" ".join(b"%016x" % one for one in marks)


def read_marks(field: bytes) -> tuple[int, ...]:
    return tuple(int(one, 16) for one in field.split())


def marks_in(intent: bytes) -> tuple[int, ...]:
    """Of the recipients of an I line."""
    return marks_of(int(intent[KEY], 16), recipients_in(intent.split(b"\t", RECIPIENTS + 1)[RECIPIENTS]))


def backend_in(intent: bytes) -> str:
    return intent.split(b"\t", BACKEND + 1)[BACKEND].decode()


def recipients_in(field: bytes) -> tuple[bytes, ...]:
    return tuple(unescape(one) for one in field.split(b" ")) if field else ()


def encode_start(segment: int, time: int, pending: int, clock: float) -> bytes:
    return seal(b"S\t%d\t%d\t%d\t%d\t%.3f" % (FORMAT, segment, time, pending, clock))


def encode_tick(time: int, clock: float, kind: bytes = b"T") -> bytes:
    return seal(b"%b\t%d\t%.3f" % (kind, time, clock))


def name_of(line: bytes) -> str:
    """The id of a D, I, N, O, P, U or W line."""
    return line[NAME_AT : line.index(b"\t", NAME_AT)].decode()


def is_whole(line: bytes) -> bool:
    """Whether this line, without its end, is what was once written."""
    try:
        return int(line[:8], 16) == crc32(line[CHECKSUM_END:]) and len(line) > CHECKSUM_END
    except ValueError:
        return False


def entry_of(intent: bytes, outcome: bytes | None = None, state: State = "unknown") -> Entry:
    """From the lines of a transaction, without their ends; `state` where there is no outcome yet."""
    fields = intent.split(b"\t")
    words = intent.decode().split("\t")
    if b"%" in intent:
        fields[12:] = [unescape(one) for one in fields[12:]]
        words[3:10] = [unescape(one).decode("utf-8", "surrogateescape") for one in fields[3:10]]
    ended = fields[4:5] + fields[INTENT_FIELDS:]
    if outcome is not None:
        ended = outcome.split(b"\t")[4:7]
        ended[2] = unescape(ended[2])
    told = (state, b"", None) if len(ended) == 1 else (cast("State", ended[1].decode()), ended[2], int(ended[0]))
    sender = b"" if fields[10] == NULL_SENDER else unescape(fields[10])
    recipients = recipients_in(fields[RECIPIENTS])
    name, time, backend, rule, client, listener, user = words[3:10]
    about = (int(time), backend, rule, client, listener, user)
    return Entry(name, int(words[2], 16), *about, sender, recipients, fields[12], int(words[13]), words[14], *told)
