"""Lines say where they come from, in every file, whatever a file is called."""

from discovery.translation.emission import Emission, Line, TargetFile
from discovery.translation.sending import Origin

HOST = Origin("etc/postfix/main.cf", 3, "myhostname")
ADDRESS = Origin("etc/postfix/master.cf", 9, "smtp_bind_address")


def test_a_line_names_every_postfix_line_it_was_made_of_once():
    line = Line("host-name out1.sender.example", (HOST, ADDRESS, HOST))

    file = TargetFile("config", "#", (line,))

    assert file.text == "host-name out1.sender.example  # etc/postfix/main.cf:3, etc/postfix/master.cf:9\n"


def test_a_comment_stands_above_a_line_that_cannot_bear_one():
    file = TargetFile("config", "#", (Line("  /a #b/ bounce", (HOST,), is_bare=True), Line("next", (ADDRESS,))))

    assert file.text.splitlines()[:2] == ["  # etc/postfix/main.cf:3", "  /a #b/ bounce"]
    assert [number for number, _ in file.numbered()] == [2, 3]


def test_a_line_of_ours_says_why_it_is_there():
    file = TargetFile("init.lua", "--", (Line("kumo.start()", why="every policy needs it"), Line("")))

    assert file.text == "kumo.start()  -- no line of Postfix says this: every policy needs it\n\n"


def test_a_file_name_cannot_break_out_of_its_comment():
    sly = Origin("etc/x\nos.execute('sh')", 1, "a")

    text = TargetFile("init.lua", "--", (Line("a = 1", (sly,)),)).text

    assert text.count("\n") == 1


def test_an_emission_knows_which_postfix_lines_became_something():
    emission = Emission("kumomta", (TargetFile("a", "#", (Line("x", (HOST,)), Line("y"))),), ())

    assert emission.origins == {HOST}
