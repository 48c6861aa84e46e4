"""Certificates that are replaced on disk, on both sides, while the proxy runs."""

import ssl

from tests.delivery.proxy.smtp.stage import Backend, perform
from tests.delivery.proxy.smtp.test_trust import MESSAGE, make_certificate, secured

LISTENER = 'security = "starttls"\ncertificate = "cert.pem"\nkey = "key.pem"\n'


async def is_trusted(stage, context):
    talk = await stage.connect()
    await talk.say(b"STARTTLS")
    try:
        await secured(stage, context, talk)
    except ssl.SSLCertVerificationError:
        return False
    return (await talk.say(b"EHLO client.example"))[:3] == b"250"


def test_a_listener_shows_the_certificate_that_is_there_now_and_keeps_it_while_the_file_is_spoilt(tmp_path):
    before = make_certificate(tmp_path)

    async def scenario(stage):
        at_first = await is_trusted(stage, before)
        after = make_certificate(tmp_path)
        await stage.process.steering.watch.follow_files()
        renewed = await is_trusted(stage, before), await is_trusted(stage, after)
        (tmp_path / "cert.pem").write_text("nothing")
        await stage.process.steering.watch.follow_files()
        return at_first, renewed, await is_trusted(stage, after)

    assert perform(tmp_path, scenario, listener=LISTENER) == (True, (False, True), True)


def test_a_backend_is_checked_against_the_authority_that_is_there_now(tmp_path):
    make_certificate(tmp_path)

    class Encrypted(Backend):
        async def serve(self, reader, writer):
            server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            server.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
            try:
                await writer.start_tls(server)
            except (ssl.SSLError, ConnectionError):
                return
            await super().serve(reader, writer)

    async def scenario(stage):
        first = await (await stage.connect()).send(MESSAGE)
        old.folder = tmp_path / "other"
        old.folder.mkdir()
        make_certificate(old.folder)
        stage.proxy.pools["old"].close_idle()
        strange = await (await stage.connect()).send(MESSAGE.replace(b"<1@", b"<2@"))
        (tmp_path / "cert.pem").write_bytes((old.folder / "cert.pem").read_bytes())
        await stage.process.steering.watch.follow_files()
        return first, strange, await (await stage.connect()).send(MESSAGE.replace(b"<1@", b"<3@"))

    old = Encrypted("old")
    old.folder = tmp_path
    known = 'security = "tls"\nauthority = "cert.pem"\nserver_name = "localhost"\n'

    first, strange, renewed = perform(tmp_path, scenario, old, old_settings=known)

    assert first == renewed == b"250 2.0.0 old took it\r\n"
    assert strange[:3] == b"451"
