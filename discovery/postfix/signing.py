"""DKIM keys: opendkim's tables, rspamd's dkim_signing, amavis' dkim_key."""

import posixpath
import re
from collections.abc import Iterator, Mapping

from discovery.postfix.bundle import BundleFile
from discovery.postfix.estate_facts import SigningKey

OPENDKIM_LINE = re.compile(
    r"^\s*(?P<name>Domain|Selector|KeyFile|KeyTable|SigningTable)\s+(?P<value>\S+)", re.IGNORECASE
)
TABLE_KIND = re.compile(r"^(?:file|refile|csl|db|dsn|lua|ldap):")
QUOTED = r"\s*['\"](?P<{}>[^'\"]+)['\"]\s*"
AMAVIS_KEY = re.compile(r"^\s*dkim_key\(" + ",".join(QUOTED.format(name) for name in ("domain", "selector", "path")))
RSPAMD_DOMAIN = re.compile(r"^\s*\"?(?P<domain>[\w*-]+(?:\.[\w-]+)+)\"?\s*\{")
RSPAMD_LINE = re.compile(r"^\s*\"?(?P<name>path|selector|privkey|key|domain)\"?\s*[=:]\s*\"?(?P<value>[^\";]+)\"?;?")
KEY_FIELDS = 3


def signing_keys(files: Mapping[str, BundleFile]) -> tuple[SigningKey, ...]:
    """Every key the bundle's files name, in the order of the files."""
    found: list[SigningKey] = []
    for path, file in files.items():
        name = posixpath.basename(path)
        if name == "opendkim.conf":
            found += opendkim_keys(file, files)
        elif "dkim_signing" in name or ("rspamd" in path and name.startswith("arc")):
            found += rspamd_keys(file, files)
        elif "amavis" in path:
            found += amavis_keys(file, files)
    if not any(key.product == "opendkim" for key in found):
        found += tables_alone(files)
    return tuple(dict.fromkeys(found))


def opendkim_keys(file: BundleFile, files: Mapping[str, BundleFile]) -> Iterator[SigningKey]:
    """One key by Domain, Selector and KeyFile, or many by KeyTable and SigningTable."""
    matched = ((line, OPENDKIM_LINE.match(text)) for line, text in enumerate(file.text.splitlines(), start=1))
    found = {match["name"].lower(): (match["value"], line) for line, match in matched if match}
    tables = {name: in_bundle(files, found[name][0]) for name in ("keytable", "signingtable") if name in found}
    if table := tables.get("keytable"):
        yield from keys_of_table(table, tables.get("signingtable"), files)
    elif "keyfile" in found and "domain" in found:
        path, line = found["keyfile"]
        for domain in found["domain"][0].split(","):
            selector = found.get("selector", ("", 0))[0]
            yield key(domain, selector, path, "opendkim", (f"*@{domain}",), files, file.path, line)


def tables_alone(files: Mapping[str, BundleFile]) -> Iterator[SigningKey]:
    """KeyTable and SigningTable that came without opendkim.conf."""
    named = {posixpath.basename(path).lower().replace("_", "").replace(".", ""): each for path, each in files.items()}
    if table := named.get("keytable"):
        yield from keys_of_table(table, named.get("signingtable"), files)


def in_bundle(files: Mapping[str, BundleFile], named: str) -> BundleFile | None:
    """The file a path of the host means: by its whole path, else the only one of that name."""
    path = TABLE_KIND.sub("", named).lstrip("/")
    whole = [file for known, file in files.items() if known == path or known.endswith(f"/{path}")]
    alike = [file for known, file in files.items() if posixpath.basename(known) == posixpath.basename(path)]
    return next(iter(whole or (alike if len(alike) == 1 else [])), None)


def keys_of_table(
    table: BundleFile, signing: BundleFile | None, files: Mapping[str, BundleFile]
) -> Iterator[SigningKey]:
    """`name domain:selector:path` rows, with the senders the signing table gives to each name."""
    senders: dict[str, list[str]] = {}
    for _, words in rows_of(signing) if signing else ():
        for name in words[1:]:
            senders.setdefault(name.strip(","), []).append(words[0])
    for line, words in rows_of(table):
        fields = words[1].split(":", 2) if len(words) > 1 else []
        if len(fields) == KEY_FIELDS:
            signs = tuple(senders.get(words[0], ()))
            yield key(fields[0], fields[1], fields[2], "opendkim", signs, files, table.path, line)


def rows_of(file: BundleFile) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(file.text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.split()


def rspamd_keys(file: BundleFile, files: Mapping[str, BundleFile]) -> Iterator[SigningKey]:
    """`domain { example { path = ...; selector = ...; } }`, and the path and selector for all other domains."""
    domain, start = "*", 1
    common: dict[str, tuple[str, int]] = {}
    own: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(file.text.splitlines(), start=1):
        if found := RSPAMD_DOMAIN.match(line):
            domain, own, start = found["domain"], {}, number
        elif setting := RSPAMD_LINE.match(line):
            (common if domain == "*" else own)[setting["name"]] = (setting["value"].strip(), number)
        elif line.strip().startswith("}") and domain != "*":
            yield rspamd_key(domain, common | own, files, (file.path, start))
            domain, own = "*", {}
    if "path" in common:
        yield rspamd_key("*", common, files, (file.path, common["path"][1]))


def rspamd_key(
    domain: str, settings: Mapping[str, tuple[str, int]], files: Mapping[str, BundleFile], place: tuple[str, int]
) -> SigningKey:
    path, selector = (settings.get(name, ("", 0))[0] for name in ("path", "selector"))
    path = path.replace("$domain", domain).replace("$selector", selector) if domain != "*" else path
    return key(domain, selector or "dkim", path, "rspamd", (f"*@{domain}",), files, *place)


def amavis_keys(file: BundleFile, files: Mapping[str, BundleFile]) -> Iterator[SigningKey]:
    for number, line in enumerate(file.text.splitlines(), start=1):
        if found := AMAVIS_KEY.match(line):
            domain = found["domain"]
            yield key(domain, found["selector"], found["path"], "amavis", (f"*@{domain}",), files, file.path, number)


def key(
    domain: str,
    selector: str,
    path: str,
    product: str,
    signs: tuple[str, ...],
    files: Mapping[str, BundleFile],
    file: str,
    line: int,
) -> SigningKey:
    known = in_bundle(files, path) if path.startswith("/") else None
    is_here = known is not None and known.path.endswith(path.lstrip("/"))
    return SigningKey(domain, selector, path, product, signs, is_here, file, line)
