"""Two runs against each other, as plain values."""

from discovery.runs import Item, Run, compare


def run(number, instance="postfix", **parameters):
    items = [Item(instance, name, value, "main.cf", line) for line, (name, value) in enumerate(parameters.items(), 1)]
    return Run(number, "mta1", number, {"parameters": items})


def changes(before, after):
    (section,) = compare(before, after).sections
    told = [
        (change.kind, change.shown.name, change.before and change.before.value, change.after and change.after.value)
        for change in section.changes
    ]
    return told, section.unchanged


def test_added_removed_and_changed_are_told_apart_and_the_rest_is_counted():
    before, after = run(1, a="1", b="2", c="3"), run(2, a="1", b="4", d="5")

    assert changes(before, after) == (
        [("changed", "b", "2", "4"), ("removed", "c", "3", None), ("added", "d", None, "5")],
        1,
    )


def test_a_line_that_only_moved_is_no_difference():
    assert changes(run(1, a="1", b="2"), run(2, b="2", a="1")) == ([], 2)


def test_a_renamed_instance_is_still_the_same_one():
    assert changes(run(1, instance="out", a="1", b="2"), run(2, instance="bulk", a="1", b="3")) == (
        [("changed", "b", "2", "3")],
        1,
    )


def test_of_several_items_with_one_name_only_the_changed_one_differs():
    before = Run(1, "mta1", 1, {"options": [Item("p", "x", value, "master.cf", 1) for value in ("one", "two")]})
    after = Run(
        2, "mta1", 2, {"options": [Item("p", "x", value, "master.cf", 1) for value in ("two", "three", "four")]}
    )

    assert changes(before, after) == ([("changed", "x", "one", "three"), ("added", "x", None, "four")], 1)
