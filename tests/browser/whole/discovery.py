"""What the customer's Postfix says: uploaded by Carl, read, decided by Ada, answered by both."""

import re

from tests.browser.whole.cast import bundle, check, complete_task, freeze_and_ask, give_file, sign_phase

HOST, BEFORE = "out1", 60
STAYS, WHY_IT_STAYS = "contracts", "The legal department archives each contract on its way out; the archive stays."
# Answers that lead to KumoMTA.
SELECTION = {
    "licence_budget": "no",
    "vendor_sla": "no",
    "compliance": "no",
    "managed": "code",
    "open_source": "required",
    "languages": "one",
    "redesign": "partly",
}


def upload_the_estate(cast):
    """Carl uploads what his collector packed; a job reads it."""
    carl = cast.carl
    carl.go(f"{cast.home}discovery/")
    carl.fill(host_label=HOST)
    give_file(carl, "bundle", "out1.tar.gz", bundle())
    carl.press("Upload the configuration")
    carl.go(f"{cast.home}discovery/")
    carl.wait_for("files read")


def upload_the_mail_log(cast, servers):
    """Mail goes by Postfix alone so far; Ada has its log measured."""
    ada = cast.ada
    servers.send(BEFORE)
    ada.go(f"{cast.home}discovery/volumes/")
    ada.fill(host_label=HOST)
    give_file(ada, "log", "mail.log", servers.log_of_postfix())
    ada.press("Upload the mail log")
    ada.go(f"{cast.home}discovery/volumes/")
    ada.wait_for("lines about messages")


def triage(cast):
    """Ada accepts what is urgent from its own page, and the rest in one go from the queue."""
    ada = cast.ada
    for severity in ("blocker", "high"):
        ada.go(f"{cast.home}discovery/findings/?severity={severity}&state=open")
        while ada.page.locator("main [data-row]").count():
            ada.page.locator("main [data-row] a").first.click()
            ada.page.wait_for_load_state()
            ada.press(re.compile(r"^Accept F-"))
            ada.go(f"{cast.home}discovery/findings/?severity={severity}&state=open")


def mark_the_streams(cast):
    """Contracts stay on Postfix with their entrance; everything else migrates."""
    ada = cast.ada
    ada.go(f"{cast.home}discovery/subjects/streams/")
    tick_streams(ada, lambda words: "contracts" in words or "2526" in words)
    ada.fill(route="stay", route_reason=WHY_IT_STAYS)
    ada.press("Mark the streams")
    tick_streams(ada, lambda words: "Proposed" in words)
    ada.fill(route="migrate", route_reason="")
    assert "Every stream is decided" in ada.press("Mark the streams")


def tick_streams(person, is_meant):
    for row in person.page.locator("main tr:has(input[name=stream])").all():
        if is_meant(row.inner_text()):
            row.locator("input[name=stream]").check()


def select_the_target(cast):
    """Carl answers what leads to KumoMTA, Ada sets it."""
    for variable, choice in SELECTION.items():
        cast.carl.go(f"{cast.home}discovery/selection/{variable}/")
        check(cast.carl, "choice", choice)
        cast.carl.press("Save the answer")
    assert "KumoMTA" in cast.ada.go(f"{cast.home}discovery/selection/")
    cast.ada.go(f"{cast.home}target/")
    check(cast.ada, "target", "kumomta")
    cast.ada.fill(reason="The answers of the selection lead to it.")
    cast.ada.press("Set the target")


def decide_every_gap(cast):
    """Carl reads each construct that has no equal on the target, and decides."""
    carl = cast.carl
    carl.go(f"{cast.home}discovery/translation/decisions/")
    carl.wait_for("Waiting for a decision", "Everything is decided")
    waiting = carl.page.locator("section:has(#waiting) tbody th a")
    while waiting.count():
        waiting.first.click()
        carl.page.wait_for_load_state()
        check(carl, "choice", "accept")
        carl.press("Decide on the selected lines")
    assert "Everything is decided" in carl.text()


def answer_the_tasks(cast):
    complete_task(cast.ada, cast, 1, "Readout call held", "Call of this morning, minutes in the ticket.")
    complete_task(cast.carl, cast, 1, "Owner named for each milter and script", "Niamh Byrne owns all three.")


def discover(cast, servers):
    """Up to Carl's signature on the plan."""
    upload_the_estate(cast)
    upload_the_mail_log(cast, servers)
    triage(cast)
    mark_the_streams(cast)
    select_the_target(cast)
    decide_every_gap(cast)
    answer_the_tasks(cast)
    freeze_and_ask(cast, 1)
    assert "Install + config, began on" in sign_phase(cast, 1)
