"""The stored translation of an engagement: what it is made from, what it counts, and when it is made again."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.permissions import Refused
from core.errors import DomainError
from core.jobs import run_job
from core.models import AuditEvent, Job
from discovery.domain.make_translation import make_translation
from discovery.domain.translate_uploads import folders_of, store_translations, translate_uploads
from discovery.models import TranslatedConstruct, TranslationSet
from discovery.postfix import Bundle
from discovery.translation.outcomes import counted
from discovery.translation.traffic import Mail
from discovery.translation.translating import EMITTERS, translate
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read
from tests.factories.discovery import stored_translations as translated

pytestmark = pytest.mark.django_db

CHANGED = SMALL_ESTATE | {"etc/postfix/main.cf": MAIN_CF.replace("20480000", "10240000")}
SECOND = SMALL_ESTATE | {"etc/postfix/main.cf": MAIN_CF.replace("mta1", "mta2")}


def rows_in_words(translation):
    return list(translation.rows.values_list("key", "letter", "fate"))


def test_an_upload_that_was_read_is_translated_to_every_target_by_a_job(engagement, ada):
    read(engagement, actor=ada)
    job = Job.objects.get(kind="translate")

    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert {one.target for one in engagement.translations.all()} == set(EMITTERS)
    assert job.result == {"translations": [one.number for one in engagement.translations.order_by("number")]}
    assert {event.actor for event in AuditEvent.objects.filter(action="translation.made")} == {ada}


def test_every_construct_is_a_row_and_the_counts_add_up(engagement, ada):
    translated(engagement, actor=ada)

    for one in engagement.translations.all():
        assert one.rows.count() == one.construct_count > 0
        assert one.written_count + one.left_count + one.dropped_count == one.construct_count
        assert one.rows.filter(fate="written").count() == one.written_count
        assert one.coverage["constructs"]["all"] == one.counted_count
        assert one.rows.exclude(letter="dropped").count() == one.counted_count
        assert one.rows.filter(letter__in="NR").count() == one.covered_count


def test_the_masked_files_give_what_the_uploaded_ones_give(engagement, ada, settings):
    sets = translated(engagement, actor=ada)
    raw = Bundle.of({path: text.encode() for path, text in SMALL_ESTATE.items()})
    mail = Mail(why="No mail log of mta1 was read.")
    made = translate(raw, sets[0].target, secret_key=settings.FINGERPRINT_KEY.encode(), mail=mail)

    assert [row[1:] for row in rows_in_words(sets[0])] == [(each.letter, str(each.fate)) for each in made.outcomes]
    assert sum(counted(made.outcomes).values()) == sets[0].construct_count
    assert {file.path: file.text for file in sets[0].files.all()} == {
        f"mta1/{path}": text for path, text in made.files.items()
    }


def test_emitted_lines_stand_where_the_map_says(engagement, ada):
    for one in translated(engagement, actor=ada):
        lines = {file.path: file.text.splitlines() for file in one.files.all()}
        told = [line for row in one.rows.all() for line in row.emitted]

        assert told
        assert all(line["text"] in lines[line["file"]][line["line"] - 1] for line in told)


def test_hosts_are_one_set_with_a_folder_each(engagement, ada):
    read(engagement, actor=ada)
    read(engagement, actor=ada, host="mta2", files=SECOND)
    one = translated(engagement, actor=ada)[0]

    assert [source.folder for source in one.sources.all()] == ["mta1", "mta2"]
    assert {file.path.partition("/")[0] for file in one.files.all()} == {"mta1", "mta2"}
    assert one.rows.values("upload").distinct().count() == 2
    assert one.rows.count() == one.construct_count


def test_a_host_of_any_name_gets_a_plain_folder():
    assert folders_of(["mta1", "../../etc", "MTA1", "/", "a b", "a-b"]) == [
        "mta1",
        "etc",
        "mta1-3",
        "host",
        "a-b",
        "a-b-6",
    ]


def test_the_same_uploads_and_dictionary_make_no_second_set(engagement, ada):
    first = translated(engagement, actor=ada)

    assert store_translations(engagement, translate_uploads(engagement, tell=lambda *told: None), actor=ada) == []
    assert TranslationSet.objects.count() == len(first)
    with pytest.raises(DomainError, match="a new one would be the same"):
        make_translation(engagement, actor=ada)


def test_a_new_upload_makes_new_sets_and_keeps_the_old_ones(engagement, ada):
    first = translated(engagement, actor=ada)
    before = [rows_in_words(one) for one in first]

    read(engagement, actor=ada, files=CHANGED)
    later = translated(engagement, actor=ada)

    assert [one.number for one in later] == [one.number + len(first) for one in first]
    assert [rows_in_words(one) for one in first] == before
    assert first[0].rows.get(name="message_size_limt").value == "20480000"
    assert later[0].rows.get(name="message_size_limt").value == "10240000"


def test_what_was_overtaken_by_a_newer_upload_is_not_stored(engagement, ada):
    read(engagement, actor=ada)
    slow = translate_uploads(engagement, tell=lambda *told: None)
    read(engagement, actor=ada, files=CHANGED)

    assert store_translations(engagement, slow, actor=ada) == []
    assert not TranslationSet.objects.exists()


def test_two_uploads_in_a_row_are_two_jobs_and_asking_twice_is_one(engagement, ada):
    read(engagement, actor=ada)
    first = make_translation(engagement, actor=ada)
    again = make_translation(engagement, actor=ada)
    read(engagement, actor=ada, files=CHANGED)

    assert again == first
    assert Job.objects.filter(kind="translate").count() == 2


def test_nothing_that_was_read_is_nothing_to_translate(engagement, ada):
    read(engagement, actor=ada, content=b"PK\x03\x04 torn")

    with pytest.raises(DomainError, match="No configuration has been read yet"):
        make_translation(engagement, actor=ada)
    assert not Job.objects.filter(kind="translate").exists()


def test_a_viewer_asks_for_no_translation(engagement, ada, vera):
    read(engagement, actor=ada)
    Job.objects.filter(kind="translate").delete()

    with pytest.raises(Refused):
        make_translation(engagement, actor=vera)
    assert not Job.objects.filter(kind="translate").exists()


def test_a_set_is_not_seen_by_another_customer(engagement, ada, otto, carl):
    translated(engagement, actor=ada)

    assert not TranslationSet.objects.visible_to(otto).exists()
    assert not TranslatedConstruct.objects.visible_to(otto).exists()
    assert TranslationSet.objects.visible_to(carl).count() == len(EMITTERS)


@pytest.mark.parametrize(
    "change", [{"fate": "written", "emitted": []}, {"letter": "Q"}, {"fate": "dropped", "emitted": [], "reasons": []}]
)
def test_the_database_refuses_a_row_that_cannot_be(engagement, ada, change):
    one = translated(engagement, actor=ada)[0]
    row = one.rows.exclude(fate="written").first()
    row.pk, row.number, row.key = None, 100_000, "new"
    for name, value in change.items():
        setattr(row, name, value)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_the_database_refuses_counts_that_do_not_add_up(engagement, ada):
    one = translated(engagement, actor=ada)[0]
    one.pk, one.number, one.written_count = None, 99, one.written_count + 1

    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_the_database_changes_no_set(engagement, ada):
    one = translated(engagement, actor=ada)[0]

    with pytest.raises(ProgrammingError), transaction.atomic():
        one.rows.update(letter="N")
