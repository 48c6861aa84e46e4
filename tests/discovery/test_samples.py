"""Every sample estate goes the whole way: packed, uploaded, read by its job, shown on each page."""

from pathlib import Path

import pytest

from discovery.models import StoredFile
from discovery.queries import estate_of
from tests.discovery.pages import text_of, url
from tests.factories.discovery import read_by_job

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent.parent / "postfix_samples"
FOLDERS = sorted(folder.name for folder in SAMPLES.iterdir() if folder.is_dir())


def sample(name):
    root = SAMPLES / name
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_sample_is_read_and_every_page_of_it_opens(as_ada, engagement, ada, name):
    files = sample(name)

    upload = read_by_job(engagement, actor=ada, files=files, host=name)

    estate = estate_of(engagement)
    assert (upload.state, upload.file_count + upload.skipped_count) == ("read", len(files))
    assert estate.counts["parameters"] > 5
    assert estate.findings
    pages = [url("inventory", engagement), url("queue", engagement), url("upload", engagement, upload.number)]
    pages += [url("file", engagement, 1, path) for path in upload.storedfiles.values_list("path", flat=True)]
    pages += [url("finding", engagement, finding.number) for finding in estate.findings]
    assert {as_ada.get(page).status_code for page in pages} == {200}


def test_the_secrets_of_the_samples_are_masked(as_ada, engagement, ada):
    upload = read_by_job(engagement, actor=ada, files=sample("multi_ip"))

    stored = b"".join(bytes(file.content) for file in StoredFile.objects.all())
    assert upload.secret_count > 0
    assert b"not-a-real" not in stored
    assert "not-a-real" not in text_of(as_ada.get(url("upload", engagement, 1)))


@pytest.mark.parametrize("name", FOLDERS)
def test_every_fact_points_at_a_line_that_is_there(engagement, ada, name):
    read_by_job(engagement, actor=ada, files=sample(name))
    lengths = {file.path: file.text.count("\n") + 1 for file in StoredFile.objects.all()}

    estate = estate_of(engagement)
    for row in (*estate.parameters, *estate.services, *estate.milters, *estate.transports, *estate.findings):
        assert 1 <= row.line <= lengths[row.file]
