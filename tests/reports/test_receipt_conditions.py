"""What a sealed receipt says of conditions: whose they are, from which signature, and which were let fall."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagements.domain.request_changes import request_changes
from engagements.domain.set_reservations import ConditionText, Reservations
from engagements.domain.sign_document import sign_document
from engagements.models import Condition
from reports.content.receipt import receipt_content
from reports.domain.issue_receipt import prepare_receipt
from reports.rendering import document_html
from tests.engagements.journey import put_up, signature_for
from tests.engagements.signers import colleague
from tests.reports.plan_proofs import words_over_the_edge

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_again(begun, quick_paper, ada, carl, northlake, olga):
    """Carl's second signature: one of his conditions is kept, one let fall, one is new."""
    due = timezone.localdate() + timedelta(days=30)
    petra = colleague("Petra Lang", northlake, olga, role="finance")
    first = put_up(begun, 1, consultant=ada, customer=carl)
    words = Reservations((ConditionText("Rotate the keys.", due, "joint"), ConditionText("Buy a pager.", due)))
    sign_document(first, actor=carl, signature=signature_for(first), reservations=words)
    request_changes(first, actor=petra, reason="Name the window.")
    second = put_up(begun, 1, consultant=ada, customer=carl)
    dropped = [Condition.objects.get(text="Buy a pager.").pk]
    words = Reservations((ConditionText("Open the port.", due, "customer"),), dropped=dropped)
    return sign_document(second, actor=carl, signature=signature_for(second), reservations=words)


def test_the_data_of_a_receipt_name_whose_a_condition_is_and_what_was_kept_or_let_fall(signed_again, settings):
    first, practice = signed_again.replaces.reference, settings.CONSULTANCY["short_name"]

    said = receipt_content(signed_again.document)["signatures"][0]

    assert said["replaces"] == first
    assert [(each["text"], each["whose"], each["set_with"]) for each in said["conditions"]] == [
        ("Rotate the keys.", [practice, "Northlake Logistics"], first),
        ("Open the port.", ["Northlake Logistics"], ""),
    ]
    assert [(each["text"], each["set_with"]) for each in said["let_fall"]] == [("Buy a pager.", first)]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            ["Takes the place of", "to be done by", "{practice}</bdi> and <bdi>", "set with {first} and kept"],
        ),
        ("es", ["Sustituye a", "a cargo de", "{practice}</bdi> y <bdi>", "puesta con {first} y mantenida"]),
    ],
)
def test_the_receipt_prints_them_in_the_language_of_the_document(signed_again, settings, language, said):
    names = {"first": signed_again.replaces.reference, "practice": settings.CONSULTANCY["short_name"]}

    page = document_html("receipt", receipt_content(signed_again.document) | {"language": language}, [])

    page = " ".join(page.split())
    assert [words.format(**names) for words in said if words.format(**names) not in page] == []
    assert "Buy a pager." in page


def test_a_role_without_a_blank_stays_on_the_sheet(begun, ada, carl, tmp_path):
    document = put_up(begun, 1, consultant=ada, customer=carl)
    sign_document(document, actor=carl, signature=signature_for(document, role_title="W" * 120))

    (tmp_path / "receipt.pdf").write_bytes(prepare_receipt(document).rendered.pdf)

    words, over = words_over_the_edge(tmp_path / "receipt.pdf")
    assert words > 100
    assert over == []
