"""Checks an evidence pack of Gatepost without Gatepost: this one file and Python 3.9 or newer are enough.

    python verify.py EXPORT.zip [--head DIGEST] [--key FINGERPRINT] [--document FILE.pdf] [--json]

It proves that every event is as it was written and follows the one before it, and every document, signature and file
the one that the ledger and a key name. Whether nobody wrote it anew, --head and --key of a receipt you kept tell.

exit codes: 0 everything holds, 1 something does not (the first bad place is named), 2 the pack cannot be read
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOLDS, BROKEN, UNREADABLE = 0, 1, 2
FORMAT, FIRST = "gatepost-evidence/2", "gatepost-evidence/1"  # people keep packs for years: all are read
LARGEST_PACK = 4 * 1024**3  # bytes, unpacked: more is not a pack but an attack
# RFC 8017, section 9.2: what stands before a SHA-256 digest in a PKCS#1 v1.5 signature.
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
# What a signed act says in signatures.json and in the ledger alike.
ACT = ("document_digest", "reference", "typed_name", "role_title", "statement", "statement_version", "authentication")
SAID = {"document.signed": (*ACT, "reserved", "named_by"), "nda.signed": ACT}
SAID["document.signature_revoked"] = (*ACT, "signature", "reason")
Row = dict[str, Any]


class UnreadableError(Exception):
    """Not a pack. The text says why."""


@dataclass(frozen=True)
class Fault:
    """Something that does not hold. `place` is an event, a file or a signature."""

    place: str
    sentence: str


@dataclass
class Report:
    engagement: str = ""
    made_at: str = ""
    events: int = 0
    withheld: int = 0
    documents: int = 0
    signatures: int = 0
    revoked: int = 0
    unlisted: int = 0  # revocations of the ledger that a pack of the first format does not list
    head: str = ""
    key: str = ""
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def canonical(value: object) -> bytes:
    """The one spelling of a JSON value that digests are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Pack:
    """The members of the archive. Raises UnreadableError for what is no pack."""

    def __init__(self, path: str | IO[bytes]) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, RuntimeError, ValueError) as error:
            why = "not there" if isinstance(error, FileNotFoundError) else "not a ZIP file"
            raise UnreadableError(f"{path} is {why}: {error}") from error
        members = self._archive.infolist()
        self.names = [member.filename for member in members if not member.is_dir() or member.file_size]  # no folders
        if sum(member.file_size for member in members) > LARGEST_PACK:
            raise UnreadableError("The pack would unpack to more than 4 GB. Nothing was unpacked.")
        self.manifest = self.json("manifest.json")
        if not isinstance(self.manifest, dict) or str(self.manifest.get("format")) not in {FORMAT, FIRST}:
            raise UnreadableError(f"The manifest does not say {FORMAT} or {FIRST}: this is another kind of pack.")
        self.is_first = self.manifest["format"] == FIRST

    def read(self, name: str) -> bytes:
        try:
            return self._archive.read(name)
        except KeyError as error:
            raise UnreadableError(f"The pack has no {name}.") from error
        except Exception as error:
            raise UnreadableError(f"{name} cannot be unpacked: the file is damaged ({error}).") from error

    def json(self, name: str) -> Any:
        try:
            return json.loads(self.read(name))
        except (ValueError, RecursionError) as error:
            raise UnreadableError(f"{name} is not JSON: {error}") from error

    def events(self) -> list[Row]:
        try:  # bytes: a text would be split at U+2028 and U+0085 as well, which people paste
            return [json.loads(line) for line in self.read("ledger.jsonl").splitlines() if line]
        except (ValueError, RecursionError) as error:
            raise UnreadableError(f"ledger.jsonl has a line that is not JSON: {error}") from error


def verify(path: str | IO[bytes], head: str | None = None, key: str | None = None) -> Report:
    """Check everything in a pack; `head` and `key` are fingerprints kept elsewhere. Raises UnreadableError."""
    pack = Pack(path)
    try:
        return _verified(pack, head, key)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise UnreadableError(f"The pack lacks a field that packs have, or it is of another kind: {error}") from error


def _verified(pack: Pack, head: str | None, key: str | None) -> Report:
    events, documents = pack.events(), pack.json("documents.json")
    signatures, end = pack.json("signatures.json"), pack.json("head.json")
    report = Report(pack.manifest["engagement"], pack.manifest["made_at"], len(events), head=end["digest"])
    report.withheld, report.documents = sum(bool(event.get("withheld")) for event in events), len(documents)
    report.signatures, report.revoked = len(signatures), sum(bool(each.get("revocation")) for each in signatures)
    report.unlisted = max(sum(one.get("action") == "document.signature_revoked" for one in events) - report.revoked, 0)
    report.notes += [f"A pack of {FIRST}: it lists no NDA, nor {report.unlisted} revocations."] if pack.is_first else []
    report.faults += [*_files(pack), *_chain(events, end), *_documents(pack, documents, events)]
    report.faults += [*_signatures(pack, signatures, documents, events), *_origins(pack, events)]
    report.key, faults = _seal(pack)
    report.faults += [*faults, *_kept(report, events, head, key)]
    return report


def _files(pack: Pack) -> Iterator[Fault]:
    listed = pack.manifest["files"]
    for name in sorted({name for name in pack.names if pack.names.count(name) > 1}):
        yield Fault(name, f"{name} is in the pack twice.")
    for name in sorted(set(listed) | set(pack.names) - {"manifest.json", "seal.json"}):
        if name not in pack.names:
            yield Fault(name, f"{name} is missing from the pack.")
        elif name not in listed:
            yield Fault(name, f"{name} was added: the manifest does not list it.")
        elif sha256(pack.read(name)) != listed[name]:
            yield Fault(name, f"{name} was changed after the pack was made.")


def _chain(events: Sequence[Row], end: Row) -> Iterator[Fault]:
    previous, expected = "", 1
    for event in events:
        number, place = event["sequence"], f"event {event['sequence']}"
        if number != expected:
            yield Fault(place, f"Event {expected} is missing, or the events are not in their order.")
        if not event.get("withheld"):
            if event["previous"] != previous:
                yield Fault(place, f"Event {number} does not follow the one before it.")
            if sha256(canonical({name: event[name] for name in event if name != "digest"})) != event["digest"]:
                yield Fault(place, f"Event {number} was changed after it was written.")
        previous, expected = event["digest"], number + 1
    if (end["digest"], end["sequence"]) != (previous, expected - 1):
        yield Fault(f"event {expected}", f"The head says event {end['sequence']}, the ledger ends at {expected - 1}.")


def _documents(pack: Pack, documents: Sequence[Row], events: Sequence[Row]) -> Iterator[Fault]:
    told = {value for event in events for value in event.get("data", {}).values() if isinstance(value, str)}
    is_whole = not any(event.get("withheld") for event in events)
    for document in documents:
        place = document["file"]
        if sha256(pack.read(place)) != document["digest"]:
            yield Fault(place, f"{place} is not the document that was frozen: its fingerprint is another.")
        if sha256(canonical(pack.json(document["snapshot_file"]))) != document["snapshot_digest"]:
            yield Fault(place, f"The data behind {place} are not those it was made from.")
        if is_whole and document["digest"] not in told:
            yield Fault(place, f"The ledger names no document with the fingerprint of {place}.")


def _signatures(pack: Pack, rows: Sequence[Row], documents: Sequence[Row], events: Sequence[Row]) -> Iterator[Fault]:
    """What a pack of the first format did not list yet is not looked for in it: NDAs, at first no revocations."""
    frozen = {document["digest"] for document in documents}
    at_gates = [one for one in rows if pack.is_first or one["action"] == "document.signed"]
    under_ndas = [one for one in rows if one not in at_gates]
    for name in (each["reference"] for each in at_gates if each["document_digest"] not in frozen):
        yield Fault(f"signature {name}", f"The document that {name} signs is not in the pack.")
    yield from _acts("document.signed", at_gates, events)
    revocations = [one["revocation"] for one in at_gates if one.get("revocation")]
    for action, acts in (("nda.signed", under_ndas), ("document.signature_revoked", revocations)):
        yield from _acts(action, acts, events) if acts or not pack.is_first else ()


def _acts(action: str, acts: Sequence[Row], events: Sequence[Row]) -> Iterator[Fault]:
    """Each signed act is an entry of the ledger and says what the entry says; each such entry is in the pack."""
    entered, listed = {event["digest"]: event for event in events}, {act["chain_digest"] for act in acts}
    for act in acts:
        place, event = f"signature {act['reference']}", entered.get(act["chain_digest"])
        if event is None:
            yield Fault(place, f"The ledger does not hold {act['reference']}.")
        elif not event.get("withheld"):
            said = event["data"] | {"document_digest": event["data"].get("digest")}
            for name in (name for name in SAID[action] if (act.get(name) or "") != (said.get(name) or "")):
                yield Fault(place, f"{act['reference']}: {name} is not what the ledger holds.")
    told = [each for each in events if each.get("action") == action]
    for number in (each["sequence"] for each in told if each["digest"] not in listed):
        yield Fault(f"event {number}", f"Event {number} is a signed act that signatures.json leaves out.")


def _origins(pack: Pack, events: Sequence[Row]) -> Iterator[Fault]:
    """Addresses and browsers stand beside the ledger, which holds their salted digest."""
    digests = {event["sequence"]: event.get("origin", "") for event in events}
    for origin in pack.json("origins.json"):
        number = origin.pop("sequence")
        if sha256(canonical(origin)) != digests.get(number):
            yield Fault(f"event {number}", f"From where event {number} was caused was changed.")


def _seal(pack: Pack) -> tuple[str, list[Fault]]:
    """The fingerprint of the key that signed the manifest (SHA-256 of its SubjectPublicKeyInfo, RFC 5280)."""
    if "seal.json" not in pack.names:
        return "", [Fault("seal.json", "The pack is not signed by a portal.")]
    seal = pack.json("seal.json")
    modulus, exponent = int(seal["modulus"], 16), int(seal["exponent"], 16)
    width = (modulus.bit_length() + 7) // 8
    digest = SHA256_PREFIX + hashlib.sha256(pack.read("manifest.json")).digest()
    meant = b"\x00\x01" + b"\xff" * (width - len(digest) - 3) + b"\x00" + digest
    found = pow(int(seal["signature"], 16), exponent, modulus).to_bytes(width, "big")
    faults = [] if found == meant else [Fault("seal.json", "The portal's signature is not over this manifest.")]
    return sha256(_public_key(modulus, exponent)), faults


def _public_key(modulus: int, exponent: int) -> bytes:
    """An RSA key as SubjectPublicKeyInfo in DER (RFC 5280, section 4.1; RFC 8017, appendix A.1)."""
    numbers = [one.to_bytes(one.bit_length() // 8 + 1, "big") for one in (modulus, exponent)]
    key = b"\x00" + _der(0x30, b"".join(_der(0x02, number) for number in numbers))
    return _der(0x30, bytes.fromhex("300d06092a864886f70d0101010500") + _der(0x03, key))


def _der(tag: int, content: bytes) -> bytes:
    octets = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    is_short = len(content) < 0x80  # noqa: PLR2004 (the short form of DER)
    return bytes([tag, *octets]) + content if is_short else bytes([tag, 0x80 | len(octets), *octets]) + content


def _kept(report: Report, events: Sequence[Row], head: str | None, key: str | None) -> Iterator[Fault]:
    head, key = ("".join(each.split()).lower() if each is not None else None for each in (head, key))  # in groups
    places = {event["digest"]: event["sequence"] for event in events}
    if head in places:
        report.notes.append(f"The head you kept is event {places[head]} of this ledger.")
    elif head is not None:
        yield Fault("head", "The head you kept is not in this ledger: it was cut short or written anew.")
    if key not in {None, report.key}:
        yield Fault("key", "The key you kept is not the one this pack is signed with: another portal made it.")


def tell(report: Report, left: Sequence[str] = ("head", "key")) -> Iterator[str]:
    yield f"Engagement {report.engagement}, packed {report.made_at}"
    signed = f"{report.signatures} signatures ({report.revoked} revoked)"
    yield f"  {report.events} events, {report.documents} documents, {signed}"
    if report.withheld:
        yield f"  {report.withheld} events are held back: their place is checked, their words are not."
    yield f"  head of the ledger   {report.head}"
    yield from (f"  key of the portal    {report.key or 'none'}", *(f"  {note}" for note in report.notes))
    if report.faults:
        yield f"DOES NOT HOLD. First bad place: {report.faults[0].place}"
        yield from (f"  {fault.sentence}" for fault in report.faults)
    else:
        yield f"HOLDS{' IN PART' if report.unlisted else ''}: every event, document and signature is as it was written."
        yield from (f"Compare the {name} with the one on a receipt that you kept." for name in left)


def _identify(report: Report, path: str, file: str) -> Iterator[Fault]:
    digest = sha256(Path(file).read_bytes())
    known = {each["digest"]: each for each in Pack(path).json("documents.json")}
    if digest in known:
        report.notes.append(f"{file} is {known[digest]['title']}, version {known[digest]['version']}.")
    else:
        yield Fault(file, f"{file} ({digest}) is no document of this pack.")


def main(argv: Sequence[str]) -> int:
    made = argparse.ArgumentParser("verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("pack", help="the ZIP file that the portal gave out")
    made.add_argument("--head", help="the head printed on a receipt or a mail you kept")
    made.add_argument("--key", help="the fingerprint of the portal's key printed on a receipt you kept")
    made.add_argument("--document", help="a PDF: say which document of the pack it is; exit code 1 if none")
    made.add_argument("--json", action="store_true", help="print the report as JSON")
    options = made.parse_args(list(argv))
    left = [name for name in ("head", "key") if getattr(options, name) is None]
    try:
        report = verify(options.pack, options.head, options.key)
        report.faults += _identify(report, options.pack, options.document) if options.document else []
    except (UnreadableError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return UNREADABLE
    sys.stdout.write((json.dumps(asdict(report), indent=2) if options.json else "\n".join(tell(report, left))) + "\n")
    return BROKEN if report.faults else HOLDS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
