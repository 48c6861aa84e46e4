"""The same answers as the real postconf, configuration by configuration."""

import pytest

from discovery.postfix import Bundle, audit_bundle, read_folder
from discovery.postfix.expansion import expand
from discovery.postfix.lines import join_blanks
from discovery.postfix.main_cf import read_main
from discovery.postfix.master_cf import format_service, read_master
from discovery.postfix.parameters import default_of
from discovery.postfix.usage import used_settings
from tests.discovery.postfix import golden

pytestmark = pytest.mark.corpus

CASES = golden.corpus_cases()
READABLE = [case for case in CASES if not case.is_fatal]
# postconf prints these two as they are written, and the third with its own process number.
NEVER_EXPANDED = {"mailbox_command", "local_command_shell", "debugger_command"}
GOLDEN_HOST = {"mail_version": "3.7.11", "config_directory": "/etc/postfix"}

needs_corpus = pytest.mark.skipif(not CASES, reason=golden.ABSENT)
needs_torture = pytest.mark.skipif(not golden.TORTURE.is_dir(), reason=golden.ABSENT)
needs_postconf = pytest.mark.skipif(golden.POSTCONF is None, reason="Postfix is not installed here")


def read_case(main, master):
    return (
        read_main("main.cf", golden.text_of(main)),
        read_master("master.cf", golden.text_of(master) if master else ""),
    )


def used_values(main, master):
    return {name: setting.value for name, setting in used_settings(main.current, master.services).items()}


def expanded_values(main, master):
    values = {name: setting.value for name, setting in main.current.items()}
    host_name = f"vm.{values.get('mydomain', 'localdomain')}"
    host = dict(GOLDEN_HOST, myhostname=values.get("myhostname", host_name))
    host["mydomain"] = host["myhostname"].partition(".")[2] or "localdomain"

    def lookup(name):
        return values.get(name, host.get(name, default_of(name)))

    return {name: join_blanks(expand(value, lookup).value) for name, value in used_values(main, master).items()}


def without(values, names):
    return {name: value for name, value in values.items() if name not in names}


@needs_corpus
@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.name)
def test_settings_are_those_that_postconf_prints(case):
    main, master = read_case(case.main, case.master)

    assert used_values(main, master) == golden.pairs(case.print_of("n"))


@needs_corpus
@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.name)
def test_expanded_values_are_those_that_postconf_prints(case):
    main, master = read_case(case.main, case.master)

    printed = golden.pairs(case.print_of("nx"))

    assert without(expanded_values(main, master), NEVER_EXPANDED) == without(printed, NEVER_EXPANDED)


@needs_corpus
@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.name)
def test_services_are_printed_as_postconf_prints_them(case):
    _, master = read_case(case.main, case.master)

    assert [format_service(each) for each in master.services] == case.print_of("M").splitlines()


@needs_corpus
@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.name)
def test_options_of_services_are_those_that_postconf_prints(case):
    _, master = read_case(case.main, case.master)

    found = {
        f"{service.name}/{service.kind}/{override.name}": join_blanks(override.value)
        for service in master.services
        for override in service.overrides
    }

    assert found == golden.pairs(case.print_of("P"))


@needs_corpus
@pytest.mark.parametrize("case", [case for case in CASES if case.is_fatal], ids=lambda case: case.name)
def test_what_stops_postfix_is_a_problem_of_the_services(case):
    _, master = read_case(case.main, case.master)

    assert [problem.kind for problem in master.problems] == ["broken-service"]


@needs_corpus
def test_every_folder_of_the_corpus_can_be_audited():
    for folder in sorted(path for path in golden.CORPUS.iterdir() if path.is_dir()):
        audit_bundle(read_folder(folder), secret_key=b"test").as_json()


@needs_torture
def test_the_torture_case_reads_as_postconf_reads_it():
    main, master = read_case(golden.TORTURE / "main.cf", golden.TORTURE / "master.cf")

    assert used_values(main, master) == golden.pairs(golden.text_of(golden.TORTURE / "expected-n.txt"))
    assert expanded_values(main, master) == golden.pairs(golden.text_of(golden.TORTURE / "expected-nx.txt"))
    printed = golden.text_of(golden.TORTURE / "expected-M.txt").splitlines()
    assert [format_service(each) for each in master.services] == printed


@needs_torture
def test_an_audit_of_the_torture_case_gives_the_same_settings():
    files = {name: (golden.TORTURE / name).read_bytes() for name in ("main.cf", "master.cf")}

    report = audit_bundle(Bundle.of(files), secret_key=b"test").as_json()

    values = {name: setting["value"] for name, setting in report["instances"][0]["parameters"].items()}
    assert values == golden.pairs(golden.text_of(golden.TORTURE / "expected-n.txt"))


@needs_postconf
@pytest.mark.parametrize(
    "folder",
    [
        "single_ip/etc/postfix",
        "multi_ip/etc/postfix",
        "multi_instance/etc/postfix",
        "multi_instance/etc/postfix-a",
        "multi_instance/etc/postfix-b",
    ],
)
def test_our_samples_read_as_the_postfix_of_this_machine_reads_them(folder):
    place = golden.SAMPLES / folder
    main, master = read_case(place / "main.cf", place / "master.cf")

    assert used_values(main, master) == golden.pairs(golden.ask_postconf(place, "-n"))
    assert [format_service(each) for each in master.services] == golden.ask_postconf(place, "-M").splitlines()
