import pytest

from delivery.proxy.configuration import read_configuration
from delivery.proxy.journal import Settings
from delivery.proxy.settings import Address
from tests.delivery.proxy.files import SMALLEST, mistakes_of


def test_the_smallest_configuration_is_enough(write, tmp_path):
    found = read_configuration(write(SMALLEST))

    assert [(one.name, one.address) for one in found.listeners] == [("default", Address("127.0.0.1", 2525))]
    assert found.journal.folder == tmp_path / "DIR"
    assert (found.old.address.port, found.new.address.port) == (2601, 2602)
    assert (found.split.rest.new, found.split.rest.by, found.split.rules) == (25.0, "message", ())
    assert (str(found.control.listen), found.control.token) == ("127.0.0.1:2526", "...")
    assert (found.processes, found.trace_header, found.redis) == (1, "", "")


def test_every_mistake_is_named_at_once_with_its_key(write):
    text = SMALLEST.replace('"127.0.0.1:2525"', '"2525"').replace("new = 25", "new = 140\nbye = 1")

    found = mistakes_of(write(text))

    assert found == [
        'listen: \'2525\' is no address. It is a host and a port, as in "127.0.0.1:2525" or "[::1]:2525".',
        "[split] new: 140 is no share. It is a number from 0 to 100: percent for the new side.",
        "[split] bye: is not known. Was by meant?",
    ]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('listen = "127.0.0.1:2525"', "", 'listen: is missing. It says where mail is taken, as in "127.0.0.1:2525".'),
        ('journal = "DIR"', "", "journal: is missing. It says in which folder the journal stands."),
        ('journal = "DIR"', 'journal = ""', "journal: has to be a text between quotes that is not empty."),
        (
            "[backends.old]",
            "[backends.elder]",
            "[backends.old] address: is missing. It says where the old MTA takes mail.",
        ),
        ('"127.0.0.1:2602"', '"127.0.0.1:2601"', "backends: old and new are both 127.0.0.1:2601: they have to be two."),
        (
            "new = 25",
            "new = true",
            "[split] new: True is no share. It is a number from 0 to 100: percent for the new side.",
        ),
        (
            '"127.0.0.1:2526"',
            '"0.0.0.0:2526"',
            "[control] listen: 0.0.0.0 can be reached from elsewhere. Control listens on loopback only.",
        ),
        ('token = "..."', "", "[control] token: is missing: whoever knows it may move the mail, nobody else."),
        (
            "new = 25",
            'new = 25\nby = "luck"',
            "[split] by: 'luck' is not known. It is one of message, sender, sender-domain, domain, stream.",
        ),
        (
            "[control]",
            "[limits]\nblock = '3 weeks'\n[control]",
            '[limits] block: has to be a time above 0, in seconds or as "5 min", "24 h", "30 d".',
        ),
        ("[control]", "[control]\nsocket = 5", "[control] socket: has to be a text between quotes that is not empty."),
    ],
)
def test_a_mistake_is_said_in_a_sentence(write, before, after, sentence):
    assert before in SMALLEST

    found = mistakes_of(write(SMALLEST.replace(before, after, 1)))

    assert sentence in found


@pytest.mark.parametrize(
    ("content", "start"),
    [
        (b"listen = \n", "is not TOML: "),
        (b"listen = '\xff'", "is not UTF-8 at byte 10."),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_its_place(tmp_path, content, start):
    path = tmp_path / "proxy.toml"
    path.write_bytes(content)

    found = mistakes_of(path)

    assert len(found) == 1
    assert found[0].startswith(start)


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert mistakes_of(tmp_path / "absent.toml") == ["cannot be read (No such file or directory)."]


def test_secrets_do_not_show_when_a_configuration_is_printed(write):
    text = SMALLEST.replace('"127.0.0.1:2602"', '"127.0.0.1:2602"\nuser = "anna"\npassword = "correct horse"')

    found = read_configuration(write(text.replace('"..."', '"hush hush"')))

    assert found.new.password == "correct horse"
    assert "correct horse" not in repr(found)
    assert "hush hush" not in repr(found)


def test_listeners_and_journal_can_say_more(write, tmp_path):
    text = SMALLEST.replace('journal = "DIR"', "")
    text += '[journal]\nfolder = "/var/spool/journal"\nretry_window = "12 h"\nsegment = "64 MB"\n'
    text += '[[listeners]]\nname = "balanced"\naddress = "[::1]:2528"\nbalancers = ["10.0.0.0/24"]\n'

    found = read_configuration(write(text))

    assert [str(one.address) for one in found.listeners] == ["127.0.0.1:2525", "[::1]:2528"]
    assert found.listeners[1].balancers == ("10.0.0.0/24",)
    assert str(found.journal.folder) == "/var/spool/journal"
    assert (found.journal.settings.retry_window, found.journal.settings.segment_bytes) == (43_200.0, 64_000_000)
    assert found.journal.settings.retention == Settings().retention


def test_recipients_are_hashed_with_the_key_of_a_file(write, tmp_path):
    (tmp_path / "secret").write_text("correct horse battery\n")
    text = SMALLEST.replace('journal = "DIR"', "") + '[journal]\nfolder = "DIR"\nrecipients_key = "secret"\n'

    found = read_configuration(write(text))

    assert found.journal.settings.secret == b"correct horse battery"
    assert "correct horse" not in repr(found)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            'retention = "1 h"',
            "[journal] retention: is shorter than a window: a retry is only recognised while its entry is kept.",
        ),
        (
            'recipients_key = "absent"',
            "[journal] recipients_key: {folder}/absent cannot be read (No such file or directory).",
        ),
        (
            'recipients_key = "short"',
            "[journal] recipients_key: {folder}/short holds fewer than 16 bytes: recipients could be guessed from it.",
        ),
    ],
)
def test_a_mistake_about_the_journal_is_said(write, tmp_path, line, sentence):
    (tmp_path / "short").write_text("secret")
    text = SMALLEST.replace('journal = "DIR"', "") + f'[journal]\nfolder = "DIR"\n{line}\n'

    assert mistakes_of(write(text)) == [sentence.format(folder=tmp_path)]


def test_paths_begin_at_the_folder_of_the_file(write, tmp_path):
    (tmp_path / "groups").write_text("corp.example Google\n.corp.example Google\n# nobody\n")

    found = read_configuration(write(SMALLEST.replace("new = 25", 'new = 25\nproviders = "groups"')))

    assert found.split.providers.of("corp.example") == "google"
    assert found.split.providers.of("mail.corp.example") == "google"
    assert found.split.providers.of("gmail.com") == "other"


def test_a_group_file_is_read_when_the_configuration_is(write, tmp_path):
    (tmp_path / "groups").write_text("corp.example Google\nlonely.example\n")

    found = mistakes_of(write(SMALLEST.replace("new = 25", 'new = 25\nproviders = "groups"')))

    assert found == [f"[split] providers: {tmp_path}/groups line 2: is not a domain and its provider (40 bytes)."]
