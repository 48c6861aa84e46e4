"""What the records say in English is said in the plan's language; what people wrote stays theirs."""

import pytest

from discovery.maillog.bounces import categories
from engagements.tasks_book import tasks_of_gate
from pricing.in_force import book_now
from reports.sheets.phrases import say
from reports.sheets.words import Words, all_texts

SPANISH = Words("es")


def texts_of_tasks():
    return {
        text for number in range(1, 6) for row in tasks_of_gate(number) for text in (row["title"], row["explanation"])
    }


def texts_of_bounces():
    return {category.label for category in categories().values()}


@pytest.mark.django_db
def test_every_text_of_the_registers_has_its_translation():
    counted = book_now().texts["statistics"]["rows"].values()
    printed = {said for row in counted for said in (row["label"], row["definition"])}

    missing = [
        text for text in sorted(texts_of_tasks() | texts_of_bounces() | printed) if f"label.{text}" not in all_texts()
    ]

    assert not missing


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("asked by transport_maps", "consultado por transport_maps"),
        ("asked by smtpd_milters of smtp/inet", "consultado por smtpd_milters de smtp/inet"),
        ("1 entry", "1 entrada"),
        ("12,400 entries", "12.400 entradas"),
        ("The answers to 3 of 1,204 findings", "Las respuestas a 3 de 1.204 hallazgos"),
        (
            "113 of 123 constructs with an equal or a rewrite on PowerMTA",
            "113 de 123 construcciones con equivalente o reescritura en PowerMTA",
        ),
        ("37 of 1,039 (95 %)", "37 de 1.039 (95 %)"),
        ("USD 28,500", "USD 28.500"),
        ("USD 60,000 to USD 80,000.50", "USD 60.000 to USD 80.000,50"),
    ],
)
def test_a_sentence_of_the_records_in_spanish(english, spanish):
    assert say(SPANISH, english) == spanish
    assert say(Words(), english) == english


@pytest.mark.parametrize(
    "text", ["192.0.2.21", "smtpd", "-o smtpd_client_connection_count_limit=20", "state of the art", ""]
)
def test_what_people_and_configurations_say_stays_as_it_is(text):
    assert say(SPANISH, text) == text


def test_numbers_are_written_as_the_language_writes_them():
    assert [SPANISH.digits(text) for text in ("1,402,117", "50.00", "2026", "10.2.1", "\u22125")] == [
        "1.402.117",
        "50,00",
        "2026",
        "10.2.1",
        "\u22125",
    ]
    assert Words().digits("1,402,117") == "1,402,117"
