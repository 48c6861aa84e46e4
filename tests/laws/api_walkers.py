"""Who walks the API: people of every role, and programs with a token for each thing. And what none of them may read."""

from dataclasses import dataclass, field

from django.db.models import TextChoices

from accounts.domain.make_service_user import make_service_user
from accounts.models import User
from core.scopes import Scope
from tests.factories.accounts import make_service_token, make_token
from tests.laws.pages import PEOPLE
from tests.laws.routes import ROUTES

# Beside those of the tables: the lead, and a customer's contributor.
ALL_PEOPLE = (*PEOPLE, "lea", "cora")
PROGRAMS = {f"program to {scope.value}": scope for scope in Scope}
FOREIGN_PROGRAM = "another customer's program"
WALKERS = (*ALL_PEOPLE, *PROGRAMS, FOREIGN_PROGRAM)
SHUT = {401, 403, 404}


class Side(TextChoices):
    """Whose things somebody is never shown."""

    NORTHLAKE = "northlake"
    BELTANE = "beltane"


# Of the practice, whoever is on an engagement sees it; Lea, Sam and Olga see all.
FOREIGN = {
    "otto": {Side.NORTHLAKE},
    FOREIGN_PROGRAM: {Side.NORTHLAKE},
    "ugo": {Side.NORTHLAKE, Side.BELTANE},
    **{name: {Side.BELTANE} for name in ("ada", "vera", "carl", "cora", *PROGRAMS)},
}


@dataclass
class Walkers:
    tokens: dict = field(default_factory=dict)
    marks: dict = field(default_factory=dict)

    def headers(self, name):
        return {"Authorization": f"Bearer {self.tokens[name]}"} if name in self.tokens else {}

    def is_shown_foreign(self, name, body):
        """Whether an answer names something of a customer that is not theirs."""
        return any(mark in body for side in FOREIGN.get(name, ()) for mark in self.marks[side])


def gather(people, *, northlake, theirs, foreign):
    """`theirs` and `foreign` are engagements of Northlake and of Beltane."""
    told = {name: make_token(User.objects.get(pk=one.pk), name="the walk", days=30)[1] for name, one in people.items()}
    program = _program(northlake, people["carl"])
    told |= {name: _token(program, scope, people["carl"]) for name, scope in PROGRAMS.items()}
    other = _program(foreign.organization, people["otto"])
    told[FOREIGN_PROGRAM] = _token(other, Scope.ALL, people["otto"])
    marks = {Side.NORTHLAKE: theirs, Side.BELTANE: foreign}
    return Walkers(told, {side: (one.code.encode(), one.organization.name.encode()) for side, one in marks.items()})


def _program(organization, person):
    return make_service_user(organization, name="The walk", role="contributor", actor=person)


def _token(program, scope, person):
    return make_service_token(program, name=scope.value, days=30, scope=scope, actor=person)[1]


def whoever_may(name, method):
    """Somebody whose request is read, not refused unread; of all of them the first."""
    row = ROUTES[name, method]
    return next((person for person, status in zip(PEOPLE, row, strict=True) if status not in SHUT), "olga")
