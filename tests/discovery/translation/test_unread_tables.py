"""A table that chooses a way and whose rows are not known is named where the ways are written, and in the refusals."""

import pytest

from discovery.translation.kumomta import emit_kumomta
from discovery.translation.powermta import emit_powermta

SO = "Mail of its rows takes the default way until this is settled."


@pytest.mark.parametrize("emit", [emit_powermta, emit_kumomta])
@pytest.mark.parametrize("table", ["hash:/etc/postfix/gone", "pcre:/etc/postfix/gone", "ldap:/etc/postfix/asked"])
@pytest.mark.parametrize(
    "parameter", ["transport_maps", "sender_dependent_default_transport_maps", "sender_dependent_relayhost_maps"]
)
def test_a_table_of_ways_whose_rows_are_not_known_is_named_beside_the_ways(estate_of, parameter, table, emit):
    emission = emit((estate_of(f"{parameter} = {table}\n"),))

    file = next(each for each in emission.files if each.path in {"config", "routes.lua"})
    (comment,) = [line for line in file.text.splitlines() if SO in line]
    assert f"{file.comment} etc/postfix/main.cf:1 {parameter} = {table}: " in comment
    (refusal,) = [each for each in emission.not_carried if each.text == table]
    assert refusal.reason.endswith(SO)
    assert refusal.origin not in emission.origins


@pytest.mark.parametrize("emit", [emit_powermta, emit_kumomta])
def test_other_tables_and_those_that_are_there_are_not_said_to_change_the_way(estate_of, emit):
    main = "virtual_alias_maps = hash:/etc/postfix/gone\ntransport_maps = hash:/etc/postfix/here\n"

    emission = emit((estate_of(main, here="a.example discard:\n"),))

    assert SO not in "".join(file.text for file in emission.files)
    assert SO not in "".join(each.reason for each in emission.not_carried)
    assert "hash:/etc/postfix/gone" in {each.text for each in emission.not_carried}
