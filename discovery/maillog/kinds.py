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
    said, ends = heads.said[rows], heads.ends[rows]
    words = octets.words[said]
    is_queued = begin_with(words, FROM)
    is_queued[is_queued] = _both(octets, ends[is_queued] - len(b" (queue active)"), ACTIVE)
    is_id = begin_with(words, MESSAGE_ID[0])
    is_id[is_id] = octets.has(said[is_id] + WORD, MESSAGE_ID[1]) & (ends[is_id] > said[is_id] + len(b"message-id="))
    return {
        "attempts": rows[begin_with(words, ATTEMPT)],
        "removed": rows[begin_with(words, REMOVED)],
        "queued": rows[is_queued],
        "ids": rows[is_id],
        "clients": rows[begin_with(words, CLIENT) & (ends > said + len(CLIENT))],
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
