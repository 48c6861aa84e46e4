"""What the checker of PowerMTA configurations finds, line by line."""

import pytest

from discovery.syntax import check_files


def remarks(text):
    return [(each.line, each.text) for each in check_files("powermta", {"mta1/config": text.encode()}).remarks]


RIGHT = """\
host-name out1.sender.example
smtp-listener 0.0.0.0:25
<source 10.0.0.0/8>  # etc/postfix/main.cf:10
  always-allow-relaying yes
  default-virtual-mta news
</source>
<virtual-mta news1>
  smtp-source-host 198.51.100.31 n1.sender.example
  <domain *>
    max-msg-rate 1/2s
    retry-after 5m,10m,1h6m40s
  </domain>
</virtual-mta>
<virtual-mta-pool news>
  virtual-mta news1
</virtual-mta-pool>
<pattern-list routes>
  mail-from /(?i)@news\\.sender\\.example$/ virtual-mta=news1
</pattern-list>
<bounce-category-patterns>
  /spam#1/ spam-related
</bounce-category-patterns>
"""


def test_a_right_configuration_has_no_remark():
    assert remarks(RIGHT) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("max-msg-rate 1/2s", "max-msg-rate fast", 10, "max-msg-rate has to be a rate such as 100/min, not fast."),
        ("retry-after 5m,10m", "retry-after 5 minutes", 11, "retry-after has to be times such as 5m,10m,1h"),
        ("max-msg-rate", "max-mgs-rate", 10, "PowerMTA is not known to have the directive max-mgs-rate."),
        ("host-name out1", "virtual-mta out1", 1, "virtual-mta may not stand in the outermost level."),
        ("always-allow-relaying yes", "smtp-source-host 192.0.2.1 a.example", 4, "may not stand in <source>"),
        ("always-allow-relaying yes", "always-allow-relaying", 4, "always-allow-relaying has no value."),
        ("default-virtual-mta news", "default-virtual-mta old", 5, "names old, and no <virtual-mta> or"),
        ("virtual-mta=news1", "virtual-mta=news9", 18, "mail-from names news9"),
        ("<virtual-mta news1>", "<virtual-mta>", 7, "<virtual-mta> has no name."),
        ("<source 10.0.0.0/8>", "<sauce 10.0.0.0/8>", 3, "PowerMTA is not known to have the block <sauce>."),
        ("/spam#1/ spam-related", "spam spam-related", 21, "This is no line of <bounce-category-patterns>"),
        ("198.51.100.31 n1.sender.example", "n1.sender.example", 8, "an address and the name it uses in HELO"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(before, after, line, said):
    found = remarks(RIGHT.replace(before, after, 1))

    assert [number for number, text in found if said in text] == [line]


def test_a_block_that_is_never_closed_is_said_where_it_opens():
    assert (9, "<domain> is never closed.") in remarks(RIGHT.replace("  </domain>\n", "", 1))


def test_a_block_that_was_never_opened_is_said():
    assert remarks("</domain>\n") == [(1, "</domain> closes nothing: the outermost level is open here.")]


def test_a_block_may_not_stand_within_any_other():
    assert remarks("<source 0/0>\n<domain *>\n</domain>\n</source>\n") == [(2, "<domain> may not stand in <source>.")]


def test_a_set_without_a_configuration_is_no_right_set():
    report = check_files("powermta", {"mta1/map.json": b"[]"})

    assert [str(each) for each in report.remarks] == [": The set holds no configuration file."]
    assert report.exit_status == 1
