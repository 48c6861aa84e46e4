"""Tells the common lines of a block apart by the first words of what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from discovery.maillog.octets import begin_with

if TYPE_CHECKING:
    from discovery.maillog.heads import Heads
    from discovery.maillog.octets import Choice, Octets, Places

ATTEMPT, CLIENT, FROM, REMOVED = b"to=<", b"client=", b"from=<", b"removed\n"
MESSAGE_ID = (b"message-", b"id=")
ACTIVE = (b" (queue ", b"active)\n")
CONNECTIONS = (b"connect ", b"disconne", b"lost con", b"statisti")
HOSTNAME = (b"warning:", b" hostnam")
SECURED = (b"Trusted ", b"Untruste", b"Anonymou", b"Verified")
WORD = 8


def kinds(octets: Octets, heads: Heads) -> dict[str, Places]:
    """The numbers of the heads of each kind; a line of no kind is for the grammar."""
    return {**_about_messages(octets, heads), **_about_connections(octets, heads)}


def _about_messages(octets: Octets, heads: Heads) -> dict[str, Places]:
    rows = np.flatnonzero(heads.has_id)
    words = octets.words[heads.said[rows]]
    starts = words.astype(np.uint32)  # half a word tells most apart, at half the cost

    def those(text: bytes) -> Places:
        near = np.flatnonzero(starts == np.uint32(int.from_bytes(text[: WORD // 2], "little")))
        return rows[near[begin_with(words[near], text)]]

    queued, ids, clients = those(FROM), those(MESSAGE_ID[0]), those(CLIENT)
    names = heads.said[ids] + len(b"".join(MESSAGE_ID))
    return {
        "attempts": those(ATTEMPT),
        "removed": those(REMOVED),
        "queued": queued[_both(octets, heads.ends[queued] - len(b" (queue active)"), ACTIVE)],
        "ids": ids[octets.has(heads.said[ids] + WORD, MESSAGE_ID[1]) & (heads.ends[ids] > names)],
        "clients": clients[heads.ends[clients] > heads.said[clients] + len(CLIENT)],
    }


def _about_connections(octets: Octets, heads: Heads) -> dict[str, Places]:
    rows = np.flatnonzero(~heads.has_id)
    about = heads.about[rows]
    words = octets.words[about]
    is_plain = np.logical_or.reduce([begin_with(words, each) for each in CONNECTIONS])
    is_plain |= _both(octets, about, HOSTNAME)
    secured = np.logical_or.reduce([begin_with(words, each) for each in SECURED])
    return {"connections": rows[is_plain], "secured": rows[secured]}


def _both(octets: Octets, places: Places, words: tuple[bytes, bytes]) -> Choice:
    return octets.has(places, words[0]) & octets.has(places + WORD, words[1])
