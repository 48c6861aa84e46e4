"""What stands in place of the names of who is erased. Kept sealed from the first step of an erasure to its last."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Q

from accounts.models import Organization, User
from core import sealing
from core.domain.take_number import take_number
from core.models import AuditEvent
from core.record_classes import record_classes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engagements.models import Erasure

SHORTEST = 3  # characters: what is shorter stands inside too many other words
NOWHERE = "erased.invalid"  # RFC 2606: a name that no mail server has
CONTACT = "Erased contact"
_PURPOSE = "names of who is erased"


@dataclass(frozen=True, slots=True)
class Names:
    """`unique` names nobody else, such as an address; `shared` may name somebody else elsewhere, such as “Ann Lee”.

    `homonyms` do name somebody who stays: replaced only in what the erased did, and what was done to them.
    """

    unique: dict[str, str]
    shared: dict[str, str]
    homonyms: dict[str, str] = field(default_factory=dict)

    def replace(self, text: str, *, with_shared: bool = True, with_homonyms: bool = False) -> str:
        """A second time over changes nothing: what stands in place of a name is left as it is, whatever it holds."""
        known = {
            **(self.homonyms if with_homonyms else {}),
            **(self.shared if with_shared or with_homonyms else {}),
            **self.unique,
        }
        if not known or not text:
            return text
        folded = {name.casefold(): new for name, new in known.items()}
        folded |= {new.casefold(): "" for new in known.values()}
        wanted = "|".join(re.escape(name) for name in sorted({*known, *known.values()}, key=len, reverse=True))
        return re.sub(
            rf"(?<!\w)(?:{wanted})(?!\w)",
            lambda hit: folded.get(hit[0].casefold(), CONTACT) or hit[0],
            text,
            flags=re.IGNORECASE,
        )

    @property
    def all(self) -> list[str]:
        return [*self.unique, *self.shared]

    def is_in(self, text: str) -> bool:
        return self.replace(text, with_shared=False) != text


def sealed(names: Names) -> bytes:
    return sealing.seal(json.dumps([names.unique, names.shared, names.homonyms]).encode(), purpose=_PURPOSE)


def names_of(erasure: Erasure) -> Names:
    return Names(*json.loads(sealing.unseal(bytes(erasure.sealed_names), purpose=_PURPOSE)))


def people_of(erasure: Erasure) -> list[User]:
    """Who is erased: the person, or everybody who belongs to this customer and to nobody else."""
    if erasure.person_id:
        return [User.objects.get(pk=erasure.person_id)]
    return people_only_of(erasure.organization) if erasure.organization else []


def people_only_of(organization: Organization) -> list[User]:
    elsewhere = User.objects.filter(memberships__organization__in=Organization.objects.exclude(pk=organization.pk))
    return list(User.objects.filter(memberships__organization=organization).exclude(pk__in=elsewhere).order_by("pk"))


def give_pseudonyms(people: Iterable[User], organization: Organization | None) -> Names:
    """Rename the rows themselves, and tell what stands for what. The transaction of the caller keeps the names."""
    names = Names({}, {})
    for person in people:
        _rename_person(person, names)
    if organization:
        _name_contacts(organization, names)
        _rename_customer(organization, names)
    _leave_the_living(names)
    return names


def _rename_person(person: User, names: Names) -> None:
    number = take_number("erased-person")
    name, address = f"Erased person {number}", f"person-{number}@{NOWHERE}"
    for old in addresses_of(person):
        _put(names.unique, old, address)
    for old in _names_of(person):
        _put(names.shared, old, name)
    person.full_name, person.email, person.job_title, person.last_login = name, address, "", None
    person.is_active = False
    person.set_unusable_password()
    person.save()


def addresses_of(person: User) -> Iterator[str]:
    yield person.email
    yield from EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    for data in _told_of(person, "person.email_changed"):
        yield str(data.get("before", ""))


def _names_of(person: User) -> Iterator[str]:
    yield person.full_name
    for data in _told_of(person, "profile.changed"):
        yield str(data.get("before", {}).get("full_name", ""))


def _told_of(person: User, action: str) -> Iterator[dict[str, Any]]:
    subject = {"subject_type": "accounts.User", "subject_id": str(person.pk)}
    yield from AuditEvent.objects.filter(action=action, **subject).values_list("data", flat=True)


def _name_contacts(organization: Organization, names: Names) -> None:
    """Addresses and names that classes of records say are somebody's, without an account of their own."""
    for one in record_classes():
        for label, fields in one.names.items():
            rows = apps.get_model(label)._base_manager.filter(**{one.models[label]: organization})
            for words in rows.values_list(*fields):
                for word in words:
                    is_address = "@" in word
                    _put(
                        names.unique if is_address else names.shared,
                        word,
                        f"contact@{NOWHERE}" if is_address else CONTACT,
                    )


def _rename_customer(organization: Organization, names: Names) -> None:
    number = take_number("erased-customer")
    _put(names.unique, organization.name, f"Erased customer {number}")
    organization.name = f"Erased customer {number}"
    organization.save(update_fields=["name"])


def _put(known: dict[str, str], old: str, new: str) -> None:
    if len(old.strip()) >= SHORTEST and old != "none" and NOWHERE not in old:
        known.setdefault(old.strip(), new)


def _leave_the_living(names: Names) -> None:
    """What somebody who stays goes by, a customer or a person, is theirs."""
    for known in (names.unique, names.shared):
        for old in [each for each in known if _is_somebodys(each)]:
            names.homonyms[old] = known.pop(old)


def _is_somebodys(name: str) -> bool:
    people = User.objects.filter(Q(email__iexact=name) | Q(full_name__iexact=name))
    return people.exists() or Organization.objects.filter(name__iexact=name).exists()
