"""What the drawings of measured volumes show, and when there is nothing to draw."""

from hypothesis import given
from hypothesis import strategies as st

from discovery.measured import Hours, Measured, Volume
from discovery.volume_charts import MOST_DAYS, MOST_PROVIDERS, day_chart, hour_chart, provider_chart


def volumes(**counts):
    return [Volume(name, count, 0, 0) for name, count in counts.items()]


def days(counts):
    return Measured([], [Volume(name, count, 0, 0) for name, count in counts.items()], [], [])


def clock(**counts):
    return Hours([Volume(f"{hour:02}:00", counts.get(f"h{hour}", 0), 0, 0) for hour in range(24)], None)


def test_one_day_is_a_number_and_no_drawing():
    assert day_chart(days({"2026-11-02": 7})) is None
    assert day_chart(days({})) is None


def test_a_day_without_a_log_stays_empty_and_is_told():
    chart = day_chart(days({"2026-11-02": 10, "2026-11-04": 40}))

    assert [column.text for column in chart.columns] == ["2026-11-02: 10", "2026-11-04: 40"]
    assert [column.height for column in chart.columns] == [25, 100]
    assert chart.columns[1].x > 60
    assert "2 of 3 days are in the logs" in chart.description
    assert chart.top == "40 recipients"


def test_a_stray_date_does_not_draw_decades():
    chart = day_chart(days({"1999-01-01": 1, "2026-11-02": 10, "2026-11-03": 5}))

    assert chart.last == "2026-11-03"
    assert len(chart.columns) == 2
    assert f"2 of {MOST_DAYS} days" in chart.description


def test_hours_are_drawn_from_two_on():
    chart = hour_chart(clock(h9=30, h23=15))

    assert hour_chart(clock(h9=30)) is None
    assert hour_chart(Hours([], None)) is None
    assert len(chart.columns) == 24
    assert "Most from 09:00: 30 recipients. 22 of 24 hours had none." in chart.description


def test_small_providers_are_drawn_as_one():
    rows = [Volume(f"provider {number}", 100 - number, 0, 0) for number in range(12)]
    chart = provider_chart(Measured([], [], rows, []))

    assert len(chart.bars) == MOST_PROVIDERS + 1
    assert chart.bars[-1].name == "4 more"
    assert chart.bars[0].percent < chart.bars[-1].percent == 100


def test_one_provider_is_not_compared():
    assert provider_chart(Measured([], [], volumes(Gmail=5), [])) is None
    assert provider_chart(Measured([], [], volumes(Gmail=0, Yahoo=0), [])) is None


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=60))
def test_no_column_leaves_the_drawing(counts):
    chart = day_chart(days({f"2026-{1 + number // 28:02}-{1 + number % 28:02}": n for number, n in enumerate(counts)}))

    assert all(column.x >= 0 and column.x + column.width <= 100.1 for column in chart.columns)
    assert all(0 <= column.y <= 100 and abs(column.y + column.height - 100) < 0.02 for column in chart.columns)
