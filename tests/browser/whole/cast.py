"""Sam, Ada and Lea of the practice, Carl of the customer, and what all of them do at any page."""

import json
import re
import tarfile
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.parallel.people import Person

CUSTOMER = "Aldermoor Supply"
CARL = {"email": "carl@aldermoor.example", "password": "carl-counts-every-invoice-2026"}
CARLS_NAME, CARLS_ROLE = "Carl Brandt", "Head of infrastructure"
ESTATE, ZONE = Path(__file__).with_name("estate"), Path(__file__).with_name("zone.txt")
GATE_SECONDS = 90


class Cast:
    """The four, each in a browser of their own; `code` is the engagement once there is one."""

    def __init__(self, browser, portal, calendar):
        self.browser, self.url, self.portal, self.code = browser, portal.url, portal, ""
        self.calendar = calendar  # by which everybody and everything of the stage lives
        roles = {row["role"]: row for row in json.loads((portal.var / "demo-logins.json").read_text())}
        self.sam, self.ada, self.lea = (
            Person(browser, portal.url, roles[name]) for name in ("sales", "consultant", "lead")
        )
        self.carl = Person(browser, portal.url, CARL)

    @property
    def home(self):
        return f"/engagements/{self.code}/"

    @property
    def people(self):
        return (self.sam, self.ada, self.lea, self.carl)

    def carl_signs_in_anew(self):
        """A signature asks for somebody who has just shown who they are."""
        self.carl.page.context.close()
        self.carl = Person(self.browser, self.url, CARL)


def follow(person, name):
    person.page.locator("main").get_by_role("link", name=name).first.click()
    person.page.wait_for_load_state()
    return person.text()


def path_of(person):
    return urlsplit(person.page.url).path


def check(person, name, value):
    person.page.locator(f"main input[name={name}][value={value}]").check()


def bundle():
    """The customer's configuration as the collector packs it."""
    stream = BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        archive.add(ESTATE, arcname=".")
    return stream.getvalue()


def give_file(person, field, name, content):
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    person.page.locator(f"main input[name={field}]").set_input_files(file)


def complete_task(person, cast, gate, title, evidence):
    person.go(f"{cast.home}gates/{gate}/")
    follow(person, title)
    person.fill(evidence=evidence)
    assert "is completed" in said_after(person, "Complete this task")


def said_after(person, button):
    """What the page that comes after a button tells: its messages and its main part."""
    person.press(button)
    return person.page.locator("body").inner_text()


def freeze_and_ask(cast, number):
    """Ada freezes the document of a phase and asks for signatures, as its gate leads her."""
    gate = f"{cast.home}gates/{number}/"
    cast.ada.go(f"{gate}document/")
    cast.ada.press(re.compile(r"^Build and freeze"))
    cast.ada.wait_for("Open the PDF")
    cast.ada.go(f"{gate}ask-for-signatures/")
    cast.ada.press(re.compile(r"^Ask \d+ p"))


def sign_phase(cast, number):
    """Carl finds the document on his first page, reads it and signs. Returns what the receipt says."""
    cast.carl_signs_in_anew()
    cast.carl.go("/")
    follow(cast.carl, "Read and sign")
    cast.carl.page.get_by_label("I have read version").check()
    cast.carl.fill(typed_name=CARLS_NAME, role_title=CARLS_ROLE)
    return cast.carl.press(f"Sign phase {number}")
