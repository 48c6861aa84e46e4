"""The pack is checked by the one file in it, without the portal; whatever was changed afterwards is named."""

import io
import json
import subprocess
import sys
import zipfile

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core.evidence import verify
from core.models import AuditEvent, ChainHead
from core.portal_key import portal_key
from engagements.domain.export_evidence import export_evidence
from engagements.models import FrozenDocument

pytestmark = pytest.mark.django_db


def write_again(path, **changed):
    """The same pack with some members replaced, or left out where the new content is None."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members.update({name.replace("__", "."): content for name, content in changed.items()})
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            if content is not None:
                archive.writestr(name, content)


def events_in(path):
    with zipfile.ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read("ledger.jsonl").splitlines()]


def with_ledger(path, events):
    write_again(path, ledger__jsonl=b"".join(verify.canonical(event) + b"\n" for event in events))


def places(path, **kept):
    return [fault.place for fault in verify.verify(str(path), **kept).faults]


def past_the_triggers(statement, *values):
    """What somebody with the database's own password could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_pack_holds_and_says_what_is_in_it(taken, signed):
    report = verify.verify(str(taken))

    assert report.faults == []
    assert (report.documents, report.signatures, report.withheld) == (1, 1, 0)
    assert report.events == AuditEvent.objects.filter(chain=signed.audit_chain).count()
    assert report.head == ChainHead.objects.get(chain=signed.audit_chain).digest
    assert report.key == portal_key().fingerprint


def test_the_file_in_the_pack_checks_it_without_the_portal(taken, tmp_path):
    with zipfile.ZipFile(taken) as archive:
        (tmp_path / "alone").mkdir()
        (tmp_path / "alone" / "verify.py").write_bytes(archive.read("verify.py"))

    words = [sys.executable, "-I", "-S", "verify.py", str(taken)]
    done = subprocess.run(words, cwd=tmp_path / "alone", capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "HOLDS" in done.stdout
    assert portal_key().fingerprint in done.stdout


def test_taking_a_pack_is_in_the_ledger_of_that_pack(taken):
    last = events_in(taken)[-1]

    assert (last["action"], last["data"]["documents"]) == ("evidence.exported", 1)
    assert last["data"]["events"] == last["sequence"]


@pytest.mark.parametrize("place", [0, 3, -1])
def test_a_changed_event_is_named(taken, place):
    events = events_in(taken)
    events[place]["actor_label"] = "Somebody else"
    with_ledger(taken, events)

    assert places(taken)[:2] == ["ledger.jsonl", f"event {events[place]['sequence']}"]


def test_an_event_with_a_digest_of_its_own_breaks_the_next_one(taken):
    events = events_in(taken)
    events[2]["actor_label"] = "Somebody else"
    body = {name: value for name, value in events[2].items() if name != "digest"}
    events[2]["digest"] = verify.sha256(verify.canonical(body))
    with_ledger(taken, events)

    assert "event 4" in places(taken)


def test_a_removed_event_a_swap_and_a_cut_tail_are_named(taken):
    events = events_in(taken)
    last = events[-1]["sequence"]

    with_ledger(taken, [*events[:2], *events[3:]])
    assert "event 4" in places(taken)
    with_ledger(taken, [events[0], events[2], events[1], *events[3:]])
    assert "event 3" in places(taken)
    with_ledger(taken, events[:-1])
    assert f"event {last}" in places(taken)


def test_a_flipped_byte_of_a_document_is_named(taken, signed):
    pdf = bytes(FrozenDocument.objects.get(pk=signed.document_id).pdf)
    name = f"documents/{signed.document.filename}"
    write_again(taken, **{name: pdf[:-1] + bytes([pdf[-1] ^ 1])})

    assert places(taken) == [name, name]


def test_what_was_added_left_out_or_doubled_is_named(taken):
    write_again(taken, **{"documents/other.pdf": b"%PDF-1.7", "README__txt": None})
    with zipfile.ZipFile(taken, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("head.json", archive.read("head.json"))

    assert places(taken) == ["head.json", "README.txt", "documents/other.pdf"]


def test_a_pack_that_was_unpacked_and_packed_again_holds_and_a_folder_hides_nothing(taken):
    with zipfile.ZipFile(taken, "a") as archive:
        archive.writestr("documents/", b"")

    again = places(taken)
    with zipfile.ZipFile(taken, "a") as archive:
        archive.writestr("more/", b"not empty")

    assert again == []
    assert places(taken) == ["more/"]


def test_a_manifest_made_to_fit_lacks_the_signature_of_the_portal(taken):
    with zipfile.ZipFile(taken) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["customer"] = "Another"
    write_again(taken, manifest__json=verify.canonical(manifest))

    assert places(taken) == ["seal.json"]


def test_another_statement_than_the_signed_one_is_named(taken, signed):
    with zipfile.ZipFile(taken) as archive:
        rows = json.loads(archive.read("signatures.json"))
    rows[0]["statement"] = "I have read nothing."
    write_again(taken, signatures__json=json.dumps(rows))

    assert f"signature {signed.reference}" in places(taken)


def test_the_head_on_a_receipt_is_found_and_another_is_not(taken, signed):
    assert places(taken, head=signed.chain_digest) == []
    assert places(taken, head="0" * 64) == ["head"]


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE core_auditevent SET actor_label = 'Nobody' WHERE chain = %s AND sequence = 3",
        "DELETE FROM core_auditevent WHERE chain = %s AND sequence = 3",
        "UPDATE core_auditevent SET data = '{\"a\": 1}' WHERE chain = %s AND sequence = 3",
    ],
)
def test_rows_changed_behind_the_triggers_are_named_and_otherwise_refused(signed, lea, tmp_path, tamper):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tamper, [signed.audit_chain])

    past_the_triggers(tamper, signed.audit_chain)
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(signed.document.engagement, actor=lea).content)

    assert places(path)[0] in {"event 3", "event 4"}


def test_rows_in_another_order_are_named(signed, lea, tmp_path):
    for before, after in ((2, 9002), (3, 2), (9002, 3)):
        statement = "UPDATE core_auditevent SET sequence = %s WHERE chain = %s AND sequence = %s"
        past_the_triggers(statement, after, signed.audit_chain, before)
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(signed.document.engagement, actor=lea).content)

    assert places(path)[0] == "event 2"


def test_a_cut_tail_shows_against_a_head_that_the_other_party_kept(signed, lea, tmp_path):
    chain, kept = signed.audit_chain, ChainHead.objects.get(chain=signed.audit_chain)
    past_the_triggers("DELETE FROM core_auditevent WHERE chain = %s AND sequence >= %s", chain, kept.sequence)
    before = AuditEvent.objects.filter(chain=chain).latest("sequence")
    ChainHead.objects.filter(chain=chain).update(sequence=before.sequence, digest=before.digest)
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(signed.document.engagement, actor=lea).content)

    assert places(path) == []
    assert places(path, head=kept.digest) == ["head"]


def test_a_document_replaced_behind_the_triggers_is_named(signed, lea, tmp_path):
    past_the_triggers("UPDATE engagements_frozendocument SET pdf = %s WHERE id = %s", b"%PDF", signed.document_id)
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(signed.document.engagement, actor=lea).content)

    assert places(path) == [f"documents/{signed.document.filename}"]


def test_what_a_reader_may_not_know_keeps_its_place_without_its_words(signed, sam, carl, tmp_path):
    with transaction.atomic():
        from core.audit import record

        record("request.recorded", subject=signed.document.engagement, actor=sam, known=4)
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(signed.document.engagement, actor=carl).content)
    report = verify.verify(str(path))

    assert report.faults == []
    assert report.withheld >= 1
    assert "request.recorded" not in {event.get("action") for event in events_in(path)}


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"%PDF-1.7", "not a ZIP file"), (b"", "not a ZIP file")],
)
def test_what_is_no_pack_is_refused_with_a_sentence(tmp_path, capsys, content, said):
    path = tmp_path / "other.zip"
    path.write_bytes(content)

    assert verify.main([str(path)]) == verify.UNREADABLE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("member", ["manifest__json", "ledger__jsonl", "documents__json", "head__json", "seal__json"])
@pytest.mark.parametrize("content", [b"[]", b"{}", b"\xff", b"[1, {}]", b'{"a": null}'])
def test_a_member_that_is_something_else_is_a_sentence_or_a_fault_and_never_a_crash(taken, capsys, member, content):
    write_again(taken, **{member: content})

    assert verify.main([str(taken)]) in {verify.BROKEN, verify.UNREADABLE}
    said = capsys.readouterr()
    assert said.out or said.err


def test_a_document_is_recognised_by_its_bytes(taken, signed, tmp_path, capsys):
    copy = tmp_path / "what-i-have.pdf"
    copy.write_bytes(bytes(signed.document.pdf))

    assert verify.main([str(taken), "--document", str(copy)]) == verify.HOLDS
    assert f"{signed.document.title}, version 1" in capsys.readouterr().out


def test_a_file_that_is_no_document_of_the_pack_does_not_hold(taken, tmp_path, capsys):
    foreign = tmp_path / "another.pdf"
    foreign.write_bytes(b"%PDF-1.7 of somebody else")

    assert verify.main([str(taken), "--document", str(foreign)]) == verify.BROKEN
    told = capsys.readouterr().out
    assert "is no document of this pack." in told
    assert "HOLDS: " not in told


@pytest.mark.parametrize(("person", "status"), [("otto", 404), ("ugo", 404), ("vera", 200), ("ada", 200), ("lea", 200)])
def test_members_take_the_pack_from_the_page_of_documents(client, signed, request, person, status):
    client.force_login(request.getfixturevalue(person))
    url = reverse("engagements:evidence_pack", args=[signed.document.engagement.code])

    answer = client.post(url)

    assert answer.status_code == status
    if status == 200:
        assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
        assert answer["Content-Disposition"].startswith("attachment")
