"""Values that somebody types or calls: a command with its lines, a telephone number."""

import re

import pytest
from django.template import engines
from django.utils.html import strip_tags


def render(source, **context):
    return engines["django"].from_string(source).render(context)


def test_each_line_of_a_command_is_one_of_its_own_and_it_is_copied_whole():
    markup = render("{% command text %}", text="drain new\n\n  --all <old>")

    lines = re.findall(r'<span class="command__line">([^<]*)\n</span>', markup)
    assert lines == ["drain new", "", "  --all &lt;old&gt;"]
    assert 'data-copy-text="drain new\n\n  --all &lt;old&gt;"' in markup


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Ines, +49 30 000000, Europe/Berlin", ["+4930000000"]),
        ("+1 415-555-0100 or +33 1 23 45 67 89", ["+14155550100", "+33123456789"]),
        ("+44 (0)20 7946 0000 24/7", ["+442079460000"]),
        ("+49 30 000000 8:00 to 18:00", ["+4930000000"]),
        ("030 000000, UTC+2, +49, 192.0.2.1", []),
    ],
)
def test_numbers_with_their_country_can_be_called(text, called):
    markup = render("{% telephones text %}", text=text)

    assert re.findall(r'href="tel:([^"]+)"', markup) == called
    assert strip_tags(markup) == text


def test_what_stands_around_a_number_is_no_markup():
    assert render("{% telephones text %}", text="<b> & +49 30 000000 <i>") == (
        '&lt;b&gt; &amp; <a href="tel:+4930000000">+49 30 000000</a> &lt;i&gt;'
    )
