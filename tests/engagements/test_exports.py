"""What a customer, or a person, takes out: theirs alone, without secrets, with a manifest that fits."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization, User
from core.errors import Conflict, Refused
from core.jobs import run_job
from core.models import AuditEvent
from delivery.domain.set_mailbox import set_mailbox
from delivery.feedback.imap import Account
from engagements.domain.ask_export import ask_customer_export, ask_own_export, clear_exports, take_export
from engagements.domain.ask_question import ask_question
from engagements.export_pack import WITHHELD
from engagements.models import DataExport, DataExportPiece
from tests.factories.accounts import make_token
from tests.factories.discovery import read
from tests.factories.engagements import make_engagement

pytestmark = pytest.mark.django_db


def opened(export, actor):
    assert run_job(export.job_id)
    export.refresh_from_db()
    assert export.done_at, export.job.error_sentence
    content = b"".join(take_export(export, actor=actor))
    assert hashlib.sha256(content).hexdigest() == export.sha256
    return zipfile.ZipFile(io.BytesIO(content))


@pytest.fixture
def full(engagement, ada, carl, otto, sam, lea):
    """Something of this customer, with a secret in it, and something of another."""
    read(engagement, actor=ada)
    account = Account("imap.northlake.example", 993, "bounces", "a-password-of-a-mailbox", "INBOX")
    set_mailbox(engagement, account=account, actor=ada)
    ask_question(engagement, actor=carl, text="Who runs the drill?", is_blocking=False)
    beltane = Organization.objects.get(name="Beltane Retail")
    other = make_engagement(beltane, sales=sam, lead=lea, consultants=[ada], title="Beltane to KumoMTA")
    ask_question(other, actor=otto, text="A question of Beltane", is_blocking=False)
    return engagement


def everything_in(archive):
    return b"".join(archive.read(name) for name in archive.namelist())


def test_a_customer_takes_out_what_is_theirs_and_nothing_of_others_or_secret(full, northlake, carl):
    archive = opened(ask_customer_export(northlake, actor=carl), carl)

    whole = everything_in(archive)
    assert b"Who runs the drill?" in whole
    assert b"Carl Brandt" in whole
    assert b"Beltane" not in whole
    assert b"Otto" not in whole
    assert b"a-password-of-a-mailbox" not in whole
    mailbox = json.loads(archive.read("records/delivery.feedback.json"))["rows"]["delivery.Mailbox"][0]
    assert mailbox["sealed_password"] == WITHHELD
    people = json.loads(archive.read("records/accounts.people.json"))["rows"]["accounts.User"]
    assert [(one["email"], one["password"]) for one in people] == [("carl@northlake.example", WITHHELD)]
    assert [name for name in archive.namelist() if name.startswith("files/discovery.StoredFile/")]


def test_the_manifest_names_every_file_with_its_fingerprint(full, northlake, olga):
    archive = opened(ask_customer_export(northlake, actor=olga), olga)

    manifest = json.loads(archive.read("manifest.json"))
    assert set(manifest["files"]) == set(archive.namelist()) - {"manifest.json"}
    for name, told in manifest["files"].items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == told["sha256"]
    assert "What Gatepost keeps about Northlake Logistics" in archive.read("README.txt").decode()


@pytest.mark.parametrize("who", ["vera", "ada", "lea", "sam", "otto"])
def test_only_the_owner_and_the_customers_own_manager_ask(full, northlake, who, request):
    with pytest.raises(Refused):
        ask_customer_export(northlake, actor=request.getfixturevalue(who))

    assert not DataExport.objects.exists()


def test_a_pack_made_for_the_owner_is_neither_listed_for_nor_taken_by_the_customer(full, northlake, olga, carl):
    export = ask_customer_export(northlake, actor=olga)
    opened(export, olga)

    with pytest.raises(Refused, match="only they take it"):
        take_export(export, actor=carl)

    assert not DataExport.objects.visible_to(carl).exists()
    assert not DataExportPiece.objects.visible_to(carl).exists()
    assert DataExport.objects.visible_to(olga).get() == export
    assert AuditEvent.objects.filter(action="records.taken").count() == 1


def test_whoever_may_no_longer_export_takes_no_pack_they_asked_for(full, northlake, carl):
    export = ask_customer_export(northlake, actor=carl)
    opened(export, carl)
    carl.memberships.update(role="viewer")
    viewer = User.objects.get(pk=carl.pk)

    with pytest.raises(Refused):
        take_export(export, actor=viewer)

    assert not DataExport.objects.visible_to(viewer).exists()


def test_asking_making_and_taking_stand_in_the_ledger(northlake, olga):
    opened(ask_customer_export(northlake, actor=olga), olga)

    told = AuditEvent.objects.filter(action__startswith="records.").order_by("sequence")
    assert [event.action for event in told] == ["records.export_asked", "records.exported", "records.taken"]


def test_a_pack_expires_and_its_bytes_go(northlake, olga):
    export = ask_customer_export(northlake, actor=olga)
    opened(export, olga)
    DataExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    cleared = clear_exports()

    assert cleared > 0
    assert not DataExportPiece.objects.exists()
    with pytest.raises(Conflict, match="has expired"):
        take_export(export, actor=olga)


def test_asking_twice_while_it_is_packed_packs_once(northlake, olga):
    assert ask_customer_export(northlake, actor=olga) == ask_customer_export(northlake, actor=olga)


def test_a_pack_waits_sealed(full, northlake, olga):
    export = ask_customer_export(northlake, actor=olga)
    opened(export, olga)

    assert not any(bytes(piece.sealed).startswith(b"PK") for piece in export.pieces.all())


def test_a_person_takes_out_their_own(full, carl, vera):
    _, text = make_token(carl, name="an export", days=30)

    archive = opened(ask_own_export(carl), carl)

    whole = everything_in(archive)
    assert b"carl@northlake.example" in whole
    assert b"an export" in whole
    assert text.encode() not in whole
    assert b"vera@northlake.example" not in whole
    acts = [json.loads(line) for line in archive.read("ledger/acts.jsonl").splitlines()]
    assert {carl.pk} == {act["actor"] for act in acts if act["action"] == "question.asked"}
