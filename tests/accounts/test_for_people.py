"""What a service user never does, whatever its role: each permission is for people, or for programs too."""

import pytest

from accounts.domain.make_service_user import make_service_user
from accounts.permissions import DUTY_PERMISSIONS, FOR_PEOPLE, Permission, allowed, organizations_where

pytestmark = pytest.mark.django_db

PEOPLE, PROGRAMS = "for people", "for programs too"
FOR_WHOM = {
    "view": PROGRAMS,
    "ask": PROGRAMS,
    "edit_request": PROGRAMS,
    "pause_clock": PROGRAMS,
    "reassign_request": PROGRAMS,
    "send_quote": PEOPLE,
    "view_quote": PROGRAMS,
    "accept_quote": PEOPLE,
    "sign_nda": PEOPLE,
    "override_tier": PEOPLE,
    "redate_quote": PEOPLE,
    "void_quote": PEOPLE,
    "upload": PROGRAMS,
    "view_evidence": PROGRAMS,
    "review": PROGRAMS,
    "order_rollback": PEOPLE,
    "edit_dictionary": PROGRAMS,
    "work_task": PROGRAMS,
    "answer_task": PROGRAMS,
    "approve_runbook": PEOPLE,
    "take_handoff": PEOPLE,
    "note_keys": PROGRAMS,
    "decide_gap": PEOPLE,
    "freeze": PROGRAMS,
    "sign": PEOPLE,
    "request_changes": PEOPLE,
    "override_check": PEOPLE,
    "advise_stay": PEOPLE,
    "close": PEOPLE,
    "staff": PEOPLE,
    "manage_people": PEOPLE,
    "manage_services": PEOPLE,
    "manage_webhooks": PEOPLE,
    "export_records": PEOPLE,
    "erase_records": PEOPLE,
    "note_days": PROGRAMS,
    "view_portfolio": PROGRAMS,
    "manage_practice": PEOPLE,
}


@pytest.mark.parametrize("permission", sorted(FOR_PEOPLE))
def test_what_is_for_people_it_may_not_do_in_any_role(consultancy, northlake, olga, carl, permission):
    made = [
        (make_service_user(side, name=role, role=role, actor=maker).user, side)
        for side, maker, roles in (
            (consultancy, olga, ("lead", "sales", "consultant")),
            (northlake, carl, ("finance", "contributor", "viewer")),
        )
        for role in roles
    ]

    answers = [allowed(service, permission, northlake) for service, _ in made]

    assert not any(answers)
    assert {str(answer.reason) for answer in answers} == {
        f"You may not {Permission(permission).label}: {service} is a service user, not a person." for service, _ in made
    }
    assert not any(organizations_where(service, permission).exists() for service, _ in made)


def test_every_permission_is_placed_among_those_for_people_or_for_programs_too():
    assert FOR_WHOM.keys() == {permission.value for permission in Permission}, "say in FOR_WHOM who may have a new one"
    assert {known for known, whom in FOR_WHOM.items() if whom == PEOPLE} == FOR_PEOPLE
    assert DUTY_PERMISSIONS.keys() <= FOR_PEOPLE
