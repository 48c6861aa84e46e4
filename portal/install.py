"""Makes `.venv` and what has to be beside it. Run by `./gatepost` with any Python 3.11; standard library only.

`.venv/.gatepost-stamp.json` holds the digests of the lock files that are installed: while they are the same, nothing
is done.
"""

from __future__ import annotations

import ast
import ctypes.util
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".gatepost-stamp.json"
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("installer", "runtime", "development")}

# What pip is told, and the variable by which uv is told the same.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
# Commands that draw documents, and those that need nothing but Python.
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
BARE = frozenset({"audit", "journal", "lookup", "translate", "proxy", "proxy-control", "reconcile", "", "-h", "--help"})
DEVELOPING = frozenset({"test", "docs"})  # these need what runtime.txt does not hold


class CannotInstall(Exception):  # noqa: N818 (reads better where it is raised)
    """The text says what is wrong and what to type."""


def main() -> int:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        install_packages("development" if command in DEVELOPING else "runtime")
        if command not in BARE:
            install_system_parts(command)
    except CannotInstall as reason:
        sys.stderr.write(f"gatepost: {reason}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"gatepost: {error.filename or VENV}: {error.strerror or error}\n")
        return 1
    return 0


def say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


@contextmanager
def alone() -> Iterator[None]:
    """Of two starts at once the second waits, then finds everything done."""
    path = ROOT / "var" / "install.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is installing; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def installed() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def install_packages(name: str) -> None:
    if is_current(name):
        return
    with alone():
        if is_current(name):
            return
        if not PYTHON.exists():
            make_venv()
        say(f"Installing the packages of requirements/{name}.txt")
        install(LOCKS[name])
        names = ("runtime", "development") if name == "development" else ("runtime",)
        STAMP.write_text(json.dumps({one: digest(LOCKS[one]) for one in names}))


def is_current(name: str) -> bool:
    return PYTHON.exists() and installed().get(name) == digest(LOCKS[name])


def make_venv() -> None:
    say("Making .venv (first start)")
    shutil.rmtree(VENV, ignore_errors=True)
    if run([sys.executable, "-m", "venv", str(VENV)]):
        return
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not (may_use_apt() and apt_install([version]) and run([sys.executable, "-m", "venv", str(VENV)])):
        shutil.rmtree(VENV, ignore_errors=True)
        raise CannotInstall(f"a virtual environment cannot be made.\n  Type: sudo apt-get install {version}")


def install(lock: Path) -> None:
    """By uv, which is quick, and by pip should that fail: both check every digest."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    pip = [str(PYTHON), "-m", "pip", "install", *quiet, "-r"]
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r"]
    if run([*pip, str(LOCKS["installer"])]) and run([*uv, str(lock)], uv_environment()):
        return
    say("That did not work; trying pip")
    if not run([*pip, str(lock)], is_loud=True):
        raise CannotInstall(f"the packages could not be installed (see above).\n  Try again with: {ROOT}/gatepost")


def uv_environment() -> Mapping[str, str]:
    """What pip is configured with, from its files or the environment; what is said to uv itself goes before."""
    words = [str(PYTHON), "-m", "pip", "config", "list"]
    listed = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 (our own words)
    told: dict[str, str] = {}
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        name = PIP_TO_UV.get(key.rpartition(".")[2])
        if name and value:
            told[name] = " ".join(str(ast.literal_eval(value)).split())
    return {**told, **os.environ}


def run(words: list[str], environment: Mapping[str, str] | None = None, *, is_loud: bool = False) -> bool:
    """Run quietly; what it said is shown when it is `is_loud` and failed."""
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (our own words)
    if done.returncode and is_loud:
        sys.stderr.write(done.stdout + done.stderr)
    return done.returncode == 0


# What tests open, ask or compare with, by the name of its program; where one is missing, its tests skip and say so.
COMPARED = {
    "chromium": "chromium",
    "postconf": "postfix",
    "busybox": "busybox",
    "mksh": "mksh",
    "shellcheck": "shellcheck",
    "pflogsumm": "pflogsumm",
    "qpdf": "qpdf",
    "redis-server": "redis-server",
    "systemd-analyze": "systemd",
    "swaks": "swaks",
    "msmtp": "msmtp",
    "curl": "curl",
    "perl": "perl",
}
NODEMAILER = Path("/usr/share/nodejs/nodemailer")


def missing_parts(command: str) -> list[str]:
    """Debian's packages for what is not on this machine."""
    missing = [] if ctypes.util.find_library("pangoft2-1.0") else list(PANGO)
    missing += [] if ctypes.util.find_library("pcre2-8") else ["libpcre2-8-0"]
    missing += [] if shutil.which("pdftoppm") else ["poppler-utils"]  # it draws pages of a draft as pictures
    if command == "test":
        path = f"{os.environ.get('PATH', '')}:/usr/sbin"
        missing += [package for program, package in COMPARED.items() if not shutil.which(program, path=path)]
        missing += [] if NODEMAILER.exists() else ["node-nodemailer"]
        missing += [] if has_pcre_tables(path) else ["postfix-pcre"]
    return missing


def has_pcre_tables(path: str) -> bool:
    postconf = shutil.which("postconf", path=path)
    if postconf is None:
        return False
    kinds = subprocess.run([postconf, "-m"], capture_output=True, text=True, check=False)  # noqa: S603 (found just now)
    return "pcre" in kinds.stdout.split()


def install_system_parts(command: str) -> None:
    missing = missing_parts(command)
    if not missing:
        return
    if may_use_apt():
        say(f"Installing {', '.join(missing)}")
        if apt_install(missing):
            return
    say(f"Missing on this machine: {', '.join(missing)}. Documents and some tests need them.")
    say(f"  Type: sudo apt-get install --no-install-recommends {' '.join(missing)}")


def may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: list[str]) -> bool:
    # RUNLEVEL=1 keeps the packages from starting their services.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    words = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return run(words, quiet) or (run(["apt-get", "update", "-qq"], quiet) and run(words, quiet, is_loud=True))


if __name__ == "__main__":
    sys.exit(main())
