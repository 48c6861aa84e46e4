"""Where bars and lines stand, and that nothing of them is said by colour alone."""

import pytest

from core.charts import dot_strip, in_percents, spark_drawing, waterfall_drawing
from core.components import Contribution, SparkLines
from tests.core.test_components import render, words


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_split_beyond_its_ends_is_refused(percent):
    with pytest.raises(ValueError, match="between 0 and 100"):
        render("{% split percent %}", percent=percent)


def test_a_split_is_solid_up_to_its_share():
    assert 'class="g-new" width="45%"' in render("{% split 45 %}")


def test_a_waterfall_begins_each_bar_where_the_last_one_ended():
    drawing = waterfall_drawing([Contribution("a", "", 10), Contribution("b", "", -20), Contribution("c", "", 5)])

    assert [(bar.x, bar.width) for bar in drawing.bars] == [(50, 50), (0, 100), (0, 25)]
    assert (drawing.axis, drawing.total, drawing.total_x, drawing.total_width) == (50, -5, 25, 25)


def test_a_waterfall_says_its_points_and_their_side():
    text = words("{% waterfall rows %}", rows=[Contribution("Licence", "None", -12), Contribution("SLA", "24/7", 2)])

    assert "Licence None \u221212 towards KumoMTA" in text
    assert text.endswith("Result: KumoMTA \u221210")


def test_spark_labels_do_not_cover_each_other():
    drawing = spark_drawing(SparkLines("Gmail", [3, 3], [3, 2.9]))

    assert abs(drawing.old_label_y - drawing.new_label_y) >= 15


@pytest.mark.parametrize("new", [[3, 3], [3, 2.9], [0, 3]])
def test_the_labels_of_a_spark_stay_inside_its_frame(new):
    drawing = spark_drawing(SparkLines("Gmail", [3, 3], new))

    labels = sorted([drawing.old_label_y, drawing.new_label_y])
    assert labels[0] >= 12
    assert labels[1] <= 92
    assert labels[1] - labels[0] >= 15


def test_lines_of_different_length_are_refused():
    with pytest.raises(ValueError, match="same number of points"):
        spark_drawing(SparkLines("Gmail", [3], [3, 2]))


def test_a_spark_with_a_floor_is_drawn_from_there():
    drawn = spark_drawing(SparkLines("Inbox", [95, 95], [90, 100], floor=90))

    assert drawn.new_path == "M8.0 74.0 L238.0 8.0"
    assert drawn.old_path == "M8.0 41.0 L238.0 41.0"


def test_a_dot_stands_for_one_as_long_as_all_are_in_sight():
    strip = dot_strip(in_percents([0.04, 0.061, 0.064, 0.1]), (0.05, 0.15))

    assert [(column.x, column.dots) for column in strip.columns] == [(20, 1), (30, 2), (50, 1)]
    assert (strip.each, strip.highest, strip.band_x, strip.band_width) == (1, 2, 25, 50)
    assert strip.ticks == [(0, 0), (25, 5), (50, 10), (75, 15), (100, 20)]


@pytest.mark.parametrize(("most", "each", "highest"), [(40, 1, 40), (41, 2, 21), (81, 5, 17), (2000, 50, 40)])
def test_a_dot_stands_for_more_where_there_are_many_and_none_is_left_out(most, each, highest):
    strip = dot_strip({5: most, 7: 1}, (0.05, 0.15))

    assert [column.dots for column in strip.columns] == [highest, 1]
    assert (strip.each, strip.highest) == (each, highest)


def test_a_strip_of_many_says_what_a_dot_stands_for_and_draws_a_line_a_percent():
    tag = '{% dots percents low=0.05 high=0.15 label="In percent." singular="estate" plural="estates" %}'
    few, many = (render(tag, percents={5: times, 7: 1}) for times in (3, 2000))

    assert "In percent. A dot stands for one estate." in few
    assert "In percent. A dot stands for up to 50 estates." in many
    assert few.count('class="g-new-line"') == many.count('class="g-new-line"') == 2


def test_a_strip_without_a_dot_is_refused():
    with pytest.raises(ValueError, match="at least one dot"):
        dot_strip({}, (0.05, 0.15))
