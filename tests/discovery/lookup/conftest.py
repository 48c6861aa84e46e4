"""An instance made of a folder's files, seen by the lookup."""

import pytest

from discovery.lookup.desk import Desk
from discovery.postfix.bundle import Bundle
from discovery.postfix.places import Place
from discovery.postfix.scope import Scope


@pytest.fixture
def desk_on():
    """A desk on the files of a folder, named by the paths they have on this machine."""

    def make(folder):
        files = {str(path).lstrip("/"): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        return Desk(Bundle.of(files), Place("etc/postfix", "", "/etc/postfix"), Scope({}, "/etc/postfix"))

    return make
