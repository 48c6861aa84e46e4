"""Components from a CSV file: all of it or, with the rows named, none of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import DomainError
from core.models import AuditEvent
from discovery.component_sheet import template_csv
from discovery.domain.import_components import import_components
from discovery.models import ComponentImport, Dossier
from tests.discovery.pages import text_of, url

pytestmark = pytest.mark.django_db

SHEET = """\
Kind;Name;Host;Owner;Language;Lines;Source;Note
bounces;bounce-sorter;MTA1;Carl Brandt;Perl;340;Available;every ten minutes

Milter;tagger;;;;;;
"""


def test_every_row_becomes_a_component_and_the_file_is_kept(engagement, carl):
    kept = import_components(engagement, filename="c:\\own.csv", content=SHEET.encode(), actor=carl)

    rows = Dossier.objects.values_list("kind", "name", "host_label", "owner", "line_count", "source")
    assert list(rows) == [
        ("bounces", "bounce-sorter", "mta1", "Carl Brandt", 340, "available"),
        ("milter", "tagger", "", "", None, "unknown"),
    ]
    assert (kept.number, kept.filename, kept.row_count) == (1, "own.csv", 2)
    assert bytes(kept.content) == SHEET.encode()
    assert AuditEvent.objects.filter(action="component.imported").count() == 1


def test_the_template_can_be_imported_as_it_is(engagement, carl):
    kept = import_components(engagement, filename="template.csv", content=template_csv().encode(), actor=carl)

    assert kept.row_count == 1


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", ["Row 1 has to name the columns of the template. Missing: kind, name."]),
        ("kind,name\n", ["The file has no row below its header."]),
        ("kind,name,wage\nmilter,a,1\n", ["Row 1 names columns that the template does not have: wage."]),
        (
            "kind,name,lines,source\nmilter,a,,\nspoon,,many,lost\n",
            [
                "Row 3: give the component a name.",
                "Row 3: the kind is one of milter, policy, bounces, feedback, cron, pipe, script, other.",
                "Row 3: the lines are a number such as 340, or empty.",
            ],
        ),
        ("kind,name\nmilter,a\nmilter,a\n", ["Row 3: a stands in the inventory already."]),
        (f"kind,name\nmilter,{'n' * 121}\n", ["Row 2: name has more than 120 characters."]),
        ("kind,name\n" + "milter,a\n" * 1001, ["The file has more than 1000 rows."]),
        ('kind,name\nmilter,"a\n', None),
        ("\x00\x01\x02", ["Row 1 has to name the columns of the template. Missing: kind, name."]),
    ],
)
def test_with_a_wrong_row_nothing_is_imported_and_every_row_is_named(engagement, carl, text, sentences):
    if sentences is None:
        import_components(engagement, filename="own.csv", content=text.encode(), actor=carl)
        assert Dossier.objects.count() == 1
        return

    with pytest.raises(DomainError) as refused:
        import_components(engagement, filename="own.csv", content=text.encode(), actor=carl)

    assert list(refused.value.reasons) == ["Nothing was imported.", *sentences]
    assert not Dossier.objects.exists()
    assert not ComponentImport.objects.exists()


def test_a_secret_in_the_file_is_masked_before_it_is_kept(engagement, carl):
    secret = "".join(chr(97 + number * 7 % 26) for number in range(19))
    text = f'kind,name,note\nscript,sync,"runs with https://writer:{secret}@crm.example/api"\n'

    kept = import_components(engagement, filename="own.csv", content=text.encode(), actor=carl)

    assert secret.encode() not in bytes(kept.content)
    assert secret not in Dossier.objects.get().note


def test_the_page_shows_what_is_wrong_and_takes_what_is_right(client, engagement, carl):
    client.force_login(carl)
    page = url("component_import", engagement)

    wrong = client.post(page, {"sheet": SimpleUploadedFile("own.csv", b"kind,name\nspoon,a\n")})
    right = client.post(page, {"sheet": SimpleUploadedFile("own.csv", SHEET.encode())})

    assert wrong.status_code == 422
    assert "Row 2: the kind is one of" in text_of(wrong)
    assert right.url == url("inventory", engagement)
    assert "bounce-sorter" in text_of(client.get(right.url))
    assert "own.csv" in text_of(client.get(page))
    assert client.get(url("component_original", engagement, 1)).content == SHEET.encode()


def test_a_viewer_imports_nothing(client, engagement, vera):
    client.force_login(vera)

    response = client.post(
        url("component_import", engagement), {"sheet": SimpleUploadedFile("own.csv", SHEET.encode())}
    )

    assert response.status_code == 403
    assert not Dossier.objects.exists()
