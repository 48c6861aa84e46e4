"""Two people at once, in two threads with a connection each."""

import threading

import pytest
from django.db import connection

from accounts.domain.accept_invitation import accept_invitation
from accounts.domain.end_membership import end_membership
from accounts.domain.give_membership import give_membership
from accounts.domain.invite_person import invite_person
from accounts.models import Membership, User
from core.audit import verify_chain
from core.errors import Conflict, DomainError
from core.models import AuditEvent

pytestmark = pytest.mark.django_db(transaction=True)


def both(*acts):
    """Run the acts at the same moment; what each said: "done" or the error of the domain."""
    said, start = [], threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            act()
            said.append("done")
        except DomainError as error:
            said.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said, key=str)


def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told(northlake, carl):
    _, token = invite_person("ines@northlake.example", organization=northlake, role="viewer", actor=carl)

    told, done = both(
        lambda: accept_invitation(token, full_name="Ines Roth", password="wandering quince 41"),
        lambda: accept_invitation(token, full_name="Ines Else", password="wandering quince 42"),
    )

    assert done == "done"
    assert isinstance(told, Conflict)
    assert "This invitation was accepted on" in str(told)
    assert User.objects.filter(email="ines@northlake.example").count() == 1
    assert AuditEvent.objects.filter(action="invitation.accepted").count() == 1
    assert list(verify_chain("portal")) == []


def test_of_two_owners_who_leave_at_once_one_stays(consultancy, olga, lea):
    give_membership(lea, organization=consultancy, role="owner", actor=olga)
    first, second = Membership.objects.filter(role="owner").select_related("user")

    said = both(lambda: end_membership(first, actor=first.user), lambda: end_membership(second, actor=second.user))

    assert said.count("done") == 1
    assert any("is the only owner" in str(one) for one in said)
    assert Membership.objects.filter(role="owner").count() == 1
