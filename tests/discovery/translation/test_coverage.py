"""Coverage, its words, and what the rest costs."""

import pytest

from discovery.translation.coverage import COUNTED, Estimate, compared, level_of, load_estimate, measure, tally
from tests.discovery.translation.charts import chart

SMALL = Estimate(
    usual=(85, 95),
    units_in_a_day=4,
    first={"N": 1, "R": 2, "C": 8, "X": 4},
    again={"N": 0, "R": 1, "C": 2, "X": 1},
    most_days_of_b=10,
    hardest_below=70,
)


def counts(**letters):
    return tally([*letters.items()])


def test_what_is_dropped_is_left_out_of_both_sides():
    whole = counts(N=31, R=11, C=3, X=1, dropped=100)

    assert (whole.covered, whole.all, whole.percent) == (42, 46, 91)
    assert set(whole.counts) == set(COUNTED)


def test_what_is_not_classified_counts_as_not_covered():
    assert tally([("N", 1), ("not classified", 1)]).percent == 50


def test_nothing_to_cover_has_no_percentage():
    assert counts(dropped=5).percent is None
    assert compared(None, SMALL) == ""


def test_a_hundred_percent_means_all():
    assert counts(N=999, X=1).percent == 99


@pytest.mark.parametrize(
    ("percent", "words"), [(84, "lower than usual"), (85, ""), (95, ""), (96, "higher than usual")]
)
def test_coverage_outside_the_usual_band_is_said(percent, words):
    assert compared(percent, load_estimate()) == words


def test_the_first_of_a_row_costs_more_than_those_after_it():
    seen = chart("smtpd_client_restrictions = reject_rbl_client a.example, reject_rbl_client b.example\n")
    units = {target: measure(seen.of("restriction"), target, SMALL).units for target in ("powermta", "kumomta")}

    assert units == {"powermta": 4 + 1, "kumomta": 8 + 2}
    assert measure(seen.of("restriction"), "kumomta", SMALL).person_days == 2.5


def test_lines_weigh_by_the_rows_of_a_table():
    main = "smtpd_sender_restrictions = check_sender_access hash:/etc/postfix/s\n"
    seen = chart(main, etc__postfix__s="".join(f"{number}.example REJECT\n" for number in range(7)))
    coverage = measure(seen.of("access action"), "powermta", SMALL)

    assert (coverage.constructs.counts["X"], coverage.lines.counts["X"]) == (1, 7)


@pytest.mark.parametrize(
    ("letters", "days", "level"),
    [
        ({"N": 5}, 1, "A1"),
        ({"N": 5, "R": 5}, 1, "A2"),
        ({"N": 5, "C": 1}, 3, "B3"),
        ({"N": 9, "X": 1}, 3, "B4"),
        ({"N": 1, "X": 1}, 3, "B5"),
        ({"N": 9, "X": 1}, 10.5, "C4"),
        ({"N": 9, "R": 1}, 11, "C2"),
    ],
)
def test_a_level_says_how_much_and_how_hard(letters, days, level):
    assert level_of(counts(**letters), days, SMALL) == level


def test_coverage_as_json_says_fraction_and_level():
    said = measure(chart("smtp_helo_name = a.example.com\n").of("parameter"), "powermta", load_estimate()).as_json()

    assert said["constructs"]["covered"] == said["constructs"]["all"] == 1
    assert (said["usual"], said["units"], said["person_days"], said["level"]) == ("higher than usual", 1, 0.5, "A1")
