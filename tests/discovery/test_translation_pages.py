"""The pages and routes of the translation: map, row, files, archive, table and what differs between two sets."""

import csv
import io
import zipfile

import pytest
from django.urls import reverse

from core.models import Job
from discovery.models import TranslatedConstruct, TranslationSet
from discovery.translation_map import class_traffic
from tests.discovery.pages import text_of, url
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read, stored_translations
from tests.kept import kept

pytestmark = pytest.mark.django_db

CHANGED = SMALL_ESTATE | {
    "etc/postfix/main.cf": MAIN_CF.replace("192.0.2.10", "192.0.2.99").replace("transport_maps", "relay_domains"),
}


@kept
def translations(engagement, ada):
    return {one.target: one for one in stored_translations(engagement, actor=ada)}


@pytest.fixture
def powermta(translations):
    return translations["powermta"]


def add_row(translation, number, **changes):
    """One more row of a set, as nobody could have classified it."""
    row = translation.rows.first()
    row.pk, row.number, row.key = None, number, f"made-up-{number}"
    row.name, row.letter, row.fate, row.emitted = f"made_up_{number}", "not classified", "not translated", []
    row.reasons = ["Nobody has said yet what becomes of this."]
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def test_without_a_configuration_the_page_says_what_will_stand_there(as_ada, engagement):
    page = text_of(as_ada.get(url("translation", engagement)))

    assert "Nothing has been translated yet" in page
    assert "appear by themselves" in page


def test_while_the_job_is_under_way_the_page_says_so(as_ada, engagement, ada):
    read(engagement, actor=ada)

    assert "Waiting for its turn" in text_of(as_ada.get(url("translation", engagement)))


def test_the_fraction_stands_before_the_percentage(as_ada, engagement, powermta):
    page = text_of(as_ada.get(url("translation", engagement), {"target": "powermta"}))

    sentence = f"{powermta.covered_count} of {powermta.counted_count} constructs have a direct equivalent or a rewrite"
    assert page.index(sentence) < page.index(f"{powermta.percent}%")
    assert f"{powermta.written_count} written into the files" in page
    assert ("lower than usual" in page) == (powermta.usual == "lower than usual")


@pytest.mark.parametrize(
    ("letter", "share", "words"),
    [
        ("N", {"percent": 100.0, "known": 9, "unknown": 1}, "all mail"),
        ("N", {"percent": 35.5, "known": 9, "unknown": 1}, "at least 35.5 %"),
        ("R", {"percent": 35.5, "known": 1, "unknown": 9}, "not known"),
        ("C", {"percent": None, "known": 0, "unknown": 9}, "not known"),
        ("X", None, "not known"),
    ],
)
def test_a_share_of_mail_is_said_as_far_as_it_means_something(letter, share, words):
    assert class_traffic(letter, 10, share).words == words


def test_of_what_is_dropped_no_share_is_said_and_of_no_construct_none():
    whole = {"percent": 100.0, "known": 1, "unknown": 0}

    assert class_traffic("dropped", 10, whole) is None
    assert class_traffic("X", 0, whole).words == "none"


def test_the_target_can_be_switched_and_the_page_says_how_many_classes_change(as_ada, engagement, translations):
    kumomta = translations["kumomta"]

    page = text_of(as_ada.get(url("translation", engagement), {"target": "kumomta"}))

    assert str(kumomta) in page
    assert f"{kumomta.changing_count} of {kumomta.construct_count} constructs have another class" in page
    assert "?target=powermta" in page
    assert as_ada.get(url("translation", engagement), {"target": "exim"}).status_code == 404


def test_the_chosen_target_is_shown_first(as_ada, engagement, translations):
    type(engagement).objects.filter(pk=engagement.pk).update(target="powermta")

    assert str(translations["powermta"]) in text_of(as_ada.get(url("translation", engagement)))


def test_filters_narrow_the_map(as_ada, engagement, powermta):
    address = url("translation_set", engagement, powermta.number)

    native = as_ada.get(address, {"letter": "N"}).context["page"].object_list
    left = as_ada.get(address, {"fate": "not translated"}).context["page"].object_list
    changing = as_ada.get(address, {"changing": "yes"}).context["page"].paginator.count
    named = as_ada.get(address, {"text": "tagger.py"}).context["page"].object_list
    nothing = as_ada.get(address, {"text": "no such thing"})
    unknown = as_ada.get(address, {"letter": "Z", "page": "ninety"})

    assert {row.letter for row in native} == {"N"}
    assert {row.fate for row in left} == {"not translated"}
    assert changing == powermta.changing_count
    assert named
    assert all("tagger.py" in row.value + row.name + row.file + str(row.emitted) for row in named)
    assert "No construct fits these filters" in text_of(nothing)
    assert unknown.context["page"].paginator.count == powermta.construct_count


def test_what_nobody_classified_stands_on_top_and_blocks_the_plan(as_ada, engagement, powermta, translations):
    other = TranslationSet.objects.get(pk=powermta.pk)
    other.pk, other.number, other.unclassified_count, other.covered_count = None, 90, 1, 0
    other.save(force_insert=True)
    for number, row in enumerate(powermta.rows.all()[:3], start=1):
        row.pk, row.translation, row.number = None, other, number
        row.save(force_insert=True)
    add_row(other, 4)

    response = as_ada.get(url("translation_set", engagement, 90))

    assert [row.number for row in response.context["page"].object_list] == [4, 1, 2, 3]
    assert "Not everything is classified" in text_of(response)
    assert "1 construct is not classified" in text_of(response)
    assert "this blocks the plan" in text_of(as_ada.get(url("translation_row", engagement, 90, 4)))
    assert "1 construct is not classified" in text_of(as_ada.get(url("translation_set", engagement, powermta.number)))


def test_a_row_shows_both_sides_with_file_and_line(as_ada, engagement, powermta):
    row = powermta.rows.filter(fate="written", kind="parameter", name="smtp_bind_address").first()

    page = text_of(as_ada.get(url("translation_row", engagement, powermta.number, row.number)))

    line = row.emitted[0]
    assert f"{url('file', engagement, 1, row.file)}?line={row.line}#L{row.line}" in page
    assert '<mark class="source__line">5  smtp_bind_address = 192.0.2.10</mark>' in page
    assert line["text"] in page
    assert f"{url('translation_file', engagement, powermta.number, line['file'])}?line={line['line']}" in page


def test_every_row_of_every_target_has_a_page(as_ada, engagement, translations):
    for one in translations.values():
        answers = {
            row.number: as_ada.get(url("translation_row", engagement, one.number, row.number)).status_code
            for row in one.rows.all()
        }

        assert set(answers.values()) == {200}


def test_a_row_of_another_set_is_not_found(as_ada, engagement, powermta):
    assert as_ada.get(url("translation_row", engagement, powermta.number, 99_999)).status_code == 404
    assert as_ada.get(url("translation_row", engagement, 99, 1)).status_code == 404


def test_every_file_is_shown_and_packed(as_ada, engagement, powermta):
    files = list(powermta.files.all())

    listed = text_of(as_ada.get(url("translation_files", engagement, powermta.number)))
    first, again = (as_ada.get(url("translation_zip", engagement, powermta.number)).content for _ in range(2))
    shown = [as_ada.get(url("translation_file", engagement, powermta.number, file.path)) for file in files]

    assert all(file.path in listed and file.sha256 in listed for file in files)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            file.path: bytes(file.content) for file in files
        }
    assert first == again
    assert {answer.status_code for answer in shown} == {200}
    assert as_ada.get(url("translation_file", engagement, powermta.number, "mta1/no-such")).status_code == 404


def test_the_table_has_a_line_for_each_construct_and_no_formula(as_ada, engagement, powermta):
    response = as_ada.get(url("translation_csv", engagement, powermta.number))

    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == powermta.construct_count
    assert {row["class"] for row in rows} == {row.letter for row in powermta.rows.all()}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_a_newer_upload_is_named_and_the_button_makes_a_new_translation(as_ada, engagement, ada, powermta):
    current = text_of(as_ada.get(url("translation", engagement), {"target": "powermta"}))
    read(engagement, actor=ada, files=CHANGED)
    Job.objects.filter(kind="translate").delete()
    older = text_of(as_ada.get(url("translation", engagement), {"target": "powermta"}))

    answer = as_ada.post(url("translation_make", engagement))

    assert "older than the newest upload" not in current
    assert "Make a new translation" not in current
    assert "older than the newest upload" in older
    assert "Make a new translation" in older
    assert answer.status_code == 302
    assert Job.objects.filter(kind="translate").count() == 1


def test_a_failed_job_says_why_and_keeps_the_earlier_translation(as_ada, engagement, powermta):
    job = Job.objects.filter(kind="translate").first()
    Job.objects.filter(pk=job.pk).update(
        state="failed", error_sentence="The disk was full.", finished_at=job.created_at
    )

    page = text_of(as_ada.get(url("translation", engagement), {"target": "powermta"}))

    assert "The disk was full." in page
    assert str(powermta) in page


def test_two_sets_are_compared_by_construct(as_ada, engagement, ada, powermta):
    read(engagement, actor=ada, files=CHANGED)
    later = {one.target: one for one in stored_translations(engagement, actor=ada)}["powermta"]

    response = as_ada.get(url("translation_compare", engagement), {"before": powermta.number, "after": later.number})

    changes = {(each.kind, each.shown.name): each for each in response.context["comparison"].changes}
    assert ("gone", "transport_maps") in changes
    assert ("new", "relay_domains") in changes
    assert "value" in changes["changed", "smtp_bind_address"].differs
    assert "lines" in changes["changed", "smtp_bind_address"].differs
    assert ("changed", "message_size_limt") not in changes
    assert f"Translation {powermta.number} against translation {later.number}" in text_of(response)


def test_a_set_against_itself_or_another_target_is_no_comparison(as_ada, engagement, translations):
    one, other = (translation.number for translation in translations.values())

    mixed = as_ada.get(url("translation_compare", engagement), {"before": one, "after": other})
    unknown = as_ada.get(url("translation_compare", engagement), {"before": one, "after": 77})
    alone = as_ada.get(url("translation_compare", engagement))

    assert (mixed.status_code, unknown.status_code) == (404, 404)
    assert "There are not two translations of one target yet" in text_of(alone)


@pytest.mark.parametrize("name", ["translation_set", "translation_row", "translation_csv", "translation_files"])
def test_more_rows_cost_no_more_queries(as_ada, engagement, powermta, name, django_assert_max_num_queries):
    words = [powermta.number, 1] if name == "translation_row" else [powermta.number]
    as_ada.get(url(name, engagement, *words))
    with django_assert_max_num_queries(40) as few:
        as_ada.get(url(name, engagement, *words))

    for number in range(1000, 1300):
        add_row(powermta, number)
    with django_assert_max_num_queries(40) as many:
        as_ada.get(url(name, engagement, *words))

    assert len(many) == len(few)


def test_the_api_answers_map_files_and_comparison(as_ada, engagement, powermta, translations):
    def ask(name, *words, **asked):
        return as_ada.get(reverse(f"api:discovery:{name}", args=[engagement.code, *words]), asked)

    sets = ask("translations").json()["results"]
    rows = ask("translation_rows", powermta.number, letter="N", limit="200").json()["results"]
    row = ask("translation_row", powermta.number, rows[0]["number"]).json()
    files = ask("translation_files", powermta.number).json()["results"]
    file = ask("translation_file", powermta.number, files[0]["path"]).json()

    assert {one["target"]: one["construct_count"] for one in sets} == {
        target: one.construct_count for target, one in translations.items()
    }
    assert {each["letter"] for each in rows} == {"N"}
    assert row == rows[0]
    assert file["text"] == powermta.files.get(path=files[0]["path"]).text
    assert ask("translation", powermta.number).json()["sources"] == [{"upload": 1, "host": "mta1", "folder": "mta1"}]
    assert ask("translation_compare").json()["changes"] == []
    assert ask("translation_rows", powermta.number, letter="Q").status_code == 422
    assert TranslatedConstruct.objects.filter(translation=powermta, letter="N").count() == len(rows)
