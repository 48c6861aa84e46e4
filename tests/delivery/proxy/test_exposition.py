from collections import Counter

from prometheus_client.parser import text_string_to_metric_families

from delivery.proxy.control.exposition import exposition
from delivery.proxy.figures import CONNECTS_OLD, FAILURES_NEW, FIGURES, Figures


def test_each_family_is_said_once_and_in_one_piece(tmp_path):
    figures = Figures(tmp_path, 0)
    figures.row[CONNECTS_OLD], figures.row[FAILURES_NEW] = 5, 3

    said = exposition(figures)

    families = list(text_string_to_metric_families(said))
    declared = Counter(line.split(" ")[2] for line in said.splitlines() if line.startswith("# TYPE"))
    assert declared == Counter({figure.metric for figure in FIGURES})
    assert len({one.name for one in families}) == len(families) == len(declared)
    values = {(one.name, one.labels.get("backend")): one.value for family in families for one in family.samples}
    assert values["gatepost_backend_connects_total", "old"] == 5
    assert values["gatepost_backend_connects_total", "new"] == 0
    assert values["gatepost_backend_failures_total", "new"] == 3
    assert values["gatepost_backend_failures_total", "old"] == 0
    figures.close()
