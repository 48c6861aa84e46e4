"""Whether a generated configuration has the target write the Message-ID into its records."""

import re
from types import MappingProxyType

from delivery.preflight.outcomes import State
from discovery.syntax.lua_tokens import tokens_of

LOGS_IN = MappingProxyType({"kumomta": "init.lua", "powermta": "config"})  # the file that says what is logged
HEADER = "message-id"
COMMENT = re.compile(r"(^|\s)#.*")
FIELDS = re.compile(r"record-fields\s+(?P<kinds>\S+)\s+(?P<fields>.+)", re.IGNORECASE)
RECORDS = re.compile(r"records\s+(?P<kinds>.+)", re.IGNORECASE)
FINAL = frozenset("db")  # deliveries and bounces: what becomes of a message


def logs_message_id(target: str, text: str) -> tuple[State, str]:
    """PROBLEM where it is not told to."""
    return in_policy(text) if target == "kumomta" else in_configuration(text)


def in_policy(text: str) -> tuple[State, str]:
    """`headers` of kumo.configure_local_logs names it."""
    tokens = list(tokens_of(text))
    starts = [at for at, token in enumerate(tokens) if token.text == "kumo.configure_local_logs"]
    if not starts:
        return State.PROBLEM, "It writes no log: kumo.configure_local_logs is not called."
    for start in starts:
        if any(header.lower() == HEADER for header in headers_after([token.text for token in tokens[start:]])):
            return State.PASSED, f"headers in line {tokens[start].line} and after it name Message-ID."
    return State.PROBLEM, "headers of kumo.configure_local_logs does not name Message-ID."


def headers_after(words: list[str]) -> list[str]:
    """What stands in `headers = { ... }` before the call ends."""
    if "headers" not in words:
        return []
    start = words.index("headers")
    if "kumo.configure_local_logs" in words[1:start]:
        return []
    end = words.index("}", start) if "}" in words[start:] else len(words)
    return words[start + 3 : end]


def in_configuration(text: str) -> tuple[State, str]:
    """Some accounting file keeps deliveries and bounces, each with header_Message-Id among its fields."""
    kept: set[str] = set()
    named: set[str] = set()
    for raw in text.splitlines():
        line = COMMENT.sub("", raw).strip()
        if found := FIELDS.fullmatch(line):
            if f"header_{HEADER}" in found["fields"].lower().replace(" ", "").split(","):
                named |= set(found["kinds"].lower().split(","))
        elif found := RECORDS.fullmatch(line):
            kept |= set(found["kinds"].lower().replace(" ", "").split(","))
    if missing := sorted(FINAL - kept):
        return State.PROBLEM, f"No accounting file keeps records of the type {', '.join(missing)}."
    if missing := sorted(FINAL - named):
        return State.PROBLEM, f"record-fields of {', '.join(missing)} do not name header_Message-Id."
    return State.PASSED, f"record-fields of {', '.join(sorted(kept & named))} name header_Message-Id."
