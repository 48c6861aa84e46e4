"""Where the bars stand."""

import pytest

from reports.charts import cost_bars, gantt_of, severity_bars
from tests.reports.snapshots import PHASES


def phases():
    return [{"number": number, "label": label, "start": start, "end": end} for number, label, start, end, *_ in PHASES]


def test_the_bars_fill_the_time_from_the_first_day_to_the_last():
    chart = gantt_of(phases())

    assert (chart.weeks, chart.weeks_apart, len(chart.ticks)) == (8, 1, 8)
    assert (chart.lines[0].x, chart.lines[0].width) == (0, 25)
    assert chart.lines[-1].x + chart.lines[-1].width == pytest.approx(100)


def test_who_carries_the_mail_is_drawn_by_phase():
    shares = [[block.share for block in line.blocks] for line in gantt_of(phases()).lines]

    assert shares == [[0], [0, 10, 25], [10, 25, 50, 75, 90], [75, 90, 100], [100]]


def test_long_plans_have_fewer_lines():
    chart = gantt_of([{"number": 1, "label": "x", "start": "2026-01-05", "end": "2026-12-27"}])

    assert len(chart.ticks) <= 12
    assert chart.weeks_apart == 5


def test_a_timeline_without_phases_is_refused():
    with pytest.raises(ValueError, match="at least one phase"):
        gantt_of([])


def test_severities_share_one_scale():
    bars = severity_bars(
        [{"label": "High", "count": 4, "unanswered": 1}, {"label": "Low", "count": 2, "unanswered": 0}]
    )

    assert [(bar.answered, bar.waiting) for bar in bars] == [(75, 25), (50, 0)]


def test_no_finding_draws_no_bar():
    assert severity_bars([{"label": "High", "count": 0, "unanswered": 0}])[0].answered == 0


def test_a_range_of_costs_is_solid_up_to_its_least_and_open_beyond():
    bars = cost_bars(["Stay", "PowerMTA", "KumoMTA"], ["USD 200,000", "USD 400,000 to USD 800,000", "USD 100,000.00"])

    assert [(bar.way, bar.least, bar.beyond) for bar in bars] == [
        ("Stay", 25, 0),
        ("PowerMTA", 50, 50),
        ("KumoMTA", 12.5, 0),
    ]


def test_where_a_total_is_no_sum_no_way_has_a_bar():
    assert cost_bars(["Stay", "PowerMTA"], ["USD 200,000", "not known"]) == []
    assert cost_bars([], []) == []
