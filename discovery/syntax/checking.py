"""The one way in: every file of a set, by its path with the folder of its host."""

import hashlib
import posixpath
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from discovery.syntax.kumomta import kumomta_remarks
from discovery.syntax.powermta import powermta_remarks
from discovery.syntax.report import Remark, SyntaxReport

TOOL = "Gatepost syntax check"
VERSION = "1"  # raised with every change that may give another answer for the same files
NOT_CONFIGURATION = frozenset({"map.json", "NOT-TRANSLATED.md"})

Checker = Callable[[Mapping[str, str]], Iterator[Remark]]
CHECKERS: Mapping[str, Checker] = MappingProxyType({"kumomta": kumomta_remarks, "powermta": powermta_remarks})


def check_files(target: str, files: Mapping[str, bytes]) -> SyntaxReport:
    """Raises KeyError for a target without a checker; nothing is raised for what a file says."""
    checked = {path: body for path, body in files.items() if posixpath.basename(path) not in NOT_CONFIGURATION}
    remarks = list(_unreadable(checked))
    texts = {path: body.decode("utf-8", "replace") for path, body in checked.items()}
    remarks += CHECKERS[target](texts)
    if not checked:
        remarks.append(Remark("", 0, "The set holds no configuration file."))
    return SyntaxReport(target, digest_of_set(files), tuple(sorted(checked)), tuple(sorted(set(remarks))))


def _unreadable(files: Mapping[str, bytes]) -> Iterator[Remark]:
    for path, body in files.items():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as error:
            yield Remark(path, body.count(b"\n", 0, error.start) + 1, "These bytes are no UTF-8.")


def digest_of_set(files: Mapping[str, bytes]) -> str:
    """SHA-256 over every path and content: two sets of the same files have the same."""
    return digest_of_digests({path: hashlib.sha256(body).hexdigest() for path, body in files.items()})


def digest_of_digests(digests: Mapping[str, str]) -> str:
    """The same from the SHA-256 of each file."""
    whole = hashlib.sha256()
    for path in sorted(digests):
        whole.update(hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest() + bytes.fromhex(digests[path]))
    return whole.hexdigest()
