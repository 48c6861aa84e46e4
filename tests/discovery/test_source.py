from discovery.source import LINES_PER_PAGE, page_of_source


def test_lines_are_numbered_from_one_and_aligned():
    page = page_of_source("a\nb\r\nc" + "\n" * 8)

    assert [(line.number, line.label, line.text) for line in page.lines[:3]] == [
        (1, " 1", "a"),
        (2, " 2", "b"),
        (3, " 3", "c"),
    ]
    assert (page.total, page.before, page.after) == (10, None, None)


def test_a_long_file_opens_at_the_page_of_the_line():
    page = page_of_source("x\n" * (2 * LINES_PER_PAGE + 1), line=LINES_PER_PAGE + 7)

    assert (page.lines[0].number, len(page.lines)) == (LINES_PER_PAGE + 1, LINES_PER_PAGE)
    assert (page.before, page.after) == (1, 2 * LINES_PER_PAGE + 1)


def test_a_line_that_is_not_there_opens_the_last_page():
    assert page_of_source("a\nb\n", line=99).total == 2
    assert page_of_source("", line=99).lines == ()


def test_control_characters_are_shown_not_obeyed():
    page = page_of_source("relay\u202ehost\x1b[2J\t= x\n")

    assert page.lines[0].text == "relay\ufffdhost\ufffd[2J\t= x"
