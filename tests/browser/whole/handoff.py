"""Phase 5: runbooks, training, the days of monitoring, what Postfix leaves behind, and the end."""

from datetime import timedelta

from benchmarks.parallel.journey import HOURS
from tests.browser.whole.cast import CARL, check, follow, freeze_and_ask, path_of, said_after, sign_phase

WINDOW_DAYS, DAYS_AT_ONCE = 31, 8
# By the last part of the address of each fact that runbooks wait for.
FACTS = {
    "target_hosts": "mta1.aldermoor.example",
    "proxy_file": "/etc/gatepost/proxy.toml",
    "certificate": "/etc/ssl/mta1.aldermoor.example.pem",
}
PEOPLE = "Niamh Byrne, +353 1 555 0101, and Owen Daly, +353 1 555 0102"
WITHOUT_WATCH = "Discovery had one hour of logs, so there is no baseline; every message of the month was accounted for."
LEFT = "Kept until the end of next year by Niamh Byrne."


def note_what_runbooks_wait_for(cast):
    """Ada names hosts and files, Carl the people."""
    cast.ada.go(f"{cast.home}runbooks/")
    links = cast.ada.page.locator("section:has(#missing) a[href*='/facts/']").all()
    for path in [link.get_attribute("href") for link in links]:
        key = path.rstrip("/").rsplit("/", 1)[-1]
        person = cast.ada if key in FACTS else cast.carl
        person.go(path)
        person.fill(value=FACTS.get(key, PEOPLE))
        assert "Noted." in said_after(person, "Note this fact")


def put_the_runbooks_in_force(cast):
    """Ada draws them up, Lea approves each for the practice, Carl approves and reads each."""
    cast.ada.go(f"{cast.home}runbooks/")
    cast.ada.press("Draw up runbooks")
    for person in (cast.lea, cast.carl):
        assert "10 runbooks wait for your approval" in person.go("/")
    links = cast.ada.page.get_by_role("region", name="Table: runbooks").locator("tbody th a").all()
    for path in [link.get_attribute("href") for link in links]:
        for person in (cast.lea, cast.carl):
            person.go(path)
            person.press("Approve revision")
        cast.carl.press("I read revision")
    assert "10 of 10 in force" in cast.ada.go(f"{cast.home}runbooks/")


def train_carl(cast):
    """Ada plans a session and holds it; Carl says that he came, and does the exercise."""
    tomorrow = (cast.calendar.now() + timedelta(days=1)).strftime("%Y-%m-%d")
    cast.ada.go(f"{cast.home}training/plan/")
    cast.ada.fill(subject="incidents", day=tomorrow, at="10:00", minutes="90")
    cast.ada.press("Plan this session")
    session = path_of(cast.ada)
    cast.calendar.move(2 * HOURS)
    cast.ada.go(session)
    cast.ada.press("It was held")
    cast.carl.go(session)
    cast.carl.press("I came to this session")
    cast.ada.go(session)
    cast.ada.fill(trainee=CARL["email"])
    check(cast.ada, "result", "passed")
    cast.ada.press("Note the exercise")


def monitor(cast, journey):
    """The way back is drilled anew; then a month passes with mail in it, and the portal looks at it once a day."""
    journey.go_back("drill")
    for _ in range(WINDOW_DAYS // DAYS_AT_ONCE + 1):
        cast.calendar.move(24 * DAYS_AT_ONCE)
        journey.servers.send(20)
    journey.reconcile()


def answer_what_postfix_leaves(cast, page):
    """The window is over: Ada answers each question on what Postfix leaves behind."""
    assert "The window is over" in cast.ada.go(page)
    follow(cast.ada, "What it asks")
    assert "stay on Postfix by the plan" in cast.ada.text()
    for radio in cast.ada.page.locator("main input[type=radio][value=yes]").all():
        radio.check()
    for field in cast.ada.page.locator("main textarea").all():
        field.fill(LEFT)
    assert "Postfix goes on for the mail that stays with it" in said_after(cast.ada, "Record the answers")


def pass_the_watch(cast):
    """There is no baseline of two weeks to watch against: Lea decides in writing to go without, and it is printed."""
    cast.lea.go(f"{cast.home}gates/5/")
    cast.lea.page.locator("main a[href*='/checks/watch_run/override/']").click()
    cast.lea.fill(reason=WITHOUT_WATCH)
    assert "is passed by your decision" in said_after(cast.lea, "Pass this check by my decision")


def complete(cast):
    """Carl signs the last phase. Returns what the receipt says."""
    freeze_and_ask(cast, 5)
    return sign_phase(cast, 5)
