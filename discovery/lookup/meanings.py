"""What a found value means, in words and in fields; the words are in meanings.yaml."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

REPLY = re.compile(r"[45]\d\d(?:\s|$)")
DRAWN = "drawn"
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One or two sentences, and the parts of the value by name."""

    words: str
    fields: Mapping[str, str] = field(default_factory=dict)


@cache
def meanings() -> Mapping[str, Mapping[str, Any]]:
    """All of meanings.yaml."""
    text = Path(__file__).with_name("meanings.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Mapping[str, Any]] = yaml.safe_load(text)
    return loaded


def drawn_meaning(name: str, subject: str, values: Sequence[str]) -> Meaning:
    """What each of the values means of which Postfix draws one; "" is none."""
    words = dict.fromkeys(meaning_of(name, subject, value or None).words for value in values)
    told = str(meanings()[DRAWN]["found"]).format(value=" ".join(f"({at}) {said}" for at, said in enumerate(words, 1)))
    return Meaning(told, {"one_of": ", ".join(filter(None, values))})


def meaning_of(name: str, subject: str, value: str | None) -> Meaning:
    """What a value says about the subject; None stands for nothing found."""
    texts = meanings()[name]
    if value is None:
        return Meaning(str(texts["none"]).format(subject=subject))
    first, _, rest = value.partition(" ")
    word = texts.get("words", {}).get(first.upper())
    if "fates" in texts and not word:
        return transport_meaning(texts, value)
    template = reply_words(texts, value) or word or texts["found"]
    words = str(template).format(subject=subject, value=value, rest=rest.strip()).strip()
    return Meaning(words, {"action": first.upper(), "text": rest.strip()} if word else {"value": value})


def reply_words(texts: Mapping[str, Any], value: str) -> str:
    """Access tables: 4xx and 5xx refuse, any other number permits."""
    if "reply" not in texts:
        return ""
    if REPLY.match(value):
        return str(texts["reply"])
    return str(texts["number"]) if NUMBER.fullmatch(value) else ""


def transport_meaning(texts: Mapping[str, Any], value: str) -> Meaning:
    """transport(5): `transport:nexthop`, either of which may be empty."""
    transport, _, nexthop = value.partition(":")
    fields = {"transport": transport, "nexthop": nexthop}
    form = {(True, True): "both", (True, False): "transport", (False, True): "nexthop", (False, False): "neither"}
    template = texts["fates"].get(transport) or texts[form[bool(transport), bool(nexthop)]]
    return Meaning(str(template).format(**fields).removesuffix(": "), fields)
