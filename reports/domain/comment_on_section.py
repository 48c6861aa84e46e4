from django.db import transaction
from django.urls import reverse

from accounts.models import User
from core.errors import Conflict, DomainError
from engagements.content import kind_for, title_of
from engagements.domain.ask_question import About, ask_question
from engagements.models import Gate, Question
from reports.outline import sections_of
from reports.reading import reading_of


@transaction.atomic
def comment_on_section(gate: Gate, *, actor: User, section: str, text: str) -> Question:
    """Write beside a section of the document that this person reads. Whoever reads it may.

    Raises Conflict when there is nothing to read yet or others cannot read it, DomainError when the document has no
    such section.
    """
    reading = reading_of(gate, actor)
    if reading is None:
        raise Conflict("There is nothing to comment on yet: the document is neither in review nor frozen.")
    if not reading.is_for_all:
        raise Conflict(
            "Only the practice reads this draft, and everybody on the engagement reads a comment. Open the draft for "
            "review first."
        )
    titles = sections_of(kind_for(gate).value)
    if section not in titles:
        raise DomainError("Choose the section you comment on.")
    if not text.strip():
        raise DomainError("Write the comment first.")
    engagement = gate.engagement
    url = reverse("reports:document", args=[engagement.code, gate.number])
    words = f"{title_of(gate)}, version {reading.version}, {titles[section]}"
    about = About(words[:160], f"{url}?open={section}#{section}", gate, section)
    return ask_question(engagement, actor=actor, text=text, about=about)
