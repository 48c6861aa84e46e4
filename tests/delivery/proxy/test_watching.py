import base64
import os
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.x509.oid import NameOID

from delivery.proxy.configuration import ConfigurationError, read_configuration
from delivery.proxy.control.command import main
from tests.delivery.proxy.helms import WORDS, Helm, free_port
from tests.delivery.proxy.test_control import eventually


@pytest.fixture(scope="module")
def portal_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def helm(tmp_path):
    with Helm(tmp_path) as found:
        yield found


def change(path, before, after):
    text = path.read_text()
    assert before in text
    draft = path.with_name("draft")
    draft.write_text(text.replace(before, after))
    draft.replace(path)


def sign(path, private):
    signed = (
        private.sign(path.read_bytes())
        if isinstance(private, ed25519.Ed25519PrivateKey)
        else private.sign(path.read_bytes(), padding.PKCS1v15(), hashes.SHA256())
    )
    path.with_name(path.name + ".sig").write_bytes(base64.b64encode(signed))


def write_public(private, path):
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    path.write_bytes(private.public_key().public_bytes(serialization.Encoding.PEM, kind))
    return path


def write_certificate(private, path):
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "seal")]), datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, private.public_key(), 1, now, now + timedelta(days=1))
    path.write_bytes(builder.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


def test_a_changed_file_is_in_force_without_a_restart(helm):
    change(helm.path, "new = 100\n[[", "new = 0\n[[")

    eventually(lambda: helm.adopted)
    assert helm.side() == "old"
    assert helm.steering.watch.refused == ()


def test_a_file_with_a_mistake_changes_nothing_and_status_says_why(helm, capsys):
    change(helm.path, "new = 100\n[[", "new = 1000\n[[")

    eventually(lambda: helm.refused)
    assert helm.side() == "new"
    assert helm.adopted == []
    assert main(["--config", str(helm.path), "status"]) == 0
    said = capsys.readouterr().out
    assert "The file has changed since and was not taken:" in said
    assert "[split] new: 1000 is no share." in said
    change(helm.path, "new = 1000\n[[", "new = 0\n[[")
    eventually(lambda: helm.adopted)
    assert helm.steering.watch.refused == ()


def test_reload_says_at_once_what_is_wrong(helm, capsys):
    change(helm.path, "new = 100\n[[", "new = 1000\n[[")

    assert main(["--config", str(helm.path), "reload"]) == 1

    said = capsys.readouterr().err
    assert "[split] new: 1000 is no share." in said
    assert said.endswith("The configuration in force was kept.\n")


def test_reload_is_obeyed_by_every_process(helm, tmp_path):
    with Helm(tmp_path, number=1) as sibling:
        change(helm.path, "new = 100\n[[", "new = 0\n[[")

        assert main(["--config", str(helm.path), "reload"]) == 0

        assert helm.side() == "old"
        eventually(lambda: sibling.adopted)
        assert sibling.side() == "old"


def test_what_needs_a_restart_is_kept_and_named(helm, tmp_path):
    change(helm.path, 'listen = "127.0.0.1:2525"\njournal = "journal"', 'listen = "127.0.0.1:2527"\njournal = "other"')
    change(helm.path, 'token = "hush"', 'token = "another"')

    eventually(lambda: helm.adopted)
    kept = helm.steering.watch.configuration

    assert helm.steering.watch.waiting == ("journal", "listeners")
    assert str(kept.listeners[0].address) == "127.0.0.1:2525"
    assert kept.journal.folder == tmp_path / "journal"
    assert kept.control.token == "another"


def test_a_changed_group_file_is_read_too(tmp_path):
    (tmp_path / "groups").write_text("corp.example Google\n")
    words = WORDS.format(port=free_port()).replace("new = 100\n[[", 'new = 100\nproviders = "groups"\n[[')
    with Helm(tmp_path, words=words) as helm:
        (tmp_path / "groups").write_text("corp.example Yahoo\nmore.example Yahoo\n")

        eventually(lambda: helm.adopted)

        assert helm.steering.chooser.split.providers.of("corp.example") == "yahoo"


@pytest.mark.parametrize("written", [write_public, write_certificate])
def test_what_the_portal_signed_is_taken(tmp_path, portal_key, written):
    path, key = tmp_path / "proxy.toml", written(portal_key, tmp_path / "portal.pem")
    path.write_text(WORDS.format(port=free_port()))
    sign(path, portal_key)

    assert read_configuration(path, key=key).split.rest.new == 100


def test_a_key_of_another_kind_of_signature_does(tmp_path):
    private = ed25519.Ed25519PrivateKey.generate()
    path, key = tmp_path / "proxy.toml", write_public(private, tmp_path / "portal.pem")
    path.write_text(WORDS.format(port=free_port()))
    sign(path, private)

    assert read_configuration(path, key=key).split.rest.new == 100


def test_a_file_that_names_the_key_itself_has_to_be_signed(tmp_path, portal_key):
    path = tmp_path / "proxy.toml"
    write_public(portal_key, tmp_path / "portal.pem")
    path.write_text(WORDS.format(port=free_port()) + '[portal]\nkey = "portal.pem"\n')

    with pytest.raises(ConfigurationError, match=r"is not signed: .*proxy\.toml\.sig cannot be read"):
        read_configuration(path)


@pytest.mark.parametrize("spoilt", ["content", "signature", "key"])
def test_what_the_portal_did_not_sign_is_refused(tmp_path, portal_key, spoilt):
    path, key = tmp_path / "proxy.toml", write_public(portal_key, tmp_path / "portal.pem")
    path.write_text(WORDS.format(port=free_port()))
    sign(path, portal_key)
    if spoilt == "content":
        change(path, "new = 100\n[[", "new = 10\n[[")
    elif spoilt == "signature":
        path.with_name("proxy.toml.sig").write_bytes(base64.b64encode(os.urandom(256)))
    else:
        write_public(rsa.generate_private_key(public_exponent=65537, key_size=2048), key)

    with pytest.raises(ConfigurationError, match="is not what the portal signed"):
        read_configuration(path, key=key)


@pytest.mark.parametrize(
    ("pem", "why"), [(None, "cannot be read"), (b"nothing", "holds neither a public key nor a certificate")]
)
def test_a_key_that_cannot_be_used_lets_nothing_in(tmp_path, portal_key, pem, why):
    path, key = tmp_path / "proxy.toml", tmp_path / "portal.pem"
    path.write_text(WORDS.format(port=free_port()))
    sign(path, portal_key)
    if pem:
        key.write_bytes(pem)

    with pytest.raises(ConfigurationError, match=why):
        read_configuration(path, key=key)


def test_a_running_proxy_does_not_forget_the_key_with_the_line_that_names_it(tmp_path, portal_key):
    key = write_public(portal_key, tmp_path / "portal.pem")
    path = tmp_path / "proxy.toml"
    path.write_text(WORDS.format(port=free_port()))
    sign(path, portal_key)
    with Helm(tmp_path, key=key) as helm:
        change(path, "new = 100\n[[", "new = 0\n[[")
        path.with_name("proxy.toml.sig").unlink()

        eventually(lambda: helm.steering.watch.refused)

        assert "is not signed" in helm.steering.watch.refused[0]
        assert helm.side() == "new"


def test_an_older_signed_configuration_cannot_come_back(tmp_path, portal_key):
    key = write_public(portal_key, tmp_path / "portal.pem")
    path = tmp_path / "proxy.toml"
    path.write_text("serial = 2\n" + WORDS.format(port=free_port()))
    sign(path, portal_key)
    with Helm(tmp_path, key=key) as helm:
        change(path, "serial = 2", "serial = 1")
        sign(path, portal_key)

        eventually(lambda: helm.steering.watch.refused)

        assert helm.steering.watch.refused[-1].endswith("serial: is 1, but 2 was in force already.")
        assert helm.adopted == []
