"""What the walkers do to the records. Each act bears a mark by which it is counted in the database afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.load.browser import Answer, insist
from benchmarks.load.forms import form_to

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from benchmarks.load.browser import Browser

    Act = Callable[["Browser", str], Awaitable["Deed | None"]]

DONE, REFUSED, UNKNOWN = "done", "refused", "unknown"


@dataclass(frozen=True)
class Deed:
    """One act: what was told about it at the end, and whether it had to be sent again because nothing was told."""

    kind: str
    mark: str
    state: str
    tries: int
    about: str = ""  # the row, where the mark is not written into one
    said: str = ""  # why it was refused

    @property
    def was_repeated(self) -> bool:
        return self.tries > 1


def deed_of(kind: str, mark: str, answers: list[Answer], about: str = "") -> Deed:
    last = answers[-1]
    state = UNKNOWN if not last.is_known else DONE if last.is_done else REFUSED
    said = f"{last.status} {last.location} {last.text[-400:]}" if state == REFUSED else ""
    return Deed(kind, mark, state, len(answers), about, said)


async def post_form(browser: Browser, page: str, path: str, act: str, values: dict[str, str]) -> list[Answer] | None:
    """Open the page, fill its form in and press the button. None where the page has no such form for this reader."""
    shown = await browser.read(act, page)
    form = form_to(shown.text, shown.address, path) if shown.is_done else None
    if form is None:
        return None
    body, headers = form.filled(values), {"Referer": shown.address}

    async def press() -> Answer:
        return await browser.ask(f"POST {act}", "POST", form.action, data=body, headers=headers)

    answers = await insist(press)
    if answers[-1].is_done and answers[-1].location:
        await browser.read(f"after {act}", answers[-1].location)
    return answers


async def ask_question(browser: Browser, mark: str) -> Deed | None:
    page = f"/engagements/{browser.walker.code}/questions/"
    answers = await post_form(browser, page, page, "question", {"text": f"What does {mark} mean?"})
    return answers and deed_of("question", mark, answers)


async def reply(browser: Browser, mark: str) -> Deed | None:
    page = f"/engagements/{browser.walker.code}/questions/{browser.walker.thread}/"
    answers = await post_form(browser, page, page, "reply", {"text": f"It is {mark}."})
    return answers and deed_of("reply", mark, answers)


async def add_dossier(browser: Browser, mark: str) -> Deed | None:
    page = f"/engagements/{browser.walker.code}/discovery/dossiers/add/"
    answers = await post_form(browser, page, page, "dossier", {"kind": "cron", "name": mark})
    return answers and deed_of("dossier", mark, answers)


async def turn_task(browser: Browser, mark: str) -> Deed | None:
    """Tick one's own task, or take the tick back."""
    walker = browser.walker
    if not walker.task:
        return None
    page = f"/engagements/{walker.code}/tasks/{walker.task}/"
    answers = await post_form(browser, page, page, "task", {"evidence": f"Shown by {mark}."})
    if answers:
        return deed_of("task", mark, answers, str(walker.task))
    answers = await post_form(browser, page, f"{page}reopen/", "task reopened", {})
    return answers and deed_of("task reopened", mark, answers, str(walker.task))


async def sign(browser: Browser, mark: str) -> Deed | None:
    page = f"/engagements/{browser.walker.code}/gates/1/sign/"
    values = {"has_read": "on", "typed_name": browser.walker.name, "role_title": browser.walker.title}
    answers = await post_form(browser, page, page, "sign", values)
    return answers and deed_of("sign", mark, answers, browser.walker.name)


async def accept_quote(browser: Browser, mark: str) -> Deed | None:
    page = f"/sales/quotes/{browser.walker.quote}/"
    answers = await post_form(browser, page, f"{page}accept/", "accept", {"may_accept": "on", "po_number": mark})
    return answers and deed_of("accept", mark, answers, browser.walker.quote)


async def ask_preview(browser: Browser, mark: str) -> Deed | None:
    """A draft as PDF and pictures: a job of the slow worker."""
    page = f"/engagements/{browser.walker.code}/gates/{browser.walker.gate}/document/preview/"
    answers = await post_form(browser, page, f"{page}draw/", "preview", {})
    return answers and deed_of("preview", mark, answers, f"{browser.walker.code} {browser.walker.gate}")


async def post_dossier(browser: Browser, mark: str) -> Deed | None:
    path = f"/api/v1/engagements/{browser.walker.code}/discovery/dossiers/"
    return await _post(browser, "posted dossier", mark, path, {"kind": "cron", "name": mark, "source": "unknown"})


async def post_answer(browser: Browser, mark: str) -> Deed | None:
    """Answers a question with “I do not know” and a note, over what was answered before."""
    path = f"/api/v1/engagements/{browser.walker.code}/discovery/answers/"
    shown = await browser.read("api answers", path)
    if not shown.is_done:
        return None
    rows = [row for row in json.loads(shown.text)["answers"] if row["is_asked"]]
    row = rows[sum(map(ord, mark)) % len(rows)]
    answer = {"question": row["question"], "version": row["version"], "is_unknown": True, "note": mark}
    return await _post(browser, "posted answer", mark, path, {"answers": [answer]})


async def _post(browser: Browser, act: str, mark: str, path: str, body: dict[str, object]) -> Deed:
    async def send() -> Answer:
        return await browser.ask(f"POST {act}", "POST", path, json=body, headers={"Idempotency-Key": mark})

    return deed_of(act, mark, await insist(send))


ACTS: dict[str, Act] = {
    "question": ask_question,
    "reply": reply,
    "dossier": add_dossier,
    "task": turn_task,
    "sign": sign,
    "accept": accept_quote,
    "preview": ask_preview,
    "posted dossier": post_dossier,
    "posted answer": post_answer,
}
ONCE = {"sign", "accept", "preview"}  # in a walk
