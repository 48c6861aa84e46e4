"""TLS and AUTH on both sides."""

import asyncio
import ssl
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from delivery.proxy.smtp.auth import Users, make_hash
from tests.delivery.proxy.smtp.stage import OFFERS, Backend, Talk, perform

MESSAGE = b"Subject: one\r\nMessage-ID: <1@example.com>\r\n\r\nHello.\r\n"
ANN = b64encode(b"\0ann\0secret")


def make_certificate(folder, name="localhost"):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return ssl.create_default_context(cafile=folder / "cert.pem")


async def secured(stage, context, talk):
    await talk.writer.start_tls(context, server_hostname="localhost")
    return talk


def test_starttls_makes_the_session_begin_anew_and_mail_passes_inside(tmp_path):
    trusted = make_certificate(tmp_path)

    async def scenario(stage):
        talk = await stage.connect(hello=None)
        offered = await talk.say(b"EHLO client.example")
        ready = await talk.say(b"STARTTLS")
        await secured(stage, trusted, talk)
        too_early = await talk.say(b"MAIL FROM:<a@example.com>")
        inside = await talk.say(b"EHLO client.example")

        assert b"STARTTLS" in offered
        assert (ready[:3], too_early[:3]) == (b"220", b"503")
        assert b"STARTTLS" not in inside
        assert await talk.send(MESSAGE) == b"250 2.0.0 old took it\r\n"
        assert (await talk.say(b"STARTTLS"))[:3] == b"502"

    settings = 'security = "starttls"\ncertificate = "cert.pem"\nkey = "key.pem"\n'
    perform(tmp_path, scenario, listener=settings)


def test_nothing_said_before_tls_counts_as_said_inside(tmp_path):
    make_certificate(tmp_path)

    async def scenario(stage):
        talk = await stage.connect()
        talk.writer.write(b"STARTTLS\r\nMAIL FROM:<evil@example.com>\r\n")

        assert (await talk.hear())[:3] == b"501"
        assert await talk.hear() == b""

    perform(tmp_path, scenario, listener='security = "starttls"\ncertificate = "cert.pem"\nkey = "key.pem"\n')


def test_a_listener_may_speak_tls_from_the_first_byte(tmp_path):
    trusted = make_certificate(tmp_path)

    async def scenario(stage):
        opened = await asyncio.open_connection("127.0.0.1", stage.port, ssl=trusted, server_hostname="localhost")
        talk = Talk(*opened)
        assert (await talk.hear())[:3] == b"220"
        await talk.say(b"EHLO client.example")
        assert await talk.send(MESSAGE) == b"250 2.0.0 old took it\r\n"

    perform(tmp_path, scenario, listener='security = "tls"\ncertificate = "cert.pem"\nkey = "key.pem"\n')


def test_a_file_of_users_says_who_may_send(tmp_path):
    (tmp_path / "users").write_text(f"# people\nann:{make_hash('secret')}\n")

    async def scenario(stage):
        talk = await stage.connect(hello=None)
        offered = await talk.say(b"EHLO client.example")
        before = await talk.say(b"MAIL FROM:<a@example.com>")
        wrong = await talk.say(b"AUTH PLAIN " + b64encode(b"\0ann\0guess"))
        unknown = await talk.say(b"AUTH PLAIN " + b64encode(b"\0eve\0secret"))
        garbage = await talk.say(b"AUTH PLAIN !!!")
        cancelled = (await talk.say(b"AUTH LOGIN"), await talk.say(b"*"))
        steps = [await talk.say(line) for line in (b"AUTH LOGIN", b64encode(b"ann"), b64encode(b"secret"))]
        again = await talk.say(b"AUTH PLAIN " + ANN)

        assert b"AUTH PLAIN LOGIN" in offered
        assert (before[:3], wrong[:9], unknown[:9], garbage[:3]) == (b"530", b"535 5.7.8", b"535 5.7.8", b"501")
        assert [reply[:3] for reply in (*cancelled, *steps, again)] == [b"334", b"501", b"334", b"334", b"235", b"503"]
        assert b64decode(steps[0][4:]) == b"Username:"
        assert await talk.send(MESSAGE) == b"250 2.0.0 old took it\r\n"
        assert stage.entries()[0].user == "ann"
        quick = await stage.connect()
        assert (await quick.say(b"AUTH PLAIN", ANN))[:3] == b"235"

    settings = 'authentication = "file"\nusers = "users"\nrequires_user = true\ncleartext_authentication = true\n'
    perform(tmp_path, scenario, listener=settings)


def test_passwords_are_not_taken_in_the_clear_unless_that_is_allowed(tmp_path):
    make_certificate(tmp_path)
    (tmp_path / "users").write_text(f"ann:{make_hash('secret')}\n")

    async def scenario(stage):
        talk = await stage.connect(hello=None)

        assert b"AUTH" not in await talk.say(b"EHLO client.example")
        assert (await talk.say(b"AUTH PLAIN " + ANN))[:3] == b"538"

    settings = 'security = "starttls"\ncertificate = "cert.pem"\nkey = "key.pem"\n'
    perform(tmp_path, scenario, listener=settings + 'authentication = "file"\nusers = "users"\n')


def test_what_a_client_signs_in_with_is_passed_to_either_backend_as_plain(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        signed_in = [await talk.say(line) for line in (b"AUTH LOGIN", b64encode(b"ann"), b64encode(b"secret"))]
        for number in range(8):
            await talk.send(MESSAGE.replace(b"<1@", b"<%d@" % number))
        other = await stage.connect()
        await other.say(b"AUTH PLAIN " + b64encode(b"\0eve\0other"))
        await other.send(MESSAGE.replace(b"<1@", b"<99@"))

        assert signed_in[-1][:3] == b"235"
        assert b"AUTH PLAIN " + ANN in stage.old.lines
        assert b"AUTH PLAIN " + ANN in stage.new.lines
        assert b"AUTH PLAIN " + b64encode(b"\0eve\0other") in stage.old.lines
        assert stage.old.messages
        assert stage.new.messages

    offers = (*OFFERS, b"AUTH PLAIN")
    script = {"AUTH": b"235 ok\r\n"}
    perform(
        tmp_path, scenario, share=50, listener='authentication = "pass"\ncleartext_authentication = true\n',
        old=Backend("old", offers=offers, **script), new=Backend("new", offers=offers, **script),
    )  # fmt: skip


def test_a_backend_that_does_not_know_the_client_is_heard_in_its_own_words(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()

        assert await talk.say(b"AUTH PLAIN " + ANN) == b"535 5.7.8 who?\r\n"
        assert b"AUTH" not in b" ".join(stage.new.lines)

    old = Backend("old", offers=(*OFFERS, b"AUTH PLAIN"), AUTH=b"535 5.7.8 who?\r\n")
    perform(tmp_path, scenario, listener='authentication = "pass"\ncleartext_authentication = true\n', old=old)


def test_a_backend_with_a_user_of_its_own_is_told_that_one(tmp_path):
    async def scenario(stage):
        assert await (await stage.connect()).send(MESSAGE) == b"250 2.0.0 old took it\r\n"
        assert b"AUTH PLAIN " + b64encode(b"\0relay\0key") in stage.old.lines

    old = Backend("old", offers=(*OFFERS, b"AUTH PLAIN"), AUTH=b"235 ok\r\n")
    perform(tmp_path, scenario, old=old, old_settings='user = "relay"\npassword = "key"\n')


def test_a_line_of_users_that_is_none_is_named(tmp_path):
    (tmp_path / "users").write_text("# people\nann:secret\n")

    with pytest.raises(ValueError, match="users line 2"):
        Users(tmp_path / "users")


def test_the_backend_side_may_be_encrypted_and_a_wrong_certificate_is_no_backend(tmp_path):
    make_certificate(tmp_path)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")

    class Encrypted(Backend):
        async def serve(self, reader, writer):
            await writer.start_tls(server)
            await super().serve(reader, writer)

    async def taken(stage):
        assert await (await stage.connect()).send(MESSAGE) == b"250 2.0.0 old took it\r\n"

    async def refused(stage):
        assert (await (await stage.connect()).send(MESSAGE))[:3] == b"451"
        assert stage.old.messages == []

    known = 'security = "tls"\nauthority = "cert.pem"\nserver_name = "localhost"\n'
    perform(tmp_path, taken, old=Encrypted("old"), old_settings=known)
    perform(tmp_path, refused, old=Encrypted("old"), old_settings='security = "tls"\nserver_name = "localhost"\n')
    perform(tmp_path, refused, old=Encrypted("old"), old_settings=known.replace("localhost", "other.example"))


def test_starttls_towards_a_backend(tmp_path):
    make_certificate(tmp_path)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")

    class Upgrading(Backend):
        async def reply(self, writer, told):
            going_on = await super().reply(writer, told)
            if self.lines[-1:] == [b"STARTTLS"] and writer.get_extra_info("sslcontext") is None:
                await writer.start_tls(server)
            return going_on

    async def scenario(stage):
        assert await (await stage.connect()).send(MESSAGE) == b"250 2.0.0 old took it\r\n"
        assert stage.old.lines.index(b"STARTTLS") < stage.old.lines.index(b"DATA")

    known = 'security = "starttls"\nauthority = "cert.pem"\nserver_name = "localhost"\n'
    perform(tmp_path, scenario, old=Upgrading("old", offers=(*OFFERS, b"STARTTLS")), old_settings=known)


def test_a_backend_that_stopped_offering_starttls_gets_no_mail_in_the_clear(tmp_path):
    make_certificate(tmp_path)

    async def scenario(stage):
        assert (await (await stage.connect()).send(MESSAGE))[:3] == b"451"
        assert b"MAIL" not in b" ".join(stage.old.lines)

    known = 'security = "starttls"\nauthority = "cert.pem"\nserver_name = "localhost"\n'
    perform(tmp_path, scenario, old_settings=known)


def test_who_wrote_a_message_is_passed_on_from_who_signed_in_and_from_nobody_else(tmp_path):
    async def scenario(stage):
        known, stranger = await stage.connect(), await stage.connect()
        await known.say(b"AUTH PLAIN " + ANN)
        heard = []
        for talk, said in ((known, b"<>"), (known, b"ann+40x.example"), (stranger, b"ann+40x.example")):
            heard.append(await talk.say(b"MAIL FROM:<a@x.example> BODY=8BITMIME AUTH=" + said))
            await talk.say(b"RSET")

        assert [one[:3] for one in heard] == [b"250"] * 3
        said = [line.rpartition(b"AUTH=")[2] for line in stage.old.lines if line.startswith(b"MAIL")]
        assert said == [b"<>", b"ann+40x.example", b"<>"]

    offers = (*OFFERS, b"AUTH PLAIN")
    old, new = (Backend(name, offers=offers, AUTH=b"235 ok\r\n") for name in ("old", "new"))
    settings = 'authentication = "pass"\ncleartext_authentication = true\n'
    perform(tmp_path, scenario, old=old, new=new, listener=settings)


def test_who_wrote_a_message_is_kept_from_a_backend_that_does_not_ask_and_refused_where_it_was_not_offered(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()

        return await talk.say(b"MAIL FROM:<a@x.example> AUTH=<>"), stage.old.lines[-1]

    offered = perform(tmp_path, scenario, listener='authentication = "pass"\ncleartext_authentication = true\n')
    not_offered = perform(tmp_path, scenario)

    assert (offered[0][:3], offered[1]) == (b"250", b"MAIL FROM:<a@x.example>")
    assert not_offered[0][:3] == b"555"
