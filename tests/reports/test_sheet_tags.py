"""What the templates of the plan and the receipt say of the records."""

import pytest

from reports.sheets.words import Words
from reports.templatetags.sheets import ended, held


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("A server is asked: unix:private/quota", "A server is asked: unix:private/quota."),
        ("It is asked.", "It is asked."),
    ],
)
def test_a_message_before_another_sentence_ends_once(message, said):
    assert ended(message) == said


@pytest.mark.parametrize(
    ("language", "label", "said"),
    [
        ("es", "S-05 Other mail of postfix-b", "S-05 Otro correo de postfix-b"),
        ("es", "S-02 bulk", "S-02 bulk"),
        ("en", "S-05 Other mail of postfix-b", "S-05 Other mail of postfix-b"),
        ("es", "bulk", "bulk"),
    ],
)
def test_a_part_held_back_is_called_as_the_plan_calls_it(language, label, said):
    assert held(Words(language), label) == said
