"""Real configurations: everything in them is classified, and each thing is there once."""

from collections import Counter

import pytest

from discovery.postfix import read_folder
from discovery.translation.coverage import load_estimate, measure
from discovery.translation.treatments import TARGETS
from tests.discovery.postfix import golden
from tests.discovery.translation.charts import chart_of

FOLDERS = sorted({golden.CORPUS / case.golden.parent.name for case in golden.corpus_cases()})


@pytest.mark.corpus
@pytest.mark.skipif(not FOLDERS, reason=golden.ABSENT)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_everything_in_a_real_configuration_is_classified_once(folder):
    seen = chart_of(read_folder(folder))
    kinds = Counter(each.construct.kind for each in seen.classified)
    instances = seen.report.instances

    assert [each.construct for each in seen.classified if not each.is_classified] == []
    assert len({each.construct.key for each in seen.classified}) == len(seen.classified)
    assert kinds["service"] == sum(len(each.services) for each in instances)
    assert kinds["map type"] == sum(len(each.maps) for each in instances)
    assert all(0 <= each.construct.line <= line_count(seen, each.construct.file) for each in seen.classified)
    for target in TARGETS:
        coverage = measure(seen.classified, target, load_estimate())
        assert sum(coverage.constructs.counts.values()) == len(seen.classified)


def line_count(seen, path):
    return len(seen.bundle.files[path].text.split("\n"))


@pytest.mark.corpus
@pytest.mark.skipif(not FOLDERS, reason=golden.ABSENT)
def test_most_of_what_real_configurations_hold_carries_over():
    seen = [each for folder in FOLDERS for each in chart_of(read_folder(folder)).classified]

    shares = {target: measure(seen, target, load_estimate()).constructs.percent for target in TARGETS}

    assert 70 <= shares["powermta"] <= 95
    assert 60 <= shares["kumomta"] <= 95
