"""Masks a whole bundle: finds the password tables from the configuration, then every file."""

import posixpath
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from discovery.postfix.bundle import Bundle, BundleFile
from discovery.postfix.facts import HiddenSecret
from discovery.postfix.main_cf import read_main
from discovery.postfix.password_values import PASSWORD_MAPS, names_followed
from discovery.postfix.places import MAIN, find_file, place_of
from discovery.postfix.secrets import decode, hidden_secrets, mask_and_collect, mask_literals
from discovery.postfix.tables import references

TELLING_NAMES = ("sasl_passwd", "sasl_password", "saslpasswd", "smtp_auth_passwd")


def mask_bundle(bundle: Bundle, *, key: bytes) -> tuple[Bundle, tuple[HiddenSecret, ...]]:
    """The bundle without secrets, and where they were. Masking a masked bundle changes nothing."""
    password_maps = set(password_map_files(bundle))
    followed = frozenset().union(*(names_followed(file.text) for _, file in configurations(bundle)))
    contents: dict[str, bytes] = {}
    literals: dict[str, str] = {}
    for path, file in bundle.files.items():
        contents[path], found = mask_and_collect(
            file.content,
            key=key,
            is_password_map=path in password_maps,
            followed=followed if is_configuration(path) else frozenset(),
        )
        literals |= found
    files: dict[str, BundleFile] = {}
    for path, content in contents.items():
        kept = mask_copies(content, literals, key)
        file = bundle.files[path]
        files[path] = file if kept is file.content else BundleFile.of(path, kept)
    secrets = (secret for path, file in files.items() for secret in hidden_secrets(path, file.text))
    return Bundle(MappingProxyType(files), bundle.skipped), tuple(secrets)


def mask_copies(content: bytes, literals: Mapping[str, str], key: bytes) -> bytes:
    """One more pass: a password of one file may stand in a comment of another."""
    text, encoding = decode(content)
    masked = mask_literals(text, literals, key) if literals else text
    return content if masked is text else masked.encode(encoding, "replace")


def password_map_files(bundle: Bundle) -> Iterator[str]:
    """Files that a `*_sasl_password_maps` setting names, and files with a telling name."""
    for path in bundle.files:
        name = posixpath.basename(path)
        if name.startswith(TELLING_NAMES):
            yield path
    for path, file in configurations(bundle):
        yield from named_password_maps(bundle, path, file.text)


def configurations(bundle: Bundle) -> Iterator[tuple[str, BundleFile]]:
    return ((path, file) for path, file in bundle.files.items() if is_configuration(path))


def is_configuration(path: str) -> bool:
    """Whether a file holds the parameters of Postfix."""
    name = posixpath.basename(path)
    return name in {MAIN, "master.cf"} or name.startswith("postconf")


def named_password_maps(bundle: Bundle, path: str, text: str) -> Iterator[str]:
    """The sources of the password tables one configuration file names."""
    place = place_of(posixpath.dirname(path))
    values = [each.value for each in read_main(path, text).settings if each.name.endswith(PASSWORD_MAPS)]
    values += [part.partition("=")[2] for part in text.split() if f"{PASSWORD_MAPS}=" in part]
    for value in values:
        value = value.replace("$config_directory", place.config_directory)  # noqa: PLW2901 - the one name used in paths
        for reference in references(value):
            found = find_file(bundle, place, reference.path)
            if found:
                yield found
