"""Every answer is the one that the real postmap gives: `postmap -q` for keys, `postmap -hq` for header lines."""

import itertools
import os
import shutil
import subprocess

import pytest

from discovery.lookup.opening import open_table

POSTMAP = shutil.which("postmap", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
POSTCONF = shutil.which("postconf", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

ROWS = """\
# rows of an invented sender
anna@north.example   slow:[relay.north.example]:2525
north.example        fast:
.north.example       :[inner.north.example]
ANNA@South.Example   upper@south.example
twice@south.example  first
twice@south.example  second
long@south.example   one@a.example,
   two@a.example,
# a comment between
   three@a.example
info                 REJECT  no   mail here
"quoted key"@x.example  kept
empty@south.example
colon: value
10.1.2.3             OK
10.1                 450 later
"""
NETWORKS = """\
10.1.2.3        DUNNO
10.1.0.0/16     REJECT the net
!192.0.2.0/24   outside
if 192.0.2.0/25
192.0.2.7       seven
192.0.2.0/28    low
endif
2001:db8::/32   six
192.0.2.0/24    rest
"""
WORDS = r"""
# expressions over addresses and header lines
/^(anna|berta)@(.*)\.example$/   FILTER $1:[$2]
if /@south\.example$/
/^long@/        REDIRECT archive@south.example
!/^[a-m]/       HOLD late in the alphabet
endif
/^Subject: .*offer/     REJECT offer
/^Received: from ([^ ]*)/    REPLACE Received: from ${1} hidden
/^X-(Mailer|Agent): *(.*)$/  PREPEND X-Seen: $(1)=$2 for $$5
/^X-Case: A$/i  INFO exact case
/folded.*twice/ WARN folded
/^10\.1\./      DUNNO
"""
KEYS = (
    "anna@north.example",
    "Anna@North.Example",
    "berta@north.example",
    "north.example",
    "inner.north.example",
    ".north.example",
    "anna@south.example",
    "twice@south.example",
    "long@south.example",
    "zoe@south.example",
    "info",
    '"quoted',
    '"quoted key"@x.example',
    "empty@south.example",
    "colon",
    "colon:",
    "10.1.2.3",
    "10.1",
    "192.0.2.7",
    "192.0.2.9",
    "192.0.2.200",
    "2001:db8::7",
    "::1",
    "nobody@nowhere.example",
)
MESSAGE = """\
Received: from host.north.example (host.north.example [10.1.2.3])
Subject: an offer for you
X-Mailer: Writer 3.1
X-Agent:   other
X-Case: a
X-Case: A
X-Long: folded
  twice
From: anna@north.example
To: zoe@south.example
"""
HEADERS = [line.replace("\f", "\n") for line in MESSAGE.replace("\n  ", "\f  ").split("\n") if line]
FILES = {"rows": ROWS, "tree": ROWS, "networks": NETWORKS, "words": WORDS.lstrip()}
TABLES = (
    "hash:{at}/rows",
    "btree:{at}/tree",
    "texthash:{at}/rows",
    "cidr:{at}/networks",
    "regexp:{at}/words",
    "pcre:{at}/words",
    "inline:{{info=here, anna@north.example=fast:, {{colon = a b}}}}",
    "static:one answer",
    "unionmap:{{texthash:{at}/rows,cidr:{at}/networks,inline:{{info=there}}}}",
    "pipemap:{{inline:{{info=anna@north.example, 10.1=10.1.2.3}},texthash:{at}/rows}}",
)
PROBES = list(itertools.product(TABLES, KEYS))


def kinds_of_postfix():
    if POSTMAP is None or POSTCONF is None:
        return frozenset()
    listed = subprocess.run([POSTCONF, "-m"], capture_output=True, text=True, check=False)
    return frozenset(listed.stdout.split())


KINDS = kinds_of_postfix()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Tables, compiled where Postfix wants them compiled, and a configuration of their own."""
    at = tmp_path_factory.mktemp("tables")
    (at / "main.cf").write_text("")
    for name, text in FILES.items():
        (at / name).write_text(text)
    for kind, name in (("hash", "rows"), ("btree", "tree")):
        if kind in KINDS:
            subprocess.run([POSTMAP, "-c", at, f"{kind}:{at}/{name}"], capture_output=True, check=False)
    return at


def skip_without(table):
    kind = table.partition(":")[0]
    if kind not in KINDS:
        pytest.skip(f"Postfix with {kind} tables is not on this machine")


@pytest.mark.parametrize(("table", "key"), PROBES)
def test_a_key_gets_the_answer_of_postmap(folder, desk_on, table, key):
    skip_without(table)
    name = table.format(at=folder)
    real = subprocess.run([POSTMAP, "-c", folder, "-q", key, name], capture_output=True, text=True, check=False)

    found = open_table(desk_on(folder), name).find(key)

    assert (found.value + "\n" if found.is_found else "") == real.stdout


@pytest.mark.parametrize("kind", ["regexp", "pcre"])
def test_header_lines_get_the_answers_of_postmap(folder, desk_on, kind):
    skip_without(kind)
    name = f"{kind}:{folder}/words"
    real = subprocess.run(
        [POSTMAP, "-c", folder, "-hq", "-", name], input=MESSAGE, capture_output=True, text=True, check=False
    )

    table = open_table(desk_on(folder), name)
    answers = [(line, table.find(line)) for line in HEADERS]

    assert len(HEADERS) == 9
    assert "".join(f"{line}\t{found.value}\n" for line, found in answers if found.is_found) == real.stdout


def test_at_least_200_probes_are_given_to_postmap():
    assert len(PROBES) >= 200
