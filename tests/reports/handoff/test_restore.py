"""Another portal restores a pack: from the ZIP alone, unchanged, and only when everything in it holds."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from core import portal_key
from core.audit import canonical
from core.errors import Conflict, DomainError, Refused
from core.evidence import verify
from core.models import AuditEvent
from engagements.evidence import manifest_of, seal_of
from engagements.models import Engagement
from reports.domain.restore_handoff import restore_handoff
from reports.handoff import reading
from reports.handoff.restoring import pack_restored
from reports.models import RestoredEngagement, RestoredFile, RestoredRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(packed):
    return packed.read_bytes()


@pytest.fixture
def key(packed):
    return verify.verify(str(packed)).key


@pytest.fixture
def elsewhere(packed, content, key, settings, tmp_path):
    """From here on this is another portal: another key, and no engagement of that code."""
    settings.PORTAL_KEY_FOLDER = tmp_path / "other-keys"
    Engagement.objects.filter(code=code_of(content)).update(code="LOCAL-1")
    assert portal_key.portal_key().fingerprint != key


@pytest.fixture
def restored(content, key, elsewhere, olga):
    return restore_handoff(content, key=key, actor=olga)


def members_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def code_of(content):
    return json.loads(members_of(content)["engagement.json"])["code"]


def sealed_anew(members):
    """As a forger would: a manifest and a seal over other files, with a key of one's own."""
    about = json.loads(members.pop("manifest.json"))
    del members["seal.json"], about["files"], about["format"]
    manifest = manifest_of(members, **about)
    return zipped({**members, "manifest.json": manifest, "seal.json": seal_of(manifest)})


def test_export_import_export_gives_the_same_bytes_under_the_same_seal(restored, content):
    assert pack_restored(restored) == content


def test_it_is_restored_from_the_zip_alone(restored, content):
    """No row of it refers to one that was there before, but for who restored it."""
    fields = [
        field.related_model._meta.label
        for model in (RestoredEngagement, RestoredRow, RestoredFile)
        for field in model._meta.concrete_fields
        if field.related_model
    ]

    assert set(fields) == {"accounts.User", "reports.RestoredEngagement"}
    assert restored.rows.filter(table="findings").count() == len(
        json.loads(members_of(content)["engagement.json"])["tables"]["findings"]
    )


def test_the_verifier_passes_on_the_pack_of_the_restored_one_and_names_a_change(restored, key, tmp_path):
    path = tmp_path / "again.zip"
    again = pack_restored(restored)
    path.write_bytes(again)
    whole = verify.verify(str(path), key=key)

    members = members_of(again)
    members["ledger.jsonl"] = members["ledger.jsonl"].replace(b"Carl", b"Karl", 1)
    path.write_bytes(zipped(members))

    assert whole.faults == []
    assert next(fault.place for fault in verify.verify(str(path)).faults) == "ledger.jsonl"


def test_a_row_that_somebody_changed_in_the_database_is_named_and_nothing_is_packed(restored):
    from pgtrigger import ignore

    with ignore("reports.RestoredRow:restored_row_append_only_rows"):
        restored.rows.filter(table="engagement").update(fields={"title": "Another"})

    with pytest.raises(Conflict, match=r"engagement\.json is not what was sealed any more"):
        pack_restored(restored)


@pytest.mark.parametrize("model", [RestoredEngagement, RestoredRow, RestoredFile])
def test_the_database_itself_refuses_to_change_or_to_remove_what_was_restored(restored, model):
    for act in (lambda: model.objects.first().save(), lambda: model.objects.first().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_importer_is_shown_the_key_and_has_to_enter_it(content, key, elsewhere, olga):
    with pytest.raises(DomainError, match=key):
        restore_handoff(content, key="", actor=olga)
    with pytest.raises(DomainError, match="another one"):
        restore_handoff(content, key="0" * 64, actor=olga)

    assert not RestoredEngagement.objects.exists()
    grouped = " ".join(key[n : n + 8] for n in range(0, 64, 8)).upper()
    assert restore_handoff(content, key=grouped, actor=olga).key == key


def test_only_the_owner_restores(content, key, elsewhere, lea, carl):
    for person in (lea, carl):
        with pytest.raises(Refused):
            restore_handoff(content, key=key, actor=person)

    assert not RestoredEngagement.objects.exists()


def test_a_code_that_is_taken_is_named_with_whose_it_is_and_another_can_be_given(content, key, worked, olga):
    with pytest.raises(Conflict, match=f"{worked.code} is an engagement of this portal, with Northlake"):
        restore_handoff(content, key=key, actor=olga)

    restored = restore_handoff(content, key=key, code="OLD-7", actor=olga)

    assert (restored.code, restored.origin_code) == ("OLD-7", worked.code)
    assert pack_restored(restored) == content


def test_the_same_pack_is_restored_once(restored, content, key, olga):
    with pytest.raises(Conflict, match=f"restored already, as {restored.code}"):
        restore_handoff(content, key=key, code="AGAIN", actor=olga)

    assert RestoredEngagement.objects.count() == 1


@pytest.mark.parametrize("name", ["engagement.json", "ledger.jsonl", "suppressions.csv", "totals.json"])
def test_a_file_that_was_changed_is_named(content, key, elsewhere, olga, name):
    members = members_of(content)
    members[name] += b"\n"

    with pytest.raises(DomainError, match=f"{name} was changed after the pack was made"):
        restore_handoff(zipped(members), key=key, actor=olga)

    assert not RestoredEngagement.objects.exists()


@pytest.mark.parametrize("name", ["training.csv", "signatures.json", "seal.json", "manifest.json", "engagement.json"])
def test_a_file_that_is_missing_is_named(content, key, elsewhere, olga, name):
    members = members_of(content)
    del members[name]

    with pytest.raises(DomainError, match=name.replace("seal.json", "not signed by a portal")):
        restore_handoff(zipped(members), key=key, actor=olga)


def test_a_pack_that_was_sealed_anew_by_somebody_else_shows_their_key(content, key, elsewhere, olga):
    members = members_of(content)
    members["suppressions.csv"] = b"address\r\n"

    with pytest.raises(DomainError, match=portal_key.portal_key().fingerprint):
        restore_handoff(sealed_anew(members), key=key, actor=olga)


def changed_rows(content, change):
    members = members_of(content)
    shape = json.loads(members["engagement.json"])
    change(shape)
    members["engagement.json"] = canonical(shape)
    return sealed_anew(members)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda shape: shape.update(format="gatepost-engagement/9"), "is not of the format"),
        (lambda shape: shape.update(code="X-1"), "the manifest about"),
        (lambda shape: shape["tables"].update(engagement=[]), "holds no engagement"),
        (lambda shape: shape["tables"].update(findings=["no row"]), "does not hold tables with rows"),
        (
            lambda shape: shape["tables"]["findings"][0].pop("title"),
            "table findings, row 1: title is expected to be a text, and is missing",
        ),
        (lambda shape: shape["tables"]["engagement"][0].update(title="a\0b"), "U\\+0000"),
    ],
)
def test_rows_that_no_portal_writes_are_refused_although_the_seal_holds(content, elsewhere, olga, change, said):
    with pytest.raises(DomainError, match=said):
        restore_handoff(changed_rows(content, change), key=portal_key.portal_key().fingerprint, actor=olga)

    assert not RestoredEngagement.objects.exists()


def test_an_evidence_pack_is_told_apart(worked, lea, olga):
    from engagements.domain.export_evidence import export_evidence

    with pytest.raises(DomainError, match="no handoff pack"):
        restore_handoff(export_evidence(worked, actor=lea).content, key="", actor=olga)


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a\\b", "C:/x", "a//b", "folder/", "a/./b", "x" * 500])
def test_a_path_that_leads_elsewhere_is_refused(content, olga, consultancy, name):
    with pytest.raises(DomainError, match="is no plain path"):
        restore_handoff(zipped({**members_of(content), name: b"x"}), key="", actor=olga)


def test_a_bomb_is_refused_before_it_is_unpacked(content, olga, consultancy, monkeypatch):
    bomb = zipped({**members_of(content), "bomb.txt": b"0" * 5_000_000})
    with pytest.raises(DomainError, match="times as large as it is packed"):
        restore_handoff(bomb, key="", actor=olga)

    for name, said in (("files", "more than 3"), ("unpacked_bytes", "would unpack"), ("file_bytes", "would unpack")):
        monkeypatch.setattr(reading, "limits", lambda name=name: {**reading_limits(), name: 3})
        with pytest.raises(DomainError, match=said):
            restore_handoff(content, key="", actor=olga)


def test_a_spreadsheet_has_a_limit_of_its_own(content, olga, consultancy, monkeypatch):
    monkeypatch.setattr(reading, "limits", lambda: {**reading_limits(), "spreadsheet_bytes": 10_000})
    longer = {**members_of(content), "training.csv": b"session\r\n" * 2000}

    with pytest.raises(DomainError, match=r"'training\.csv' would unpack to more than 10,000 bytes"):
        restore_handoff(zipped(longer), key="", actor=olga)

    assert max(map(len, members_of(content).values())) > 10_000
    assert reading.read_pack(content).manifest
    assert reading_limits()["spreadsheet_bytes"] < reading_limits()["file_bytes"]


_limits = reading.limits


def reading_limits():
    return _limits()


def test_what_is_no_zip_or_cut_short_is_refused_in_words(content, olga, consultancy):
    for broken in (b"", b"no zip", content[:-200], content[: len(content) // 2]):
        with pytest.raises(DomainError, match="no ZIP, or it is damaged"):
            restore_handoff(broken, key="", actor=olga)


def test_json_that_is_nested_without_end_is_refused(content, key, olga, consultancy):
    members = members_of(content)
    members["engagement.json"] = b"[" * 200_000 + b"]" * 200_000

    with pytest.raises(DomainError):
        restore_handoff(sealed_anew(members), key=key, actor=olga)


def test_restoring_stands_in_the_portals_own_ledger_with_the_key(restored, key, olga):
    event = AuditEvent.objects.get(action="handoff.restored")

    assert (event.chain, event.actor, event.data["key"]) == ("portal", olga, key)


def test_the_command_shows_the_key_first_and_restores_with_it(packed, key, elsewhere, olga, capsys):
    with pytest.raises(CommandError, match=key):
        call_command("restore_handoff", str(packed), "--as", olga.email)
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("restore_handoff", str(packed), "--as", "no@body.example")

    call_command("restore_handoff", str(packed), "--as", olga.email, "--key", key)

    assert RestoredEngagement.objects.get().key == key
    assert f"sealed by {key}" in capsys.readouterr().out


def test_a_pack_whose_packed_bytes_are_damaged_is_refused_with_a_sentence(content, olga, consultancy):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = max(one.header_offset for one in archive.infolist() if one.compress_type == zipfile.ZIP_DEFLATED) + 60
    damaged = content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + 40]) + content[at + 40 :]

    with pytest.raises(DomainError, match=r"no ZIP, or it is damaged.*Nothing was restored"):
        restore_handoff(damaged, key="", actor=olga)
