"""What the command says to words and files that are not as they should be."""

import pytest

from delivery.proxy.control.command import main
from tests.delivery.proxy.helms import Helm


def order(helm, *words):
    return main(["--config", str(helm.path), *words])


@pytest.fixture
def helm(tmp_path):
    with Helm(tmp_path) as found:
        yield found


def test_a_share_without_a_name_is_answered_with_how_to_say_it(helm, capsys):
    before = helm.steering.standing.read()

    with pytest.raises(SystemExit) as ended:
        order(helm, "set", "40")

    assert ended.value.code == 2
    assert "40 names nothing that it is the share of: say new=40\n" in capsys.readouterr().err
    assert helm.steering.standing.read() == before


SPOILT = {
    "a key that nobody closed": lambda text: text.replace('journal = "journal"', 'journal = "journal"\n[limits'),
    "an address without quotes before it": lambda text: text.replace('"127.0.0.1:2525"', "127.0.0.1:2525"),
    "a control that is none": lambda text: text.replace('listen = "127.0.0.1:', 'listen = "mail.example:', 2),
    "a letter of another encoding": lambda text: text + "# \udcff\n",
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_rollback_by_a_spoilt_file_finds_the_journal_in_what_can_be_read(helm, capsys, spoil):
    helm.path.write_text(spoil(helm.path.read_text()), errors="surrogateescape")
    before = helm.side()

    assert order(helm, "rollback") == 0

    said = capsys.readouterr()
    assert (before, helm.side()) == ("new", "old")
    assert said.err.startswith(f"proxy-control: {helm.path}: ")
    assert "If the proxy has another, say: proxy-control --journal DIR rollback\n" in said.err
    assert said.out.startswith(
        f"Rolled back all the same: {helm.configuration.journal.folder / 'standing.json'} says so"
    )


@pytest.mark.parametrize("content", ['journal = "elsewhere"\n[control', 'jour\nnal = "journal"', None])
def test_a_rollback_without_a_journal_says_how_to_name_it_and_writes_nothing(helm, capsys, content):
    helm.path.unlink()
    if content is not None:
        helm.path.write_text(content)

    assert order(helm, "rollback") == 1

    said = capsys.readouterr()
    assert said.err.endswith("With its folder, say: proxy-control --journal DIR rollback\n")
    assert "Nothing was rolled back" in said.err
    assert said.out == ""
    assert helm.side() == "new"
    assert not (helm.path.parent / "elsewhere").exists()


def test_a_spoilt_file_serves_nothing_but_a_rollback(helm, capsys):
    helm.path.write_text("[control")

    assert order(helm, "set", "new=0") == 1

    assert "is not TOML" in capsys.readouterr().err
    assert helm.side() == "new"
