"""A host as a folder, and the collector run on it by a shell."""

import gzip
import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "discovery" / "collector" / "gatepost-collect.sh"
SAMPLES = ROOT / "tests" / "postfix_samples"
SHELLS = {"dash": ["dash"], "busybox": ["busybox", "sh"], "bash": ["bash", "--posix"], "mksh": ["mksh"], "ksh": ["ksh"]}


@pytest.fixture(params=SHELLS)
def shell(request):
    words = SHELLS[request.param]
    if shutil.which(words[0]) is None:
        pytest.skip(f"there is no {words[0]} here")
    return words


@pytest.fixture
def host(tmp_path):
    """A copy of a sample that a test may change."""
    shutil.copytree(SAMPLES / "multi_ip", tmp_path / "host")
    return tmp_path / "host"


@pytest.fixture
def output(tmp_path):
    folder = tmp_path / "output"
    folder.mkdir()
    return folder


def collect(root, output, *options, shell=("sh",), **more):
    words = [*shell, str(SCRIPT), "--root", str(root), "--output", str(output), *options]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, **more)


def archive_in(output):
    (archive,) = output.glob("*.tar.gz")
    return archive


def files_of(archive):
    """{path: bytes} of everything that was packed."""
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive.read_bytes()))) as packed:
        return {
            member.name.removeprefix("./"): packed.extractfile(member).read() for member in packed if member.isfile()
        }


def tree(folder):
    """What stands below a folder: names, sizes and times."""
    return {
        path: (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def with_programs(folder, **scripts):
    """An environment whose PATH begins with these shell programs."""
    folder.mkdir()
    for name, text in scripts.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    return os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
