"""Whether two instances are the same configuration but for their own names, addresses and folders."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

from discovery.postfix.facts import Service, Setting
from discovery.postfix.scope import Scope

OWN_NAMES = ("myhostname", "mydomain", "multi_instance_name", "smtp_helo_name")
OWN_FOLDERS = ("config_directory", "queue_directory", "data_directory")
USUAL_FOLDERS = frozenset({"/etc/postfix", "/var/spool/postfix", "/var/lib/postfix"})
V4, V6 = r"\d{1,3}(?:\.\d{1,3}){3}", r"\[?(?:[0-9A-Fa-f]{1,4}:){2,7}[0-9A-Fa-f:]{0,39}\]?"
ADDRESS = re.compile(rf"(?<![\w.:])(?:{V4}|{V6})(?![\w.])")
LOOPBACK = re.compile(r"^\[?(?:127\.|0\.0\.0\.0|::1)")
SHORTEST = 3


def likeness_of(settings: Mapping[str, Setting], services: Iterable[Service], scope: Scope) -> str:
    """A digest that look-alike instances share, whatever their order of lines."""
    lines = sorted(normal_lines(settings, services, own_words(scope)))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def own_words(scope: Scope) -> Mapping[str, str]:
    """What is written for an instance's own names and folders, longest first: `{text: placeholder}`."""
    words: dict[str, str] = {}
    for name in (*OWN_FOLDERS, *OWN_NAMES):
        value = scope.get(name)
        text = scope.config_directory if name == "config_directory" else value.text
        is_own = text not in USUAL_FOLDERS and len(text) >= SHORTEST and "." + text != ".localdomain"
        if is_own and (value.is_set or name == "config_directory"):
            words.setdefault(text, f"<{name}>")
    host = scope.get("myhostname").text
    if scope.get("myhostname").is_set and "." in host and len(host.split(".", 1)[0]) >= SHORTEST:
        words.setdefault(host.split(".", 1)[0], "<host>")
        words.setdefault(host.split(".", 1)[1], "<mydomain>")
    return dict(sorted(words.items(), key=lambda pair: -len(pair[0])))


def normal_lines(
    settings: Mapping[str, Setting], services: Iterable[Service], words: Mapping[str, str]
) -> Iterator[str]:
    pattern = re.compile("|".join(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])" for word in words) or r"(?!)")
    for name, setting in settings.items():
        yield f"{name} = {normal(setting.value, pattern, words)}"
    for service in services:
        arguments = " ".join(service.arguments)
        yield normal(f"{' '.join(service.columns)} {arguments}", pattern, words)


def normal(text: str, pattern: re.Pattern[str], words: Mapping[str, str]) -> str:
    """A value with own names, folders and addresses replaced; loopback addresses mean the same everywhere."""
    replaced = pattern.sub(lambda found: words[found.group()], text)
    return ADDRESS.sub(lambda found: found.group() if LOOPBACK.match(found.group()) else "<address>", replaced)
