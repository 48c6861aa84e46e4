"""Every use, key and meaning of the lookups is there and used."""

from discovery.lookup import keys, meanings, uses
from discovery.postfix.parameters import default_of


def test_every_use_has_an_order_a_meaning_and_a_parameter_of_postfix():
    for name, use in uses.uses().items():
        assert use.way == uses.LIST or use.order in keys.orders(), name
        assert use.meaning in meanings.meanings(), name
        assert name.startswith("check_") or default_of(name) is not None or name == "virtual_maps", name


def test_every_key_of_an_order_can_be_made_and_every_maker_is_used():
    named = {step["key"] for order in keys.orders().values() for step in order["keys"]}
    words = {word for order in keys.orders().values() for word in order}

    assert named == set(keys.MAKERS)
    assert words == {"manual", "keys", "parents", "null_key", "null_recipient", "forms", "is_folded"}


def test_every_meaning_can_be_said():
    for name, texts in meanings.meanings().items():
        for value in (None, "", ":", "a:b", "a:", ":b", "450 x", "7", *texts.get("words", {}), *texts.get("fates", {})):
            words = meanings.meaning_of(name, "anna@south.example", value).words
            assert words, (name, value)
            assert "{" not in words, (name, value)
