"""Ada of the consultancy and the customer's signatory at the pages of parallel delivery, each in a browser session."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.parallel.servers import Piece
from tests.browser.conftest import ACT_MILLISECONDS, CHROMIUM, FLAGS

CUSTOMER = "Northlake Logistics"
ADA, MARIA = "consultant@practice.example", "signatory@northlake.example"
PATIENCE_SECONDS = 180  # a machine that does other things as well


class Person:
    """Signs in whenever the portal asks for it: sessions end, too, when weeks pass."""

    def __init__(self, browser: Browser, url: str, login: dict[str, str]) -> None:
        self.browser, self.url, self.login = browser, url, login
        context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        context.set_default_timeout(ACT_MILLISECONDS)
        self.page: Page = context.new_page()

    def go(self, path: str) -> str:
        """What stands in the main part of a page."""
        self.page.goto(path)
        if "/account/login/" in self.page.url:
            self.page.locator("input[name=login]").fill(self.login["email"])
            self.page.locator("input[name=password]").fill(self.login["password"])
            self.press("Sign in")
            self.page.goto(path)
        return self.text()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def press(self, name: str | re.Pattern[str]) -> str:
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state()
        return self.text()

    def confirm(self) -> None:
        """Prove who it is where a page asks for it first: the sign-in may be weeks old."""
        if self.page.get_by_role("button", name="Confirm who you are").count():
            self.press("Confirm who you are")
            self.page.locator("input[name=password]").fill(self.login["password"])
            self.press("Confirm")

    def fill(self, **words: str) -> None:
        for name, value in words.items():
            field = self.page.locator(f"main [name={name}]")
            if field.first.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def wait_for(self, *texts: str) -> str:
        """Reload until one of these stands there, as somebody without JavaScript would. Raises RuntimeError."""
        for _ in range(PATIENCE_SECONDS):
            shown = self.text()
            if any(text in shown for text in texts):
                return shown
            self.page.wait_for_timeout(1_000)
            self.page.reload()
        raise RuntimeError(f"{texts} did not appear at {self.page.url}:\n{self.text()[:2000]}")

    def rows(self, table: str) -> list[list[str]]:
        """The cells of a table, by its label."""
        found = self.page.get_by_role("region", name=table).locator("tbody tr").all()
        return [[cell.inner_text().strip() for cell in row.locator("th, td").all()] for row in found]


class People:
    """Everything they do goes through pages; `code` is the engagement."""

    def __init__(self, browser: Browser, url: str, logins: list[dict[str, str]]) -> None:
        by_email = {login["email"]: login for login in logins}
        self.ada, self.maria = (Person(browser, url, by_email[email]) for email in (ADA, MARIA))
        self.ada.go("/engagements/")
        row = self.ada.page.locator("main tr", has_text=CUSTOMER).first
        self.code = found_in(r"(E-\d{4}-\d{4})", row.inner_html())
        self.home = f"/engagements/{self.code}/"
        self.parallel = f"{self.home}parallel/"

    def set_line(self, url: str, token: str) -> None:
        self.ada.go(f"{self.parallel}line/")
        self.ada.fill(url=url, token=token)
        self.ada.press("Set the line")

    def open_ramp(self) -> None:
        self.ada.go(f"{self.parallel}ramps/open/")
        self.ada.press("Open the ramp")

    def upload(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            self.ada.go(f"{self.parallel}reconciliation/")
            self.ada.fill(kind=piece.kind)
            file: Any = {"name": piece.name, "mimeType": "application/octet-stream", "buffer": piece.content}
            self.ada.page.locator("main input[name=log]").set_input_files(file)
            if "is kept" not in (shown := self.ada.press("Upload the log")):
                raise RuntimeError(f"{piece.name} was not taken:\n{shown[:2000]}")

    def reconcile(self) -> int:
        """The number of the run."""
        before = self.runs()
        self.ada.press("Reconcile these logs")
        while (now := self.runs()) == before:
            self.ada.wait_for(f"Run {before + 1}\t", "did not come to its end")
        return now

    def runs(self) -> int:
        shown = self.ada.go(f"{self.parallel}reconciliation/")
        if "did not come to its end" in shown:
            raise RuntimeError(shown[:2000])
        return max((int(row[0].split()[-1]) for row in self.ada.rows("Table: runs of the reconciliation")), default=0)

    def blockers(self) -> list[str]:
        """What stands against the next step of the ramp."""
        self.ada.go(f"{self.parallel}ramps/1/")
        return [one.inner_text() for one in self.ada.page.locator("section:has(#next) li").all()]

    def approve(self, share: int) -> None:
        self.maria.go(f"{self.parallel}ramps/1/")
        self.maria.press(f"Say yes to {share} %")

    def change_share(self, share: int, why: str) -> None:
        self.ada.go(f"{self.parallel}ramps/1/")
        self.ada.fill(share=str(share), why=why)
        self.ada.press("Change the share")
        while "A change is under way" in self.ada.text():
            self.ada.page.wait_for_timeout(500)
            self.ada.page.reload()
        if not self.ada.page.locator("h1").inner_text().endswith(f": {share} %"):
            raise RuntimeError(f"{share} % was not reached:\n{self.ada.text()[:3000]}")

    def go_to_rollback(self) -> None:
        self.ada.go(f"{self.parallel}rollback/")
        self.ada.confirm()

    def order_rollback(self, kind: str) -> None:
        self.ada.press("Start a drill" if kind == "drill" else "Start the rollback")

    def see_rollback_end(self) -> str:
        """The clock of the page when the proxy had said that everything goes to Postfix."""
        self.ada.wait_for("Back on Postfix", "Later than the limit")
        return self.ada.page.locator(".clock").first.inner_text()

    def resume(self) -> None:
        self.ada.press("Tell the proxy to resume")
        self.ada.wait_for("The proxy was told to resume", "goes on with its shares")

    def explain_rollback(self, reason: str) -> None:
        self.ada.fill(reason=reason)
        self.ada.press("Record it")

    def decide_open(self, title: str, *, reason: str) -> int:
        """Stay, where a decision is about this; how many were. Raises RuntimeError for one about anything else."""
        self.ada.go(self.parallel)
        links = [link.get_attribute("href") or "" for link in self.ada.page.get_by_role("link", name="Decide").all()]
        for link in links:
            if title not in (shown := self.ada.go(link)):
                raise RuntimeError(f"Another trigger was crossed:\n{shown[:2000]}")
            self.ada.fill(choice="go_on", reason=reason)
            self.ada.press("Record the decision")
        return len(links)

    def open_cases(self) -> list[tuple[str, str]]:
        """Address and line of each."""
        self.ada.go(f"{self.parallel}reconciliation/")
        found = self.ada.page.locator("section:has(#cases) p:has-text('Open') a[href*='/cases/']").all()
        return [(link.get_attribute("href") or "", link.inner_text()) for link in found if "Case" in link.inner_text()]

    def close_case(self, path: str, *, verdict: str, reason: str, evidence: str) -> None:
        self.ada.go(path)
        self.ada.press("Take this case")
        self.ada.fill(verdict=verdict, reason=reason, evidence=evidence)
        self.ada.press(re.compile("^Close Case"))

    def pass_gate(self, number: int) -> None:
        """Its tasks, its document, and the customer's signature in a new session: who signs has just signed in."""
        gate = f"{self.home}gates/{number}/"
        self.ada.go(gate)
        tasks = self.ada.page.locator(f"main a[href*='{self.home}tasks/']").all()
        for path in [link.get_attribute("href") or "" for link in tasks]:
            self.ada.go(path)
            self.ada.fill(evidence="Seen in the pages of parallel delivery: ramp, runs, drill.")
            self.ada.press("Complete this task")
        self.ada.go(f"{gate}document/")
        self.ada.press("Build and freeze")
        self.ada.wait_for("Open the PDF")
        self.ada.go(f"{gate}ask-for-signatures/")
        self.ada.press(re.compile(r"^Ask \d+ p"))
        self.maria = Person(self.maria.browser, self.maria.url, self.maria.login)
        self.maria.go(f"{gate}sign/")
        self.maria.page.get_by_label("I have read version").check()
        self.maria.fill(typed_name="Maria Ortega", role_title="Head of engineering")
        self.maria.press(f"Sign phase {number}")

    def read_run(self, number: int) -> dict[str, Any]:
        shown = self.ada.go(f"{self.parallel}reconciliation/runs/{number}/")
        states = {row[0]: number_in(row[2]) for row in self.ada.rows("Table: recipients by state")}
        lines = self.ada.rows("Table: lines of each log")
        return {
            "states": states,
            "causes": [one.inner_text() for one in self.ada.page.locator("section:has(#states) ul li").all()],
            "balance": [one.inner_text() for one in self.ada.page.locator("section:has(#balance) p").all()[:-1]],
            "lines": sum(number_in(row[1]) for row in lines),
            "lines not understood": sum(number_in(row[2]) for row in lines),
            "recipients": number_in(found_in(r"Recipients\s+([\d,]+)", shown)),
        }


def found_in(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"{pattern} does not stand in:\n{text[:2000]}")
    return found[1]


def number_in(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


@contextmanager
def people_of(url: str, var: Path) -> Iterator[People]:
    logins = json.loads((var / "demo-logins.json").read_text())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield People(browser, url, logins)
        browser.close()
