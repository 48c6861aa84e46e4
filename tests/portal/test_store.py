"""A backup in a bucket: sealed, whole, and restored as what it was. The bucket is moto's, over HTTP."""

import boto3
import pytest
from moto.server import ThreadedMotoServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
KEY = "forty characters that nobody would guess"


@pytest.fixture
def bucket(monkeypatch):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    words = {
        "BACKUP_BUCKET": "kept",
        "BACKUP_FOLDER": "portal",
        "BACKUP_ENDPOINT": f"http://{host}:{port}",
        "BACKUP_REGION": "eu-north-1",
        "BACKUP_KEY": KEY,
        "AWS_ACCESS_KEY_ID": "a-program",
        "AWS_SECRET_ACCESS_KEY": "its-word",
    }
    for name, value in words.items():
        monkeypatch.setenv(name, value)
    store = boto3.resource("s3", endpoint_url=words["BACKUP_ENDPOINT"], region_name="eu-north-1").Bucket("kept")
    store.create(CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    yield store
    store.objects.delete()
    store.delete()
    server.stop()


def in_bucket(bucket):
    return {each.key: each.get()["Body"].read() for each in bucket.objects.all()}


@pytest.fixture
def kept(here, engagement, bucket):
    done = here.gatepost("backup", "--store")
    assert done.returncode == 0, done.stderr
    (key,) = in_bucket(bucket)
    return key.removeprefix("portal/")


def test_what_comes_back_from_the_bucket_equals_what_was_there(here, there, kept):
    before = here.holdings()

    done = there.gatepost("restore", kept, "--store")

    after = there.holdings()
    assert done.returncode == 0, done.stderr
    assert (after.tables, after.ledger) == (before.tables, before.ledger)
    assert before.tables["engagements_engagement"] == 1
    assert (there.folder / "keys" / "seal.pem").read_text() == "the key that seals"


def test_nothing_of_it_can_be_read_in_the_bucket_and_nothing_stays_on_the_machine(here, kept, bucket, tmp_path):
    (content,) = in_bucket(bucket).values()

    listed = here.gatepost("backup", "--list")

    assert b"the key that seals" not in content
    assert b"manifest.json" not in content
    assert listed.stdout == f"{kept}  {len(content):,} bytes\n"
    assert [path.name for path in tmp_path.rglob("*.tar*")] == []


def test_a_file_and_the_bucket_hold_the_same(here, there, bucket, engagement, tmp_path):
    file = tmp_path / "mine.tar"

    made = here.gatepost("backup", file, "--store")

    assert made.returncode == 0, made.stderr
    assert list(in_bucket(bucket)) == ["portal/mine.tar.sealed"]
    assert there.gatepost("restore", "mine.tar.sealed", "--store").returncode == 0
    assert there.holdings().tables == here.holdings().tables
    assert file.is_file()


def test_one_that_was_changed_or_has_another_key_changes_nothing(there, kept, bucket, monkeypatch):
    content = bytearray(in_bucket(bucket)[f"portal/{kept}"])
    content[len(content) // 2] ^= 1
    bucket.put_object(Key="portal/changed.tar.sealed", Body=bytes(content))
    bucket.put_object(Key="portal/cut.tar.sealed", Body=bytes(content[: len(content) // 3]))

    refused = [there.gatepost("restore", name, "--store") for name in ("changed.tar.sealed", "cut.tar.sealed")]
    monkeypatch.setenv("BACKUP_KEY", KEY[::-1])
    refused.append(there.gatepost("restore", kept, "--store"))

    assert [done.returncode for done in refused] == [1, 1, 1]
    assert ["was changed since. Nothing was changed here." in done.stderr for done in refused] == [True] * 3
    assert not (there.folder / "keys").exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"BACKUP_BUCKET": ""}, "BACKUP_BUCKET names no bucket."),
        ({"BACKUP_KEY": "short"}, "Set BACKUP_KEY to 32 random characters or more"),
        ({"BACKUP_BUCKET": "nobodys"}, "The bucket nobodys refused: NoSuchBucket."),
        ({"BACKUP_ENDPOINT": "http://127.0.0.1:9"}, "The bucket kept cannot be reached:"),
    ],
)
def test_where_it_cannot_be_kept_a_sentence_says_why(here, bucket, monkeypatch, changed, said):
    for name, value in changed.items():
        monkeypatch.setenv(name, value)

    done = here.gatepost("backup", "--store")

    assert done.returncode == 1
    assert said in done.stderr
    assert "its-word" not in done.stderr
    assert in_bucket(bucket) == {}


def test_a_name_that_is_not_there_is_answered_with_the_newest(there, kept):
    done = there.gatepost("restore", "gatepost-yesterday.tar.sealed", "--store")

    assert done.returncode == 1
    assert f"The bucket holds no gatepost-yesterday.tar.sealed. The newest is {kept}." in done.stderr


def test_neither_a_file_nor_the_bucket_is_said_before_anything_is_made(here):
    done = here.gatepost("backup")

    assert done.returncode == 2
    assert "name a FILE, or say --store" in done.stderr
