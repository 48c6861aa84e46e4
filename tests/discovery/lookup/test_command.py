"""`gatepost lookup` on the command line."""

import json

import pytest

from discovery.lookup.command import main
from tests.discovery.lookup.test_look_up import FILES


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(tmp_path)


def test_every_key_the_rule_and_what_it_means_are_printed(folder, capsys):
    code = main([folder, "transport_maps", "anna@south.example", "--service", "smtp/inet"])

    said = capsys.readouterr().out
    assert code == 3
    assert (
        "transport_maps = mysql:/etc/postfix/routes.cf, hash:/etc/postfix/transport   (etc/postfix/main.cf:5)" in said
    )
    assert "  anna@south.example  (the whole address)  hash:/etc/postfix/transport: no\n" in said
    assert "Rule: etc/postfix/transport:2\n      south.example slow:[relay]\n" in said
    assert "If what is unknown holds nothing for it: The mail goes by the transport slow to [relay]." in said
    assert "SELECT to FROM t WHERE a = 'south.example'" in said
    assert "6 lines of tables were read." in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["mynetworks", "10.9.9.9"], 0),
        (["mynetworks", "192.0.2.1"], 1),
        (["relocated_maps", "anna@south.example"], 3),
        (["no_such_maps", "anna@south.example"], 2),
        (["mynetworks", "10.9.9.9", "--service", "smtps"], 2),
        (["mynetworks", "10.9.9.9", "--instance", "other"], 2),
    ],
)
def test_the_exit_code_says_how_it_went(folder, capsys, words, code):
    assert main([folder, *words]) == code

    said = capsys.readouterr()
    assert bool(said.err) == (code == 2)
    assert bool(said.out) == (code != 2)


def test_json_says_the_same_for_programs(folder, capsys):
    main([folder, "check_sender_access", "bad@south.example", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert told["instance"] == "postfix"
    assert told["outcome"] == "fired"
    assert (told["rule"]["file"], told["rule"]["line"]) == ("etc/postfix/senders", 1)
    assert told["rule"]["text"] == "bad@south.example 554 go away"
    assert told["services_that_differ"] == ["submission/inet sets smtpd_sender_restrictions at etc/postfix/master.cf"]


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_password_is_never_printed(folder, capsys, more):
    code = main([folder, "smtp_sasl_password_maps", "[relay.example]:587", *more])

    said = capsys.readouterr().out
    assert code == 0
    assert "geheim99" not in said
    assert "user:[hidden/password/" in said


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize(
    "table",
    [
        "static:user:geheim99",
        "inline:{[relay.example]:587=user:geheim99}",
        "inline:{ { [relay.example]:587 = user:geheim99 } }",
    ],
)
def test_a_password_in_the_parameter_itself_is_never_printed(tmp_path, capsys, table, more):
    (tmp_path / "main.cf").write_text(f"smtp_sasl_password_maps = {table}\n")

    main([str(tmp_path), "smtp_sasl_password_maps", "[relay.example]:587", *more])

    said = capsys.readouterr().out
    assert "smtp_sasl_password_maps" in said
    assert "geheim99" not in said


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("smtp_sasl_password_maps", "regexp:{ {/relay/ user:geheim99} }"),
        ("transport_maps", "pgsql:/etc/postfix/routes.cf"),
        ("header_checks", "static:{PREPEND X-Api-Key: geheim99}"),
        ("smtp_sasl_password_maps", "static:user:${x?{geheim99}"),
        ("virtual_alias_maps", "static:password=geheim99"),
    ],
)
def test_a_password_is_printed_in_no_part_of_the_answer(tmp_path, capsys, parameter, value, more):
    (tmp_path / "main.cf").write_text(f"{parameter} = {value}\n")
    (tmp_path / "routes.cf").write_text("hosts = postgresql://mail:geheim99@db.example/mail\nquery = SELECT a\n")

    main([str(tmp_path), parameter, "relay@south.example", *more])

    said = capsys.readouterr().out
    assert parameter in said
    assert "[hidden/" in said
    assert "geheim99" not in said


def test_a_place_that_holds_no_configuration_is_refused_with_a_sentence(tmp_path, capsys):
    (tmp_path / "notes").write_text("nothing\n")

    assert main([str(tmp_path), "mynetworks", "10.0.0.1"]) == 2
    assert capsys.readouterr().err == "There is no main.cf and no master.cf in it.\n"


def test_one_line_is_counted_as_one(tmp_path, capsys):
    (tmp_path / "main.cf").write_text("transport_maps = hash:/etc/postfix/transport\n")
    (tmp_path / "transport").write_text("south.example slow:\n")

    main([str(tmp_path), "transport_maps", "anna@south.example"])

    assert "1 line of tables was read." in capsys.readouterr().out
