"""The data that a sealed copy carries inside itself, so that programs read what people signed."""

from collections.abc import Sequence

from core.audit import canonical
from core.documents import Snapshot
from reports.pdf import AttachedFile

# By kind of document: file, the part of the content it holds, and what it is called in a reader's list of attachments.
ATTACHED: dict[str, Sequence[tuple[str, str, str]]] = {
    "plan": (
        ("inventory.json", "estate", "The estate as it was read"),
        ("findings.json", "findings", "The findings"),
        ("translation.json", "translation", "What becomes of each construct, and the decisions"),
        ("score.json", "chosen", "The answers and the sum of the vendor selection"),
    ),
    "phase_record": (("record.json", "", "The record of the phase"),),
}


def attached_files(kind: str, snapshot: Snapshot) -> list[AttachedFile]:
    """Nothing for drafts and for kinds without data of their own."""
    if kind not in ATTACHED or snapshot["stamp"].get("is_draft"):
        return []
    content = snapshot["content"]
    return [
        AttachedFile(name, canonical(content[part] if part else content), description)
        for name, part, description in ATTACHED[kind]
        if not part or part in content
    ]
