"""What people sent that could not be used: said, and shown so that they can copy it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages

if TYPE_CHECKING:
    from django.http import HttpRequest

SHORTEST_WORDS = 12  # characters: what is shorter is quickly typed again, and most often a choice or a number
# Names of fields that hold what is shown to nobody, or what a page carries for itself.
NOT_SHOWN = ("password", "secret", "token", "code", "key", "digest", "next")


def words_sent(request: HttpRequest) -> list[str]:
    """The texts of the form that was sent, single short words aside, without what must not be shown."""
    if request.method != "POST":
        return []
    return [
        text
        for name, texts in request.POST.lists()
        if not any(part in name.lower() for part in NOT_SHOWN)
        for text in texts
        if " " in text.strip() or len(text.strip()) >= SHORTEST_WORDS
    ]


def say_unused(request: HttpRequest, why: str) -> None:
    """Tell whoever sent a form from an old tab that it changed nothing."""
    if request.method == "POST":
        messages.warning(request, f"{why}. What you sent just now was not used.")
