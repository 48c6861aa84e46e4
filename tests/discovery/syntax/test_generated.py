"""What the emitters write passes the check, and what is damaged in it does not."""

from pathlib import Path

import pytest

from discovery.postfix import read_path
from discovery.syntax import check_files, digest_of_set
from discovery.translation.translating import EMITTERS, translate_to
from tests.discovery.translation.conftest import SAMPLES

KEY = b"a key of tests"
CORPUS = sorted((Path(__file__).parents[4] / "shared" / "corpus").glob("0*"))


def sets_of(folder):
    made = translate_to(read_path(folder), EMITTERS, secret_key=KEY)
    return {
        target: {f"mta1/{path}": text.encode("utf-8", "surrogateescape") for path, text in one.files.items()}
        for target, one in made.items()
    }


@pytest.mark.parametrize("sample", ["single_ip", "multi_ip", "multi_instance"])
def test_the_sets_of_the_samples_have_no_remark(sample):
    for target, files in sets_of(SAMPLES / sample).items():
        assert check_files(target, files).remarks == (), target


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS, reason="the corpus lies in ../shared, which is not here")
@pytest.mark.parametrize("folder", CORPUS, ids=lambda folder: folder.name)
def test_the_sets_of_real_configurations_have_no_remark(folder):
    """One of them is a template that nobody has filled in: that its name in HELO is no name has to be said."""
    unfilled = "{{ grains['id'] }}"
    is_template = any(unfilled in path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())

    for target, files in sets_of(folder).items():
        remarks = check_files(target, files).remarks
        assert [str(each) for each in remarks if not (is_template and unfilled in each.text)] == [], target


@pytest.mark.parametrize("target", sorted(EMITTERS))
def test_a_set_that_lost_the_end_of_a_file_has_remarks(target):
    files = sets_of(SAMPLES / "multi_ip")[target]
    first = {"kumomta": "mta1/init.lua", "powermta": "mta1/config"}[target]
    cut = files | {first: files[first][: len(files[first]) // 2].rpartition(b"\n  ")[0]}

    report = check_files(target, cut)

    assert report.exit_status == 1
    assert {each.path for each in report.remarks} == {first}


def test_the_digest_is_of_paths_and_contents():
    files = {"a": b"1", "b": b"2"}

    assert digest_of_set(files) == digest_of_set(dict(reversed(files.items())))
    assert digest_of_set(files) != digest_of_set({"a": b"2", "b": b"1"})
    assert digest_of_set(files) != digest_of_set({"a": b"1b2"})
