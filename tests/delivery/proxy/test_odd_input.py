"""Whatever comes in, it is answered in sentences or passed by; nothing falls over."""

import asyncio
import tomllib
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from delivery.proxy.choice.headers import field_of, identity_of, message_id_of
from delivery.proxy.choice.providers import Providers, ProvidersError, read_providers
from delivery.proxy.configuration import ConfigurationError, read_configuration
from delivery.proxy.control.server import BadRequestError, read_request
from delivery.proxy.tables import Table

WHOLE = """
listen = "127.0.0.1:2525"
journal = {folder = "DIR", retry_window = "4 h", segment = "64 MB"}
host_name = "proxy.example"
processes = 2
trace_header = "X-Gatepost-Id"
[backends.old]
address = "127.0.0.1:2601"
identity = "xclient"
[backends.new]
address = "127.0.0.1:2602"
user = "a"
password = "b"
[split]
new = 25
by = "stream"
stream_header = "X-Stream"
[[split.stay]]
sender = ["@law.example", "<>"]
[[split.rules]]
provider = "Google"
header = {X-Stream = "news*"}
per_day = [5, 10]
per_hour = 3
begins = 2026-11-30
[control]
listen = "127.0.0.1:2526"
token = "hush"
[limits]
message = "50 MB"
block = "3 min"
"""
ODD = st.sampled_from(
    ["", "-1", "1e400", "nan", "true", "[]", "{}", '""', '"\\u0000"', "[[1]]", "2026-11-30", '"::"', '"9" ', "{a.b=1}"]
)


def refused_with(act):
    """The sentences of what was refused; none where it was taken."""
    try:
        act()
    except ConfigurationError as error:
        return error.sentences
    except ProvidersError as error:
        return (str(error),)
    return ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(place=st.integers(0, 200), odd=ODD)
def test_a_file_is_taken_or_refused_in_sentences(tmp_path, place, odd):
    lines = WHOLE.strip().splitlines()
    at = place % len(lines)
    name, sign, _ = lines[at].partition(" = ")
    lines[at] = f"{name}{sign}{odd}" if sign else odd
    path = tmp_path / "proxy.toml"
    path.write_text("\n".join(lines))

    sentences = refused_with(lambda: read_configuration(path))
    assert all(one.startswith(f"{path}: ") and one.endswith((".", "?")) for one in sentences)
    assert all(len(one) > len(f"{path}: ") + 5 for one in sentences)


def test_the_whole_file_is_taken(tmp_path):
    path = tmp_path / "proxy.toml"
    path.write_text(WHOLE)

    assert read_configuration(path).processes == 2


def test_every_setting_stands_in_the_documentation(tmp_path, monkeypatch):
    asked, end = set(), Table.end

    def ended(table):
        asked.update(table._asked)
        end(table)

    monkeypatch.setattr(Table, "end", ended)
    path = tmp_path / "proxy.toml"
    listener = '[[listeners]]\naddress = "127.0.0.1:2600"\n'
    path.write_text(WHOLE + listener + "[pins]\n[portal]\n")
    read_configuration(path)

    said = Path("docs/proxy-split.md").read_text(encoding="utf-8")
    untold = {key for key in asked if not any(form.format(key) in said for form in ("`{}`", "`{} = ", "[{}", ".{}]"))}
    assert untold == set()
    assert {"listen", "requires_user", "dot", "stream_header", "redis", "every", "per_hour"} <= asked


def by_lines(header, name):
    """The same as `field_of`, slowly: line by line."""
    lines = header.split(b"\r\n")
    for number, line in enumerate(lines):
        if line.lower().startswith(name + b":"):
            value = line[len(name) + 1 :]
            for further in lines[number + 1 :]:
                if not further.startswith((b" ", b"\t")):
                    break
                value += further
            return value.strip()
    return None


PIECES = st.sampled_from(
    [
        b"Message-ID: <a@b>",
        b"MESSAGE-ID:",
        b" <c@d>",
        b"\tfolded",
        b"X-Message-ID: x",
        b"",
        b"Subject: Message-ID: y",
        b"\xff:",
        b"message-id",
    ]
)


@given(st.lists(PIECES, max_size=8).map(b"\r\n".join))
@example(b"message-id")
@example(b"Message-ID:")
@example(b"Message-ID: <a@b>\r\n ")
def test_a_field_is_found_as_if_line_by_line(header):
    assert field_of(header, b"message-id") == by_lines(header, b"message-id")


@given(st.binary(max_size=300))
def test_every_header_has_an_identity(header):
    found = identity_of(header)

    assert found
    assert found == identity_of(header)
    assert message_id_of(header) in {b"", found}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
@example(b"a.example\tGoogle\n.example Other # x\n")
@example("ä.example Größe".encode())
def test_a_file_of_groups_is_read_or_refused_with_its_line(tmp_path, content):
    path = tmp_path / "groups"
    path.write_bytes(content)

    refused = refused_with(lambda: read_providers(path))
    found = Providers({}, {}) if refused else read_providers(path)

    assert all(one.startswith(str(path)) for one in refused)
    assert all(name and len(name.encode()) <= 40 for name in (*found.exact.values(), *found.below.values()))


@given(st.binary(max_size=400), st.booleans())
def test_a_request_is_read_or_refused(said, is_ended):
    async def read():
        reader = asyncio.StreamReader(limit=256)
        reader.feed_data(said + b"\r\n\r\n" * is_ended)
        reader.feed_eof()
        return await read_request(reader)

    try:
        asyncio.run(read())
    except (BadRequestError, asyncio.IncompleteReadError):
        return


def test_the_whole_file_is_toml():
    assert tomllib.loads(WHOLE)["processes"] == 2
