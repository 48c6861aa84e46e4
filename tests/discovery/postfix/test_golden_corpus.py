"""The same answers as the real postconf, configuration by configuration."""

import pytest

from discovery.postfix import Bundle, audit_bundle, read_folder
from discovery.postfix.expansion import expand
from discovery.postfix.lines import join_blanks
from discovery.postfix.main_cf import read_main
from discovery.postfix.master_cf import read_master
from discovery.postfix.parameters import catalogue, default_of
from discovery.postfix.prints import print_line, print_options, print_services, print_settings
from discovery.postfix.usage import used_settings
from tests.discovery.postfix import golden

pytestmark = pytest.mark.corpus

CASES = golden.corpus_cases()
READABLE = [case for case in CASES if not case.is_fatal]
# postconf prints these as they are written, and the command for a debugger with its own process number.
NEVER_EXPANDED = {name for name, parameter in catalogue().items() if parameter.is_deferred} | {"debugger_command"}
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

    assert print_services(master.services) == case.print_of("M")


@needs_corpus
@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.name)
def test_options_of_services_are_those_that_postconf_prints(case):
    _, master = read_case(case.main, case.master)

    assert print_options(master.services) == case.print_of("P")


@needs_corpus
@pytest.mark.parametrize("case", [case for case in CASES if case.is_fatal], ids=lambda case: case.name)
def test_what_stops_postfix_is_a_problem_of_the_services(case):
    _, master = read_case(case.main, case.master)

    assert [problem.kind for problem in master.problems] == ["broken-service"]


@needs_corpus
def test_every_folder_of_the_corpus_can_be_audited():
    for folder in sorted(path for path in golden.CORPUS.iterdir() if path.is_dir()):
        audit_bundle(read_folder(folder), secret_key=b"test").as_json()


def printed_torture(main, master):
    used = used_settings(main.current, master.services)
    expanded = expanded_values(main, master) | {"config_directory": "/etc/postfix"}
    return {
        "n": print_settings(used, "/etc/postfix"),
        "nx": "".join(print_line(f"{name} = {expanded[name]}") for name in sorted(expanded)),
        "M": print_services(master.services),
        "Mf": print_services(master.services, is_folded=True),
        "P": print_options(master.services),
    }


@needs_torture
@pytest.mark.parametrize("kind", ["n", "nx", "M", "Mf", "P"])
def test_the_torture_case_is_printed_byte_for_byte_as_postconf_prints_it(kind):
    main, master = read_case(golden.TORTURE / "main.cf", golden.TORTURE / "master.cf")

    printed = printed_torture(main, master)[kind]

    assert printed.encode() == (golden.TORTURE / f"expected-{kind}.txt").read_bytes()


@needs_torture
@needs_postconf
@pytest.mark.parametrize("options", ["-n", "-nf", "-M", "-Mf", "-P"])
def test_the_torture_case_is_printed_byte_for_byte_as_the_postconf_of_this_machine_prints_it(options):
    main, master = read_case(golden.TORTURE / "main.cf", golden.TORTURE / "master.cf")
    used = used_settings(main.current, master.services)

    printed = {
        "-n": lambda: print_settings(used, str(golden.TORTURE)),
        "-nf": lambda: print_settings(used, str(golden.TORTURE), is_folded=True),
        "-M": lambda: print_services(master.services),
        "-Mf": lambda: print_services(master.services, is_folded=True),
        "-P": lambda: print_options(master.services),
    }[options]()

    assert printed == golden.ask_postconf(golden.TORTURE, options)


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

    used = used_settings(main.current, master.services)
    assert print_settings(used, str(place)) == golden.ask_postconf(place, "-n")
    assert print_settings(used, str(place), is_folded=True) == golden.ask_postconf(place, "-nf")
    assert print_services(master.services) == golden.ask_postconf(place, "-M")
    assert print_services(master.services, is_folded=True) == golden.ask_postconf(place, "-Mf")
    assert print_options(master.services) == golden.ask_postconf(place, "-P")
