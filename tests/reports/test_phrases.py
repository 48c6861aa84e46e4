"""What the records say in English is said in the plan's language; what people wrote stays theirs."""

from dataclasses import fields
from datetime import date, timedelta

import pytest
import yaml
from django.conf import settings

from core.counting import counted
from discovery.maillog.bounces import categories
from discovery.postfix.milters import products
from discovery.postfix.rule_packs import load_rules
from discovery.questions.loading import load_book as load_questions
from discovery.translation.book import load_book
from discovery.translation.treatments import CUSTOM, GAP
from engagements.gates import checks_of
from engagements.schedule import PlannedPhase, warnings
from engagements.tasks_book import tasks_of_gate
from pricing.calculation.books import Tier
from pricing.calculation.diagnosis import BAND_LABELS, diagnose
from pricing.calculation.facts import CustomComponents, DataPoints, Team
from pricing.calculation.hybrid import StreamPoints, weigh_streams
from pricing.content import promises, sized_on
from pricing.in_force import book_now
from reports.sheets.desk import Desk
from reports.sheets.phrases import say, say_answer, say_message, say_stream
from reports.sheets.rule_words import TEXTS, rules_in, sentences_of_the_dictionary
from reports.sheets.running import ASKED_AT_NIGHT, monitoring
from reports.sheets.sentence_forms import form_of
from reports.sheets.standing import staying, stream_names
from reports.sheets.today import ABOUT_BOUNCES, bounces
from reports.sheets.words import Words, all_texts

BOOK = settings.BASE_DIR / "pricing" / "book"

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
        ("asked by 2.11", "consultado por 2.11"),
        ("MTA 2.15 to 3,000", "MTA 2.15 to 3,000"),
        ("script other (bin/clean.sh)", "otro script (bin/clean.sh)"),
        ("policy custom (inet:127.0.0.1:1)", "servicio de políticas propio (inet:127.0.0.1:1)"),
        ("signed (amavis key)", "firmado (clave de amavis)"),
        ("1 entry", "1 entrada"),
        ("1 line", "1 línea"),
        ("1 lines", "1 línea"),
        ("12,400 entries", "12.400 entradas"),
        ("The answers to 3 of 1,204 findings", "Las respuestas a 3 de 1.204 hallazgos"),
        (
            "113 of 123 constructs with an equal or a rewrite on PowerMTA",
            "113 de 123 construcciones con equivalente o reescritura en PowerMTA",
        ),
        ("37 of 1,039 (95 %)", "37 de 1.039 (95 %)"),
        ("USD 28,500", "USD 28.500"),
        ("USD 60,000 to USD 80,000.50", "USD 60.000 a USD 80.000,50"),
        ("USD 60,000 to 80,000", "USD 60.000 a 80.000"),
        ("USD 200,000 and more", "USD 200.000 o más"),
        ("6 IPs, lit from 4.", "6 IP; se enciende desde 4."),
        ("One tenant; 3 domains; 9 IPs, more than 8.", "Un inquilino; 3 dominios; 9 IP, más de 8."),
        ("Custom Lua for 7 lines, in the fee", "Lua a medida para 7 líneas, dentro del precio"),
        (
            "Behaviour change G-001, service smtp (mx1, etc/postfix/master.cf:4): Mail is not scanned.",
            "Cambio de comportamiento G-001, servicio smtp (mx1, etc/postfix/master.cf:4): El correo no se escanea.",
        ),
        (
            "Migrate 2 of 3 streams, keep one on Postfix",
            "Migrar 2 de 3 flujos, dejar uno en Postfix",
        ),
        (
            "Tier chosen by Lea Marsh; the rules lead to Multi-IP.",
            "Nivel elegido por Lea Marsh; las reglas llevan a Multi-IP.",
        ),
    ],
)
def test_a_sentence_of_the_records_in_spanish(english, spanish):
    assert say(SPANISH, english) == spanish
    assert say(Words(), english) == english


def texts_of_the_books():
    """Whatever the rules and terms of the price book can put into a quote, whichever row is in force."""
    tiers, statements = (yaml.safe_load((BOOK / f"{name}.yaml").read_text()) for name in ("tiers", "statements"))
    for tier in tiers["tiers"]:
        yield from (tier["label"], tier["scope"], *tier["included"])
        yield from promises(Tier(**{field.name: tier.get(field.name) for field in fields(Tier)}))
    for condition in (one for rule in tiers["rules"] for one in rule["any"]):
        for outcome in ("met", "unmet", "unknown"):
            yield condition[outcome].format(count="9 IPs", limit=8)
    for row in statements:
        if row["key"] in {"exclusions", "fixed_fee", "refund"}:
            said = [
                *row.get("texts", []),
                *(row[name] for name in ("text", "plan_only", "nothing_left") if name in row),
            ]
            yield from (text.format(refund="USD 26,100", total="USD 28,500") for text in said)


def texts_of_verdicts():
    """The verdict and what a quote is sized on: with nothing known, with one of each, with none, and with many."""
    thresholds = book_now().thresholds
    for count in (None, 0, 1, 9_200_000):
        shape = dict.fromkeys(("month", "peak", "ips", "pools", "streams", "tenants", "domains"), count)
        parts = CustomComponents(**dict.fromkeys(("milters", "bounce", "fbl", "other"), count))
        for team in (None, *Team):
            points = DataPoints(**shape, components=parts, team=team)
            found = diagnose(points, thresholds)
            yield from (BAND_LABELS[found.band], found.explanation, *(signal.numbers for signal in found.signals))
            yield from (value for row in sized_on(points) for value in row.values())
        streams = [StreamPoints("a", count, count, count), StreamPoints("b", 9_000_000, 400_000, 6)]
        hybrid = weigh_streams(streams, found, thresholds)
        yield from (hybrid.label, hybrid.explanation, *(f"{row.label}. {row.numbers}" for row in hybrid.streams))


@pytest.mark.django_db
def test_whatever_a_quote_says_is_said_in_spanish():
    same_in_both = {"Multi-IP", "Enterprise"}

    left = {text for text in (*texts_of_the_books(), *texts_of_verdicts()) if say(SPANISH, text) == text}

    assert left == same_in_both


def test_every_rule_is_told_in_spanish_with_the_same_places():
    said, rules = rules_in("es"), {rule.id: rule for rule in load_rules()}

    assert said.keys() == rules.keys()
    places = {name: set(form_of(rule.message).names) for name, rule in rules.items()}
    assert {name for name, texts in said.items() if set(form_of(texts["message"]).names) != places[name]} == set()
    assert all(set(texts) == set(TEXTS) and all(texts.values()) for texts in said.values())


def test_what_changes_with_a_construct_without_an_equal_is_said_in_spanish():
    asks = {GAP, CUSTOM}
    treated = [each for row in load_book().rows for each in (row.treatments, *(one.treatments for one in row.variants))]
    losses = {one.loss for each in treated for one in each.values() if one.letter in asks}

    assert losses == set(sentences_of_the_dictionary("es"))
    assert say(SPANISH, f"{min(losses)} {max(losses)}") != f"{min(losses)} {max(losses)}"


def test_what_filters_do_and_the_questions_that_pages_repeat_are_said_in_spanish():
    printed = {*ABOUT_BOUNCES, *ASKED_AT_NIGHT, "keep_ips"}
    asked = [one for section in load_questions().sections for one in section.questions if one.id in printed]
    texts = {product.function for product in products()} | {one.ask for one in asked}
    texts |= {label for one in asked for label in one.choices.values()}
    texts |= {counted(7, one.unit_of_one, one.unit) for one in asked if one.unit}

    assert {one.id for one in asked} == printed
    assert {text for text in texts if text and say(SPANISH, text) == text} == {"No", "Microsoft", "Yahoo", "Comcast"}


def test_what_the_schedule_warns_of_is_said_in_spanish():
    days = [date(2026, 5, 1) + timedelta(days=days) for days in (0, 20, 24, 50)]
    phases = [PlannedPhase(1, days[0], days[1], 0), PlannedPhase(3, days[1], days[2], 0)]

    (warned,) = warnings([*phases, PlannedPhase(4, days[2], days[3], 0)])

    assert say(SPANISH, warned) == (
        "La entrega en paralelo ocupa 5 de 51 días hasta el cambio (10 %); lo usual es de 30 a 50 %. "
        "No puede acortarse para ganar tiempo."
    )


def test_every_check_of_a_gate_is_named_in_spanish():
    titles = {check.title for number in range(1, 6) for check in checks_of(number)}

    assert "Every stream is marked migrate or stay" in titles
    assert [title for title in sorted(titles) if say(SPANISH, title) == title] == []


def test_a_finding_is_said_in_spanish_and_the_words_of_the_line_stay():
    names = ", ".join(f"bulk{number}" for number in range(6))
    found = {
        "title": "Own sending transports",
        "message": f"1,204 sending transports of the customer's own making: {names} and 1,198 more.",
    }
    version = {
        "title": "The version is written over",
        "message": "mail_version = 3.6 changes what Postfix says about its",
    }

    share = {"title": "Messages without a Message-ID"}
    share["message"] = "1,204 of 9,000 messages in the mail log carry no Message-ID (13.38 %)."

    assert say_message(SPANISH, share) == (
        "1.204 de 9.000 mensajes del registro de correo no llevan Message-ID (13,38 %)."
    )
    assert say(SPANISH, found["title"]) == "Transportes de envío propios"
    assert say_message(SPANISH, found) == f"Transportes de envío hechos por el cliente, 1.204: {names} y 1.198 más."
    assert say_message(SPANISH, found | {"title": "Another rule"}) == found["message"]
    assert say_message(SPANISH, version) == version["message"]
    assert say_message(Words(), found) == found["message"]


@pytest.mark.parametrize(
    "text",
    [
        "192.0.2.21",
        "smtpd",
        "-o smtpd_client_connection_count_limit=20",
        "state of the art",
        "",
        "." * 990,
        "Yes. No; " * 110,
        "x" + " to shape" * 110,
    ],
)
def test_what_people_and_configurations_say_stays_as_it_is(text):
    assert say(SPANISH, text) == text


def test_names_and_answers_that_people_wrote_are_not_translated():
    row = {"question": "on_call_reach", "answer": "Billing", "asked": "How?", "by": "Carl", "at": ""}
    streams = [{"reference": "S-01", "name": "Billing", "route": "Stay on Postfix"}]
    desk = Desk({"estate": {"streams": [*streams, streams[0] | {"name": "Other mail of mx2"}]}}, {}, SPANISH)

    assert stream_names(staying(desk)) == "S-01 Billing, S-01 Otro correo de mx2"
    assert say_stream(SPANISH, "Other mail") == "Otro correo"
    assert say_answer(SPANISH, row) == "Billing"
    assert say_answer(SPANISH, row | {"answer": "I do not know"}) == "No lo sé"
    assert say_answer(SPANISH, row | {"question": "log_readers"}) == "Facturación"
    assert say_answer(SPANISH, row | {"question": "retention_days", "answer": "1,200 days"}) == "1.200 días"


def test_no_page_translates_what_somebody_answered_in_their_own_words():
    answers = [
        {"question": key, "asked": key, "answer": "Team", "by": "Carl", "at": "", "note": ""}
        for key in ("bounce_feeds", "rollback_people", "on_call_reach")
    ]
    content = {"basis": {"answers": answers}, "estate": {"streams": []}}
    desk = Desk(content, {"organization": "Northlake"}, SPANISH)

    printed = [
        cell.text for block in (*bounces(desk), *monitoring(desk)) for row in getattr(block, "rows", ()) for cell in row
    ]

    assert "Team" in printed
    assert "Equipo" not in printed


def test_numbers_are_written_as_the_language_writes_them():
    assert [SPANISH.digits(text) for text in ("1,402,117", "50.00", "2026", "10.2.1", "\u22125")] == [
        "1.402.117",
        "50,00",
        "2026",
        "10.2.1",
        "\u22125",
    ]
    assert Words().digits("1,402,117") == "1,402,117"
