import pytest

from delivery.proxy.choice.matching import fits_header
from delivery.proxy.choice.split import Cap
from delivery.proxy.configuration import read_configuration
from tests.delivery.proxy.files import SMALLEST, mistakes_of


def test_rules_have_conditions_shares_and_caps(write):
    text = (
        SMALLEST
        + """
[[split.stay]]
name = "contracts"
header = { X-Stream = "contract*" }

[[split.rules]]
provider = ["Google", "Yahoo and AOL"]
pool = "b"
per_day = [50, 100, 500]
begins = 2026-11-30
per_hour = 20

[[split.rules]]
name = "partners"
domain = ".partner.example"
to = "new"

[[split.rules]]
client = "10.0.0.0/8"
new = 5
by = "sender"
"""
    )

    split = read_configuration(write(text)).split

    assert [rule.name for rule in split.stay] == ["contracts"]
    assert split.stay[0].condition.headers == (("x-stream", "contract*"),)
    assert [(rule.name, rule.new, rule.by) for rule in split.rules] == [
        ("rule 1", 100.0, "message"),
        ("partners", 100.0, "message"),
        ("rule 3", 5.0, "sender"),
    ]
    assert split.rules[0].condition.providers == {"google", "yahoo and aol"}
    assert isinstance(split.rules[0].cap, Cap)
    assert (split.rules[0].cap.pool, split.rules[0].cap.per_day, split.rules[0].cap.per_hour) == (
        "b",
        (50, 100, 500),
        20,
    )
    assert split.rules[1].condition.below == (".partner.example",)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (
            '[[split.rules]]\ndomain = "a.example"\n',
            '[[split.rules]] 1 new: has to be a share from 0 to 100, or stand aside for to = "old" or to = "new".',
        ),
        (
            "[[split.rules]]\nper_day = [5, 6]\n",
            "[[split.rules]] 1 begins: is missing. It says on which day the first figure of per_day holds: 2026-11-30.",
        ),
        (
            '[[split.rules]]\nclient = "10.0.0.1/8"\nnew = 1\n',
            "[[split.rules]] 1 client: 10.0.0.1/8 is no network (10.0.0.1/8 has host bits set).",
        ),
        (
            '[[split.rules]]\nlistener = "second"\nnew = 1\n',
            "split: rule 1 asks for the listener second, which is none of default.",
        ),
        (
            '[[split.rules]]\nname = "split"\nnew = 1\n',
            "[split] rules: 2 of them are called split. Each needs a name of its own.",
        ),
        (
            '[[split.rules]]\nname = "retry"\nnew = 1\n',
            "[split] rules: none can be called retry: the journal says so where no rule of the file decided.",
        ),
        (
            '[[split.stay]]\nname = "drain"\ndomain = "a.example"\n',
            "[split] rules: none can be called drain: the journal says so where no rule of the file decided.",
        ),
        (
            '[[split.rules]]\nprovider = "Gogle"\nnew = 1\n',
            "[split] rules: rule 1 asks for the provider gogle, whom nobody knows. Was google meant?",
        ),
        (
            '[portal]\ncounters = "http://[::"\n',
            "[portal] counters: has to be an address that begins with https:// or http://.",
        ),
        (
            '[[split.stay]]\nname = "nobody"\n',
            (
                "[[split.stay]] 1 name: names nothing that stays: "
                "say domain, provider, listener, user, sender, client or header."
            ),
        ),
        (
            '[[split.rules]]\nnew = 1\nproviders = "Google"\n',
            "[[split.rules]] 1 providers: is not known. Was provider meant?",
        ),
    ],
)
def test_a_mistake_in_a_rule_is_said_with_the_number_of_the_rule(write, rules, sentence):
    found = mistakes_of(write(SMALLEST + rules))

    assert sentence in found


def test_brackets_in_the_pattern_of_a_header_are_brackets(write):
    split = read_configuration(write(SMALLEST + '[[split.rules]]\nheader = { Subject = "[News]*" }\nnew = 1\n')).split
    condition = split.rules[0].condition

    assert fits_header(condition, b"Subject: [news] of today\r\n\r\n")
    assert not fits_header(condition, b"Subject: n of today\r\n\r\n")
