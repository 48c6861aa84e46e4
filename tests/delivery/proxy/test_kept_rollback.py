"""Who sets a share without meaning to lift a rollback says so, and the rollback stands."""

import pytest

from delivery.proxy.control.command import main
from delivery.ramp.line import LineSilent, ask_proxy
from tests.delivery.proxy.helms import Helm


def order(helm, *words):
    return main(["--config", str(helm.path), *words])


def test_a_share_that_keeps_the_rollback_is_not_set_while_one_stands(tmp_path, capsys):
    with Helm(tmp_path) as helm:
        order(helm, "set", "--keep-rollback", "new=75")
        order(helm, "rollback")
        before = helm.steering.standing.read()

        refused = order(helm, "set", "--keep-rollback", "new=100")

        said, side, after = capsys.readouterr().err, helm.side(), helm.steering.standing.read()
        order(helm, "resume")
        assert (refused, side, after) == (1, "old", before)
        assert said == "proxy-control: A rollback stands, and this keeps it: nothing was set.\n"
        assert before.weights["split"].new == 75
        assert order(helm, "set", "--keep-rollback", "new=100") == 0
        assert helm.side() == "new"


def test_to_keep_it_is_true_or_false(tmp_path):
    with Helm(tmp_path) as helm:
        url = f"http://{helm.configuration.control.listen}"

        with pytest.raises(LineSilent, match="keep_rollback is true or false"):
            ask_proxy(url, "hush", "set", {"new": 5, "keep_rollback": 1})

        assert ask_proxy(url, "hush", "status")["new"] == 100.0


def test_only_set_keeps_one(tmp_path, capsys):
    with Helm(tmp_path) as helm, pytest.raises(SystemExit):
        order(helm, "resume", "--keep-rollback")

    assert "--keep-rollback goes with set" in capsys.readouterr().err


def test_what_was_sent_before_a_rollback_and_comes_after_it_is_refused(tmp_path):
    with Helm(tmp_path) as helm:
        url = f"http://{helm.configuration.control.listen}"
        ask_proxy(url, "hush", "rollback", generation=7)

        for verb, words in (("resume", {}), ("set", {"new": 100})):
            with pytest.raises(LineSilent, match="A later command came before this one: nothing was changed"):
                ask_proxy(url, "hush", verb, words, generation=6)

        assert helm.side() == "old"
        assert ask_proxy(url, "hush", "resume", generation=8)["everything"] is None
        status = ask_proxy(url, "hush", "rollback", generation=1)
        assert (status["by"], status["generation"]) == ("rollback", 8)
        assert ask_proxy(url, "hush", "resume")["everything"] is None, "a command without a number is of no order"
