"""The people of the practice: those of the demo, and as many more as so many engagements need."""

from dataclasses import dataclass

from accounts.domain.give_membership import give_membership
from accounts.models import Organization, User

# How many engagements one person of the role has, in the order of the roles.
ONE_FOR = {"lead": 300, "consultant": 150, "sales": 1_500}


@dataclass(frozen=True)
class Staff:
    """Keys of people by role; the first of each is the one of the demo."""

    practice: int
    people: dict[str, list[int]]

    @property
    def everybody(self) -> list[int]:
        return [person for people in self.people.values() for person in people]

    def in_turn(self, column: str, stride: int) -> str:
        """SQL: for people of the practice the next one of their role, for others the copy of the person."""
        cases = [
            f"WHEN {column} = {people[0]} THEN (ARRAY{people})[1 + k % {len(people)}]"
            for people in self.people.values()
        ]
        return f"CASE {' '.join(cases)} ELSE {column} + {stride} * k END"


def more_staff(engagements: int) -> Staff:
    practice = Organization.objects.consultancy()
    owner = User.objects.get(memberships__organization=practice, memberships__role="owner")
    people = {"owner": [owner.pk]}
    for role, count in ONE_FOR.items():
        first = User.objects.get(memberships__organization=practice, memberships__role=role)
        people[role] = [first.pk, *(_hire(role, number, owner).pk for number in range(engagements // count))]
    return Staff(practice.pk, people)


def _hire(role: str, number: int, owner: User) -> User:
    person = User.objects.create(email=f"{role}{number}@practice.example", full_name=f"{role.title()} {number}")
    give_membership(person, organization=Organization.objects.consultancy(), role=role, actor=owner)
    return person
