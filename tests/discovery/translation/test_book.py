"""The dictionary itself: complete, without doubles, and naming only what the targets know."""

import csv
import json
import re

import pytest

from discovery.postfix.milters import products
from discovery.postfix.parameters import QUEUE_SUFFIXES, catalogue
from discovery.postfix.tables import KINDS as MAP_TYPES
from discovery.translation.book import Book, bind, load_book, names_of, row_of
from discovery.translation.target_names import kumomta_names, powermta_names
from discovery.translation.treatments import CLASSES, TARGETS, DictionaryError, treatment_of
from tests.discovery.postfix import golden

FACTS = golden.SHARED / "domain"
KUMO_INDEX = golden.SHARED / "tools" / "kumo_check" / "kumo_index.json"
KUMO_FIELDS = {
    "make_egress_path": ["EgressPathConfig", "SmtpClientTimeouts"],
    "make_egress_source": ["EgressSource"],
    "make_queue_config": ["QueueConfig"],
    "make_listener_domain": ["EsmtpDomain"],
    "start_esmtp_listener": ["EsmtpListenerParams", "GenericEsmtpListenerParams"],
    "start_http_listener": ["HttpListenerParams"],
    "define_spool": ["DefineSpoolParams"],
    "configure_local_logs": ["LogFileParams"],
}
NOT_IN_THE_INDEX = ("kcli ", "toml:", "http:")
NOT_OF_POSTFIX = {"misspelt-names", "virtual-quota-patch"}
GOOD = {
    "id": "x",
    "kind": "parameter",
    "names": "myhostname",
    "manual": "postconf(5)",
    "powermta": {"N": ["host-name@global"]},
    "kumomta": {"dropped": "A reason."},
}


def test_every_parameter_of_postfix_has_exactly_one_row():
    book = load_book()
    patterns = {
        name: book.fitting("parameter", name) for name in catalogue() if ("parameter", name) not in book.by_name
    }

    assert {name for name, rows in patterns.items() if len(rows) != 1} == set()
    assert len(catalogue()) > 900


@pytest.mark.parametrize("suffix", [*QUEUE_SUFFIXES, "_time_limit"])
def test_every_parameter_that_a_service_makes_has_exactly_one_row(suffix):
    assert len(load_book().fitting("parameter", f"bulk-2{suffix}")) == 1


@pytest.mark.parametrize("kind", sorted(MAP_TYPES | {"unix", "proxy"}))
def test_every_type_of_table_has_a_row(kind):
    assert load_book().find("map type", kind) is not None


@pytest.mark.parametrize("product", products(), ids=lambda each: f"{each.kind} {each.product}")
def test_every_known_product_has_a_row(product):
    kind = {"content_filter": "content filter", "sasl": "login server"}.get(product.kind, product.kind)

    assert load_book().find(kind, product.product) is not None


def test_no_two_rows_share_an_identity():
    ids = [row.id for row in load_book().rows]

    assert len(ids) == len(set(ids))
    assert len(ids) > 300


def test_a_name_that_nobody_has_looked_at_has_no_row():
    assert load_book().find("parameter", "smtp_brand_new_option") is None
    assert load_book().find("restriction", "reject_brand_new_thing") is None


def test_the_rows_of_parameters_name_nothing_that_postfix_never_had():
    known = set(catalogue())
    named = {
        name
        for row in load_book().rows
        if row.kind == "parameter" and row.id not in NOT_OF_POSTFIX
        for name in row.names
    }

    unknown = {name for name in named - known if not name.endswith(QUEUE_SUFFIXES)}

    assert unknown == {"domain_to_ascii"}  # of Postfix 3.12, newer than the catalogue


def test_every_change_of_behaviour_is_one_sentence():
    treatments = [
        treatment
        for row in load_book().rows
        for each in (row.treatments, *(variant.treatments for variant in row.variants))
        for treatment in each.values()
    ]
    said = {treatment.loss or treatment.reason for treatment in treatments} - {""}

    assert {sentence for sentence in said if not re.fullmatch(r"[A-Z].*\.", sentence)} == set()
    assert {treatment.letter for treatment in treatments} == set(CLASSES)


def test_every_directive_but_one_has_a_section_in_a_guide():
    blank = {
        name for row in load_book().rows for name in row.treatments["powermta"].names if not powermta_names()[name]
    }

    assert blank == {"always-allow-relaying@source"}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"names": ""}, "neither names nor patterns"),
        ({"powermta": {"N": ["host-nam@global"]}}, "names host-nam@global, which is not known of powermta"),
        ({"powermta": {"N": ["host-name@domain"]}}, "names host-name@domain, which is not known of powermta"),
        ({"kumomta": {"N": ["kumo.no_such_thing"]}}, "names kumo.no_such_thing, which is not known of kumomta"),
        ({"powermta": {"N": []}}, "names nothing of the target"),
        ({"powermta": {"R": ["host-name@global"], "loss": "Less."}}, "cannot have the relation none at all"),
        (
            {"powermta": {"R": ["host-name@global"], "relation": "equal", "loss": "Less."}},
            "cannot have the relation equal",
        ),
        ({"powermta": {"R": ["host-name@global"], "relation": "subset"}}, "does not say what changes"),
        ({"powermta": {"X": []}}, "does not say what changes"),
        ({"powermta": {"N": ["host-name@global"], "loss": "Less."}}, "has a loss and is native"),
        ({"powermta": {"dropped": ""}}, "dropped without a reason"),
        ({"powermta": {"N": ["host-name@global"], "X": []}}, "needs one class"),
        ({"powermta": {"N": ["host-name@global"], "confidence": "sure"}}, "unknown confidence"),
        ({"powermta": {"N": ["host-name@global"], "colour": "red"}}, "unknown key colour"),
        ({"colour": "red"}, "unknown key colour"),
        ({"when": [{"value": "a", "colour": "red"}]}, "unknown key colour"),
        ({"kumomta": None}, "does not say what becomes of it on both targets"),
    ],
)
def test_a_row_that_is_not_well_formed_is_refused_by_name(change, complaint):
    with pytest.raises(DictionaryError, match="The row x") as refused:
        row_of({**GOOD, **change}, "Identity")

    assert complaint in str(refused.value)


def test_the_row_that_these_refusals_start_from_is_good():
    assert row_of(GOOD, "Identity").treatments["powermta"].names == ("host-name@global",)


def test_two_rows_with_the_same_name_are_refused():
    rows = [row_of(GOOD, "Identity"), row_of({**GOOD, "id": "y"}, "Identity")]

    with pytest.raises(DictionaryError, match="myhostname stands in the rows x and y"):
        bind(iter(rows))


def test_two_rows_with_the_same_identity_are_refused():
    rows = [row_of(GOOD, "Identity"), row_of({**GOOD, "names": "mydomain"}, "Identity")]

    with pytest.raises(DictionaryError, match="The row x is written twice"):
        bind(iter(rows))


def test_alternatives_in_a_name_are_spelt_out():
    assert names_of("(smtp,lmtp)_a_(x,y) plain") == (
        "smtp_a_x", "smtp_a_y", "lmtp_a_x", "lmtp_a_y", "plain",
    )  # fmt: skip


def test_an_exact_name_goes_before_a_pattern():
    exact = row_of({**GOOD, "id": "exact", "names": "slow_rate"}, "Pace")
    wide = row_of({**GOOD, "id": "wide", "names": "", "patterns": r"\w+_rate"}, "Pace")
    book = bind(iter([wide, exact]))

    assert book.find("parameter", "slow_rate") is exact
    assert book.find("parameter", "fast_rate") is wide


def test_a_value_chooses_its_variant_and_leaves_the_other_target_alone():
    row = row_of({**GOOD, "when": [{"value": "a|b", "powermta": {"X": [], "loss": "Lost."}}]}, "Identity")

    assert row.treatment("powermta", " B ").letter == "X"
    assert row.treatment("powermta", "ab").letter == "N"
    assert row.treatment("kumomta", "a").letter == "dropped"


def test_a_value_that_switches_off_leaves_nothing_to_translate():
    row = row_of({**GOOD, "nothing_at": ["", "no"]}, "Identity")

    assert row.treatment("powermta", "No").letter == "dropped"
    assert row.treatment("powermta", "").reason
    assert row.treatment("powermta", "yes").letter == "N"


def test_an_option_that_its_service_never_reads_is_dropped_only_there():
    row = row_of({**GOOD, "main_only": "qmgr(8)"}, "Pace")

    assert "qmgr(8)" in row.treatment("powermta", "5", is_override=True).reason
    assert row.treatment("powermta", "5").letter == "N"


def test_the_sources_of_a_row_name_guide_and_page():
    row = load_book().find("parameter", "smtp_helo_name")

    assert row.sources("powermta") == (
        "host-name@virtual-mta: PowerMTA 5.0 User Guide (2019) 3.3.12.5, later PowerMTA 5.0 guide 3.3.12.5",
    )
    assert "make_egress_source/ehlo_domain.md" in row.sources("kumomta")[0]


def test_a_book_knows_its_rows_by_identity():
    assert load_book().row("smtp-helo-name").names == ("smtp_helo_name",)
    assert Book(()).row("smtp-helo-name") is None


@pytest.mark.corpus
@pytest.mark.skipif(not FACTS.exists(), reason="the facts are not beside this repository")
def test_all_958_parameters_of_postfix_3_12_have_a_row():
    with (FACTS / "postfix-parameters.tsv").open(encoding="utf-8") as source:
        names = [row["parameter"] for row in csv.DictReader(source, delimiter="\t")]

    assert [name for name in names if load_book().find("parameter", name) is None] == []
    assert len(names) == 958


@pytest.mark.corpus
@pytest.mark.skipif(not KUMO_INDEX.exists(), reason="the index of KumoMTA is not beside this repository")
def test_what_the_dictionary_names_of_kumomta_exists_there():
    index = json.loads(KUMO_INDEX.read_text(encoding="utf-8"))
    known = {*index["functions"]}
    known |= {f"event:{name}" for name in index["events"]} | {f"message:{name}" for name in index["methods"]["Message"]}
    known |= {name.replace("policy-extras.", "helper:") for name in index["helpers"]}
    for function, types in KUMO_FIELDS.items():
        known |= {f"{function}.{field}" for each in types for field in index["types"][each]["fields"]}

    missing = {name for name in kumomta_names() if name not in known}

    assert {name for name in missing if not name.startswith(NOT_IN_THE_INDEX)} == set()


@pytest.mark.parametrize("written", [{}, {"N": ["x"], "R": ["y"]}])
def test_a_treatment_has_one_class(written):
    with pytest.raises(DictionaryError, match="needs one class"):
        treatment_of(written, "Here")


def test_both_targets_are_said_of_every_row():
    assert all(set(row.treatments) == set(TARGETS) for row in load_book().rows)
