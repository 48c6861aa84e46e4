"""A backup restored elsewhere is the same portal, and what was changed or cut off restores nothing."""

import io
import tarfile

import psycopg
import pytest
from django.conf import settings
from django.db import transaction

from core.outbox import post
from portal import archive
from portal.broker import conninfo_of
from portal.restore import others

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


@pytest.fixture
def saved(here, engagement, ada, tmp_path):
    with transaction.atomic():
        post("signed", to=ada, subject="Hello", text="It waits", reference=engagement)
    made = here.gatepost("backup", tmp_path / "saved.tar")
    assert made.returncode == 0, made.stderr
    return tmp_path / "saved.tar"


def repacked(source, target, change):
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            content = change(member.name, old.extractfile(member).read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def test_what_is_restored_equals_what_was_there_the_ledger_holds_and_no_mail_goes_out_twice(here, there, saved):
    before = here.holdings()

    done = there.gatepost("restore", saved)

    after = there.holdings()
    assert done.returncode == 0, done.stderr
    assert (after.tables, after.ledger, after.migrations) == (before.tables, before.ledger, before.migrations)
    assert before.tables["core_auditevent"] > 0
    assert (there.folder / "keys" / "seal.pem").read_text() == "the key that seals"
    assert "chains hold." in done.stdout
    assert "1 mails that waited then are parked" in done.stdout
    assert saved.stat().st_mode & 0o777 == 0o600
    assert "is another one here" not in done.stdout


def test_what_is_restored_has_its_second_guard(here, there, saved):
    assert there.gatepost("restore", saved).returncode == 0

    kept = "SELECT count(*), bool_and(has_table_privilege('gatepost_web', tablename, 'INSERT')) FROM pg_policies"
    here_and_there = [machine.asked(kept) for machine in (here, there)]

    assert here_and_there[0] == here_and_there[1]
    assert here_and_there[0][0] > 100
    assert here_and_there[0][1]


def test_a_portal_that_is_there_is_kept_unless_it_is_to_be_replaced(here, there, saved):
    first, second = there.gatepost("restore", saved), there.gatepost("restore", saved)
    (there.folder / "keys" / "seal.pem").write_text("another key")

    replaced = there.gatepost("restore", saved, "--replace", "--send-mail")

    assert (first.returncode, second.returncode) == (0, 1)
    assert "This database is not empty:" in second.stderr
    assert replaced.returncode == 0, replaced.stderr
    assert "parked" not in replaced.stdout
    assert (there.folder / "keys" / "seal.pem").read_text() == "the key that seals"
    (aside,) = there.folder.glob("keys/before-*")
    assert (aside / "seal.pem").read_text() == "another key"


def test_a_backup_that_was_changed_or_lacks_something_changes_nothing(there, saved, tmp_path):
    def change(name, content):
        return content + b"x" if name == archive.DATABASE else content

    def drop(name, content):
        return None if name.startswith("keys/") else content

    changed = there.gatepost("restore", repacked(saved, tmp_path / "changed.tar", change))
    lacking = there.gatepost("restore", repacked(saved, tmp_path / "lacking.tar", drop))
    cut = tmp_path / "cut.tar"
    cut.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])
    broken = there.gatepost("restore", cut)

    assert [done.returncode for done in (changed, lacking, broken)] == [1, 1, 1]
    assert "database.sql.gz in" in changed.stderr
    assert "was changed after it was made. Nothing was changed here." in changed.stderr
    assert "lacks keys/seal.pem. Nothing was changed." in lacking.stderr
    assert "Nothing was changed" in broken.stderr
    assert not (there.folder / "keys").exists()


def test_another_secret_key_is_refused_because_what_it_sealed_cannot_be_read(here, there, saved):
    there.secret = "another"

    refused = there.gatepost("restore", saved)
    done = there.gatepost("restore", saved, "--other-secrets")

    assert refused.returncode == 1
    assert "SECRET_KEY and FINGERPRINT_KEY is another one here" in refused.stderr
    assert done.returncode == 0, done.stderr


def test_tables_of_somebody_else_are_not_dropped_unasked(there, saved):
    server = psycopg.conninfo.make_conninfo(conninfo_of(settings.DATABASES["default"]), dbname=there.name)
    with psycopg.connect(server) as to:
        to.execute("CREATE SCHEMA crm")
        to.execute("CREATE TABLE crm.customers AS SELECT 1 AS id")

    done = there.gatepost("restore", saved)

    assert done.returncode == 1
    assert "This database is not empty: 1 tables and other things stand in it." in done.stderr
    with psycopg.connect(server) as to:
        assert to.execute("SELECT count(*) FROM crm.customers").fetchone() == (1,)


def test_a_backup_is_written_over_no_other_file(here, saved):
    content = saved.read_bytes()

    again = here.gatepost("backup", saved)

    assert again.returncode == 1
    assert "is there already. Name another file; nothing was written." in again.stderr
    assert saved.read_bytes() == content


def test_what_a_refused_restore_left_among_the_keys_stands_in_the_way_of_no_other(tmp_path):
    keys, folder = tmp_path / "keys", tmp_path / "here"
    for place in (keys, folder):
        place.mkdir()
        (place / "seal.pem").write_text("the key that seals")
    (folder / ".seal.pem.restored").write_text("half of it")

    assert list(others(folder, keys)) == []

    (folder / "seal.pem").write_text("another key")
    assert list(others(folder, keys)) == [folder / "seal.pem"]
