"""Phase 4: the run-sheet of the second cutover, its go, 100 %, and the window in which one can go back."""

from benchmarks.parallel.journey import HOURS, TAIL, WINDOWS
from tests.browser.whole.cast import complete_task, freeze_and_ask, sign_phase

# Who does which step by hand, and what shows it, by words of its title.
BY_HAND = {
    "TTL of the records": ("carl", "TTL 300 since Monday; the old one of a day has passed."),
    "DKIM keys of the new route": ("ada", "s1 answers alike at 9.9.9.9 and at 1.1.1.1."),
    "Feedback loops": ("carl", "No loop is registered: the addresses stay the same."),
    "People on call": ("ada", "Both numbers were called at 05:40."),
}


def cut_over(cast, journey, page):
    """Each step of the sheet by whoever it is of, in its order; then the window begins."""
    for title, (who, words) in BY_HAND.items():
        do_step(getattr(cast, who), page, title, words)
    cast.ada.go(page)
    cast.ada.press("Freeze it")
    do_step(cast.ada, page, "The configuration of Postfix is frozen")
    do_step(cast.ada, page, "The way back was drilled")
    do_step(cast.carl, page, "Go", "Nothing stands against it; the team is at the desk.", button="Say go")
    for side in ("old", "new"):
        count_queue(cast, page, side)
    do_step(cast.ada, page, "The queues of both sides are counted")
    go_to_the_whole(cast, journey)
    do_step(cast.ada, page, "The share is 100 %")
    send_at_the_whole(cast, journey)
    count_queue(cast, page, "old")
    do_step(cast.ada, page, "The queue of Postfix was counted empty")
    do_step(cast.ada, page, "Every message is accounted for")
    cast.ada.press("The cutover is done")
    assert "You can go back for" in cast.ada.text()


def do_step(person, page, title, words="", button=None):
    """Somebody notes a step of the sheet as done, where it is offered to them."""
    person.go(page)
    step = person.page.locator("section:has(#steps) li", has_text=title).first
    if words:
        step.locator("input[name=evidence]").fill(words)
    step.get_by_role("button", name=button or ("Done" if words else "Note what the portal sees")).click()
    person.page.get_by_text(f"Noted: {title}").wait_for()


def count_queue(cast, page, side):
    cast.ada.go(page)
    cast.ada.fill(side=side, count="0")
    cast.ada.press("Note the count")


def go_to_the_whole(cast, journey):
    """90 % was held long enough: Carl says yes to the last step."""
    if journey.people.blockers_of_the_plan():
        journey.stay(WINDOWS[90])
    journey.step_to(100)


def send_at_the_whole(cast, journey):
    """A day of mail at 100 %, reconciled."""
    for _ in range(2):
        cast.calendar.move(HOURS)
        journey.servers.send(journey.part(TAIL))
    journey.reconcile()


def leave_the_cutover(cast):
    complete_task(cast.ada, cast, 4, "Postfix configuration frozen", "Its SHA-256 stands on the run-sheet.")
    complete_task(cast.carl, cast, 4, "People on call named", "Ada and Niamh, numbers on the run-sheet.")
    freeze_and_ask(cast, 4)
    assert "Monitor + handoff, began on" in sign_phase(cast, 4)
