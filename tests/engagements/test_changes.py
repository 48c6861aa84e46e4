"""What moved is told once, by what names it, where it differs, and first what matters most."""

from engagements.changes import Wording, changed_fields, describe_changes
from engagements.formats import comparable


def script(name, place, lines):
    return {"host": "mx1", "name": name, "detail": ["sh", lines], "place": place}


def test_rows_are_matched_by_what_names_them_and_a_moved_row_is_no_change():
    before = [
        script("a.sh", "main.cf:1", "1 line"),
        script("b.pl", "main.cf:2", "2 lines"),
        {"code": "x", "title": "A"},
    ]
    after = [{"title": "B", "code": "x"}, script("b.pl", "main.cf:2", "3 lines"), script("a.sh", "main.cf:1", "1 line")]

    assert describe_changes({"scripts": before}, {"scripts": after}) == [
        "Scripts, x B, title: A is now B.",
        "Scripts, b.pl, detail, 2: 2 lines is now 3 lines.",
    ]
    assert changed_fields(before, list(reversed(before))) == []


def test_rows_of_one_name_are_matched_where_they_were_read_else_in_their_order():
    before = [script("smtp", "master.cf:1", "1"), script("smtp", "master.cf:9", "9")]
    after = [script("new", "master.cf:3", "3"), script("smtp", "master.cf:9", "9"), script("smtp", "master.cf:2", "1")]

    assert describe_changes({"rows": before}, {"rows": after}) == [
        "Rows, smtp, place: master.cf:1 is now master.cf:2.",
        "Rows: new is new.",
    ]


def test_values_keep_their_places():
    assert describe_changes({"hosts": ["a", "b"]}, {"hosts": ["b", "a"]}) != []


def test_of_long_texts_the_lines_that_differ_are_told():
    lines = [f"local {name} = {'x' * 90}" for name in "ABCDEF"]
    moved = [*lines[:3], lines[3] + " -- relay2", *lines[4:]]
    grown = [*lines, "return M"]

    one, other = (
        changed_fields({"extract": "\n".join(lines)}, {"extract": "\n".join(each)})[0] for each in (moved, grown)
    )

    assert (one.was, one.now) == (lines[3], moved[3])
    assert one.sentence == f"Extract: ...{'x' * 20} is now ...{'x' * 20} -- relay2."
    assert (other.was, other.now) == (lines[-1], f"{lines[-1]}\nreturn M")


def test_the_most_telling_parts_come_first_and_what_only_follows_stays_out():
    wording = Wording(telling=["estate.instances", "estate", "", "files"], follows=["sha256"])
    before = {
        "files": [{"path": "a", "sha256": "1", "extract": "1"}, {"path": "b", "sha256": "1", "extract": "1"}],
        "duties": "1",
        "estate": {"maps": "1", "instances": "1"},
    }
    after = {
        "files": [{"path": "a", "sha256": "2", "extract": "2"}, {"path": "b", "sha256": "2", "extract": "1"}],
        "duties": "2",
        "estate": {"maps": "2", "instances": "2"},
    }

    assert [change.place for change in changed_fields(before, after, wording)] == [
        "Estate, instances",
        "Estate, maps",
        "Duties",
        "Files, a, extract",
        "Files, b, sha256",
    ]


def test_the_number_of_a_record_is_no_content_and_what_it_holds_is():
    before = {"estate": {"maps": [{"name": "a", "upload": 1}]}, "findings": [{"translation": "Equal"}], "upload": 1}
    renumbered = {"estate": {"maps": [{"name": "a", "upload": 2}]}, "findings": [{"translation": "Equal"}], "upload": 1}
    rewritten = {**renumbered, "findings": [{"translation": "Lost"}], "upload": 2}

    one, other = comparable(before, renumbered, provenance=("estate.*.upload",))
    still, moved = comparable(before, rewritten, provenance=("estate.*.upload",))

    assert one == other
    assert describe_changes(still, moved) == [
        "Findings, 1, translation: Equal is now Lost.",
        "Upload: 1 is now 2.",
    ]


def test_a_field_that_holds_a_sentence_is_quoted_and_ended_once_and_a_day_is_written_out():
    before = {"reason": "", "day": "2026-11-25", "code": "2026-13-45"}
    after = {"reason": "Its accounts move in spring.", "day": "2026-11-26", "code": "2026-13-46"}

    assert describe_changes(before, after) == [
        "Reason: nothing is now “Its accounts move in spring.”",
        "Day: Wed 25 Nov 2026 is now Thu 26 Nov 2026.",
        "Code: 2026-13-45 is now 2026-13-46.",
    ]
    assert changed_fields(before, after)[1].now == "Thu 26 Nov 2026"
