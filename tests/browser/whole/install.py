"""Phase 2: the target is installed with the generated files, and what the pre-flight asks is shown."""

from tests.browser.whole.cast import complete_task, follow, freeze_and_ask, said_after, sign_phase

# What people state where the portal cannot know it by itself.
STATED = {
    "injection": "archive_contract.sh calls sendmail. It stays with the contracts on the small Postfix of this host.",
    "warm_up": "The three addresses move to the new host as they are; receivers have seen them for years.",
}
OUTPUT = "validating /opt/kumomta/etc/policy/init.lua\nexit status 0\n"
DNS_WORDS = "Looked up by Niamh Byrne at two resolvers on the morning of the call; the answers are in the ticket."


def install(cast):
    """Up to Carl's signature on phase 2."""
    attach_what_the_target_said(cast)
    ask_dns(cast)
    state_what_is_not_known(cast)
    complete_task(cast.carl, cast, 2, "Target MTA licence or package access", "Packages of the KumoMTA project.")
    complete_task(cast.ada, cast, 2, "Target MTA installed", "KumoMTA 2026.04.09 on mta1.aldermoor.example.")
    freeze_and_ask(cast, 2)
    assert "Parallel delivery, began on" in sign_phase(cast, 2)


def ask_dns(cast):
    """A job asks for every record; what nobody published yet stays to be stated."""
    cast.ada.go(f"{cast.home}preflight/")
    cast.ada.press("Ask DNS")
    cast.ada.wait_for("Ask DNS anew")


def attach_what_the_target_said(cast):
    """What kumod printed about the files, from where the pre-flight leads to."""
    cast.ada.go(f"{cast.home}preflight/checks/target_check/")
    follow(cast.ada, "See the command, and attach what it prints")
    cast.ada.fill(output=OUTPUT)
    assert "The output is attached: passed" in said_after(cast.ada, "Attach the output")


def state_what_is_not_known(cast):
    """Ada follows the list of the pre-flight; each check that does not hold asks for a statement."""
    list_page = f"{cast.home}preflight/"
    cast.ada.go(list_page)
    rows = cast.ada.page.get_by_role("region", name="Table: checks of the pre-flight").locator("tbody tr").all()
    missing = [
        row.locator("a").get_attribute("href") for row in rows if not row.inner_text().strip().endswith("Nothing")
    ]
    for path in missing:
        key = path.rstrip("/").rsplit("/", 1)[-1]
        cast.ada.go(path)
        cast.ada.fill(note="It holds for all three addresses.", evidence=STATED.get(key, DNS_WORDS))
        cast.ada.press("Record the statement")
    assert "12 of 12 complete" in cast.ada.go(list_page)
