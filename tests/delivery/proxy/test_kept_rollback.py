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
