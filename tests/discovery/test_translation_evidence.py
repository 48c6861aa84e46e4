"""The check of a generated set, and what the target itself printed about it: stored once, for exactly these files."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse

from accounts.permissions import Refused
from core.errors import DomainError
from core.jobs import run_job
from core.models import AuditEvent, Job
from discovery.domain.attach_output import MOST_BYTES, attach_output
from discovery.domain.check_translation import check_translation, digest_of_files, read_set, store_check
from discovery.models import StartOutput, SyntaxCheck
from discovery.syntax import TOOL, VERSION, Remark, SyntaxReport
from discovery.translation_evidence import evidence_of
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read
from tests.factories.discovery import stored_translations as translated
from tests.kept import kept

pytestmark = pytest.mark.django_db

CHANGED = SMALL_ESTATE | {"etc/postfix/main.cf": MAIN_CF.replace("192.0.2.10", "192.0.2.12")}


@kept
def kumomta(engagement, ada):
    return next(one for one in translated(engagement, actor=ada) if one.target == "kumomta")


def failed_check(translation, actor, lines=1):
    remarks = tuple(Remark("mta1/init.lua", number, "Lua: made up.") for number in range(1, lines + 1))
    report = SyntaxReport(translation.target, digest_of_files(translation), ("mta1/init.lua",), remarks)
    return store_check(translation, report, actor=actor)


def test_every_new_set_is_checked_by_a_job(engagement, ada):
    sets = translated(engagement, actor=ada)
    jobs = Job.objects.filter(kind="check_translation")
    assert {job.subject_id for job in jobs} == {str(one.pk) for one in sets}

    for job in jobs:
        run_job(job.pk)

    for one in sets:
        check = one.syntax_checks.get()
        assert (check.exit_status, check.lines, check.tool, check.version) == (0, [], TOOL, VERSION)
        assert check.set_digest == digest_of_files(one)
        assert check.file_count == one.files.exclude(path__regex="map.json|NOT-TRANSLATED.md").count()
        assert AuditEvent.objects.get(action="translation.checked", subject_id=str(check.pk)).actor == ada


def test_a_check_can_be_asked_for_again_and_the_newest_speaks(kumomta, ada):
    failed_check(kumomta, ada)

    run_job(check_translation(kumomta, actor=ada).pk)

    assert evidence_of(kumomta).check.has_passed
    assert SyntaxCheck.objects.filter(translation=kumomta).count() == 2


def test_a_check_keeps_a_bounded_number_of_lines_and_counts_all(kumomta, ada):
    check = failed_check(kumomta, ada, lines=300)

    assert (check.line_count, len(check.lines), check.left_off) == (300, 200, 100)


def test_whoever_may_not_upload_has_nothing_checked(kumomta, vera):
    before = Job.objects.count()

    with pytest.raises(Refused):
        check_translation(kumomta, actor=vera)

    assert Job.objects.count() == before


def test_a_check_is_written_once_and_says_why_it_failed(kumomta, ada):
    check = store_check(kumomta, read_set(kumomta), actor=ada)

    with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
        SyntaxCheck.objects.filter(pk=check.pk).update(exit_status=1)
    with pytest.raises(IntegrityError, match="syntax_check_fails_with_reasons"), transaction.atomic():
        SyntaxCheck.objects.create(
            translation=kumomta,
            tool=TOOL,
            version=VERSION,
            set_digest=check.set_digest,
            exit_status=1,
            file_count=1,
            line_count=0,
            lines=[],
            checked_at=check.checked_at,
            asked_by=ada,
        )


def test_an_output_is_masked_judged_and_kept_with_who_and_for_which_files(kumomta, carl):
    sent = "smtp_auth_password = hunter2secret\r\nexit status 0\r\n"

    attached = attach_output(kumomta, text=sent, actor=carl)

    assert (attached.verdict, attached.verdict_line) == ("passed", "exit status 0")
    assert "hunter2secret" not in attached.text
    assert attached.set_digest == digest_of_files(kumomta)
    assert (attached.attached_by, attached.byte_count) == (carl, len(sent))
    assert attached.sha256 == hashlib.sha256(sent.encode()).hexdigest()
    event = AuditEvent.objects.get(action="translation.output_attached")
    assert (event.actor, event.data["verdict"]) == (carl, "passed")


def test_an_output_without_a_certain_line_is_not_judged(kumomta, ada):
    attached = attach_output(kumomta, text="All is well, it seems.", actor=ada)

    assert (attached.verdict, attached.verdict_line) == ("not judged", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "There is nothing in it"),
        ("x" * (MOST_BYTES + 1), "must be smaller than 256 KB"),
        (bytes(range(256)).decode("utf-8", "replace"), "This is no text that a command prints"),
    ],
)
def test_an_empty_or_endless_output_is_refused_and_nothing_is_kept(kumomta, ada, text, said):
    with pytest.raises(DomainError, match=said):
        attach_output(kumomta, text=text, actor=ada)

    assert not StartOutput.objects.exists()


def test_a_file_is_hashed_as_it_was_sent_whatever_is_kept_of_it(as_ada, kumomta):
    sent = b"caf\xe9\x00\r\nexit status 0\r\n"
    page = reverse("discovery:translation_outputs", args=[kumomta.engagement.code, kumomta.number])

    answer = as_ada.post(page, {"file": SimpleUploadedFile("out.txt", sent)})

    attached = StartOutput.objects.get()
    assert answer.status_code == 302
    assert (attached.byte_count, attached.sha256) == (len(sent), hashlib.sha256(sent).hexdigest())
    assert attached.text == "caf\ufffd\ufffd\nexit status 0\n"
    assert attached.verdict == "passed"


def test_strange_letters_in_an_output_are_stored(kumomta, ada):
    attached = attach_output(kumomta, text="\x00\ud800 exit\nexit status 0", actor=ada)

    assert attached.verdict == "passed"


def test_a_newer_set_of_other_files_makes_the_evidence_outdated(engagement, kumomta, ada):
    attach_output(kumomta, text="exit status 0", actor=ada)
    assert not evidence_of(kumomta).is_outdated

    translated(engagement, actor=ada, files=CHANGED)

    assert evidence_of(kumomta).is_outdated
    with pytest.raises(DomainError, match="is newer"):
        attach_output(kumomta, text="exit status 0", actor=ada)
    assert StartOutput.objects.count() == 1


def test_the_page_of_the_files_says_what_was_checked_by_what(as_ada, engagement, kumomta, ada):
    check = store_check(kumomta, read_set(kumomta), actor=ada)

    page = as_ada.get(reverse("discovery:translation_files", args=[engagement.code, kumomta.number])).content.decode()

    assert f"{TOOL} {VERSION}" in page
    assert "exit status 0" in page
    assert check.set_digest[:8] in page


def test_the_page_of_the_files_lists_what_stands_against_them(as_ada, engagement, kumomta, ada):
    failed_check(kumomta, ada)

    page = as_ada.get(reverse("discovery:translation_files", args=[engagement.code, kumomta.number])).content.decode()

    assert "mta1/init.lua:1: Lua: made up." in page
    assert "Gate 2 stays shut" in page


def test_the_page_of_outputs_shows_what_was_sent_and_says_when_it_is_outdated(client, engagement, kumomta, carl, ada):
    client.force_login(carl)
    url = reverse("discovery:translation_outputs", args=[engagement.code, kumomta.number])

    sent = client.post(url, {"output": "<b>bold</b>\nexit status 3"})
    page = client.get(url).content.decode()

    assert sent.status_code == 302
    assert "&lt;b&gt;bold" in page
    assert "taken from the line “exit status 3”" in page
    read(engagement, actor=ada, files=CHANGED)
    translated(engagement, actor=ada)
    assert "These are not the files that count" in client.get(url).content.decode()


def test_an_output_may_come_as_a_file(client, engagement, kumomta, carl, tmp_path):
    client.force_login(carl)
    path = tmp_path / "out.txt"
    path.write_bytes(b"\xff\nexit status 0\n")
    url = reverse("discovery:translation_outputs", args=[engagement.code, kumomta.number])

    with path.open("rb") as file:
        sent = client.post(url, {"file": file})

    assert sent.status_code == 302
    assert StartOutput.objects.get().verdict == "passed"


@pytest.mark.parametrize(
    ("sent", "said"), [({}, "Paste what the command printed"), ({"output": "x" * 270_000}, "256 KB")]
)
def test_a_form_that_cannot_be_taken_says_why(as_ada, engagement, kumomta, sent, said):
    url = reverse("discovery:translation_outputs", args=[engagement.code, kumomta.number])

    answer = as_ada.post(url, sent)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not StartOutput.objects.exists()


def test_the_api_tells_the_checks_and_takes_an_output(as_ada, engagement, kumomta, ada):
    failed_check(kumomta, ada)
    checks = reverse("api:discovery:translation_checks", args=[engagement.code, kumomta.number])
    outputs = reverse("api:discovery:translation_outputs", args=[engagement.code, kumomta.number])

    sent = as_ada.post(outputs, {"text": "exit status 0\n"}, content_type="application/json")

    assert as_ada.get(checks).json()["results"][0]["lines"] == ["mta1/init.lua:1: Lua: made up."]
    assert (sent.status_code, sent.json()["verdict"]) == (201, "passed")
    assert [one["attached_by"] for one in as_ada.get(outputs).json()["results"]] == ["Ada Quint"]
