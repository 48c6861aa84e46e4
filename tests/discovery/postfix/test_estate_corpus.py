"""The estates of real configurations: nothing stops the reading, and every fact has its line."""

import pytest

from discovery.postfix import audit_bundle, read_folder
from tests.discovery.postfix import golden
from tests.discovery.postfix.estates import KEY

FOLDERS = sorted({golden.CORPUS / case.golden.parent.name for case in golden.corpus_cases()})


@pytest.mark.skipif(not FOLDERS, reason=golden.ABSENT)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_fact_of_a_real_estate_points_at_its_line(folder):
    bundle = read_folder(folder)

    for instance in audit_bundle(bundle, secret_key=KEY).instances:
        facts = (*instance.addresses, *instance.pools, *instance.doors, *instance.filters, *instance.domains)
        for fact in (*facts, *instance.tenants, *instance.signing_keys, *instance.stream_proposals):
            assert 0 <= fact.line <= len(bundle.files[fact.file].text.split("\n"))
        assert len({each.key for each in instance.stream_proposals}) == len(instance.stream_proposals)
        assert len({each.name for each in instance.stream_proposals}) == len(instance.stream_proposals)
