"""What a lookup needs of one instance: its values, and the files its tables are made of."""

from dataclasses import dataclass

from discovery.postfix.bundle import Bundle, BundleFile
from discovery.postfix.places import Place, find_file
from discovery.postfix.scope import Scope


@dataclass(frozen=True, slots=True)
class Desk:
    """One instance of a bundle, seen by main.cf alone or by one service."""

    bundle: Bundle
    place: Place
    scope: Scope

    def file(self, path: str) -> BundleFile | None:
        """The file of the upload that a path on the host means."""
        found = find_file(self.bundle, self.place, path)
        return self.bundle.files[found] if found else None
