"""Every page of the tables of the laws as Django answers it: what a person is shown, and where."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from core.outage import say_outage
from core.views import server_error
from tests.laws.account_pages import ACCOUNT_PAGES
from tests.laws.acts import ACTS, TYPED
from tests.laws.pages import PAGES, PEOPLE
from tests.laws.world import named_urls

WORDS = dict(named_urls())
# Whose page has most to do on it comes first.
WHO_FIRST = ("ada", "carl", "olga", "sam", "vera", "nobody", "otto", "ugo")
PAGE = "text/html"
SAID_IN_PAGES = {200, 403, 404, 409, 422}
MAILS_OF_A_LINK = 5


@dataclass(frozen=True)
class Shown:
    """One answer that is a page."""

    name: str
    person: str
    status: int
    path: str
    body: bytes

    @property
    def is_page(self):
        """Neither a file nor a part of a page."""
        return b"<html" in self.body[:200]

    def __str__(self):
        return f"{self.name} ({self.status}) as {self.person}"


class Reader:
    """Asks for pages as a person, and forgets what that did."""

    def __init__(self, world, people):
        self.world, self.people = world, people

    @contextmanager
    def signed_in(self, person):
        cache.clear()  # attempts are counted there
        client = Client(raise_request_exception=False)
        with transaction.atomic():
            if person != "nobody":
                client.force_login(User.objects.get(pk=self.people[person].pk))
            yield client
            transaction.set_rollback(True)

    def path_of(self, name):
        return reverse(name, kwargs=self.world.arguments_for(name, WORDS[name]))

    def open(self, person, name):
        return self._shown(person, name, "get", {})

    def act(self, person, name):
        return self._shown(person, name, "post", TYPED.get(name, {"nothing": "known"}))

    def _shown(self, person, name, method, typed):
        path = self.path_of(name)
        with self.signed_in(person) as client:
            answer = getattr(client, method)(path, typed)
            is_text = answer.get("Content-Type", "").startswith(PAGE)
            return Shown(name, person, answer.status_code, path, answer.content if is_text else b"")

    def pages_of(self, person):
        """What a person alone walks through: the pages nobody before them in the order may see."""
        shown = (self.open(person, name) for name in names_of_pages() if next(iter(whoever_may(name)), "") == person)
        return [page for page in shown if page.is_page]

    def pages(self):
        """Every page for everybody who gets it."""
        return (
            page for name in names_of_pages() for who in whoever_may(name) if (page := self.open(who, name)).is_page
        )

    def answers(self):
        """What an act says in a page of its own: what is wrong with what was typed, or why it is refused."""
        said = (
            (who, name) for name, row in ACTS.items() for who in WHO_FIRST if row[PEOPLE.index(who)] in SAID_IN_PAGES
        )
        return (page for who, name in said if (page := self.act(who, name)).is_page)

    def refusals(self):
        """The pages that lead no further, one of each kind."""
        yield self.open("vera", "pricing:pipeline")
        yield self.open("vera", "portfolio:overview")
        yield self.open("sam", "pricing:send")
        yield self.open("nobody", "link:accept")
        yield self.act("ada", "engagements:submit")
        yield self.act("sam", "pricing:request_new")
        yield self._asked_too_often()
        fault = server_error(RequestFactory().get("/"))
        yield Shown("fault", "nobody", fault.status_code, "/fault/", fault.content)
        for method in ("get", "post"):
            away = say_outage(getattr(RequestFactory(), method)("/engagements/"))
            yield Shown(f"outage of a {method}", "nobody", away.status_code, f"/outage/{method}/", away.content)

    def _asked_too_often(self):
        path = self.path_of("start:link")
        with self.signed_in("nobody") as client:
            for _ in range(MAILS_OF_A_LINK):
                client.post(path)
            answer = client.post(path)
            return Shown("start:link", "nobody", answer.status_code, path, answer.content)


def names_of_pages():
    return [*PAGES, *ACCOUNT_PAGES]


def whoever_may(name):
    """Everybody who gets the page, whoever has most to do on it first."""
    if name in ACCOUNT_PAGES:
        row = dict(zip(("nobody", "vera"), ACCOUNT_PAGES[name], strict=True))
    else:
        row = dict(zip(PEOPLE, PAGES[name], strict=True))
    return [who for who in WHO_FIRST if row.get(who) == 200]
