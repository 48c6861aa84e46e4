"""What each command of a client does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.proxy.envelope import Envelope
from delivery.proxy.smtp import replies
from delivery.proxy.smtp.auth import steps_of
from delivery.proxy.smtp.commands import Refused, read_command, read_recipient, read_sender, write_parameters
from delivery.proxy.smtp.extensions import OF_MAIL, OF_RCPT, check_parameters
from delivery.proxy.smtp.replies import Reply
from delivery.proxy.smtp.sign_in import take_credentials
from delivery.proxy.smtp.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from delivery.proxy.smtp.front import Session


def obey(session: Session, line: bytes) -> None:
    """`line` with its end. One reply follows, now or later."""
    text = line[:-2]
    if not line.endswith(b"\r\n") or b"\r" in text or b"\0" in text:
        session.steps = None
        session.mistake(replies.BARE_LINE_END)
        return
    try:
        if session.steps is not None:
            take_credentials(session, text)
            return
        verb, argument = read_command(text)
        COMMANDS.get(verb, not_recognised)(session, argument)
    except Refused as refused:
        session.mistake(refused.reply)


def not_recognised(session: Session, _argument: bytes) -> None:
    session.mistake(replies.NOT_RECOGNISED)


def not_implemented(session: Session, _argument: bytes) -> None:
    session.mistake(replies.NOT_IMPLEMENTED)


def hello(session: Session, argument: bytes) -> None:
    _greet(session, argument)
    session.answer(Reply(250, b"250 %b\r\n" % session.proxy.host_name))


def extended_hello(session: Session, argument: bytes) -> None:
    _greet(session, argument)
    session.offered = offered = session.proxy.offered()
    if _may_authenticate(session):
        offered[b"AUTH"] = b"PLAIN LOGIN"
    lines = [b"%b %b" % one if one[1] else one[0] for one in offered.items()]
    if session.entrance.listener.security == "starttls" and not session.is_secure:
        lines.append(b"STARTTLS")
    lines = [session.proxy.host_name, *lines]
    last = lines.pop()
    session.answer(Reply(250, b"".join(b"250-%b\r\n" % line for line in lines) + b"250 %b\r\n" % last))


def _may_authenticate(session: Session) -> bool:
    listener = session.entrance.listener
    return listener.authentication != "none" and (session.is_secure or listener.cleartext_authentication)


def _greet(session: Session, argument: bytes) -> None:
    if not argument:
        raise Refused(replies.HELLO_NEEDS_NAME)
    _forget(session)
    session.offered = {}
    session.client = session.client._replace(helo=argument.split()[0])


def _forget(session: Session) -> None:
    transaction, session.transaction = session.transaction, None
    session.has_said_mail = False
    if transaction is not None:
        transaction.end()


def mail(session: Session, argument: bytes) -> None:
    _check_may_send(session)
    session.has_said_mail = True
    sender = read_sender(argument)
    check_parameters(sender.parameters, OF_MAIL, session.offered)
    if b"AUTH" in sender.parameters and session.client.user is None:
        # Who is nobody here says nothing of who wrote it (RFC 4954 5).
        sender.parameters[b"AUTH"] = b"<>"
    if size := sender.parameters.get(b"SIZE"):
        limit = session.proxy.limits.message
        if not size.isdigit() or int(size) > limit > 0:
            raise Refused(replies.MESSAGE_TOO_BIG)
    if not session.proxy.journal.available:
        session.answer(replies.NO_JOURNAL)
        return
    client = session.client
    envelope = Envelope(
        sender=sender.address,
        client=client.address,
        helo=client.helo,
        user=client.user,
        listener=session.entrance.listener.name,
        mail_parameters=write_parameters(sender.parameters),
    )
    session.transaction = Transaction(session.proxy, session, envelope, sender)
    session.transaction.begin()


def _check_may_send(session: Session) -> None:
    listener = session.entrance.listener
    if not session.client.helo:
        raise Refused(replies.HELLO_FIRST)
    if session.transaction is not None:
        raise Refused(replies.BAD_SEQUENCE)
    if listener.requires_user and session.client.user is None:
        raise Refused(replies.AUTHENTICATE_FIRST)


def recipient(session: Session, argument: bytes) -> None:
    if session.transaction is None:
        _miss_mail(session)
        return
    path = read_recipient(argument)
    check_parameters(path.parameters, OF_RCPT, session.offered)
    session.transaction.recipient(path)


def _miss_mail(session: Session) -> None:
    """Where MAIL was refused, a client that sends ahead has said the rest already: that is no mistake of its."""
    if not session.has_said_mail:
        raise Refused(replies.BAD_SEQUENCE)
    session.answer(replies.BAD_SEQUENCE)


def content(session: Session, argument: bytes) -> None:
    if session.transaction is None:
        _miss_mail(session)
        return
    if argument:
        raise Refused(replies.NO_ARGUMENTS)
    if session.transaction.content():
        session.has_said_mail = False
        session.begin_content()


def reset(session: Session, _argument: bytes) -> None:
    _forget(session)
    session.answer(replies.OK)


def do_nothing(session: Session, _argument: bytes) -> None:
    session.answer(replies.OK)


def leave(session: Session, _argument: bytes) -> None:
    _forget(session)
    session.close(replies.BYE)


def verify(session: Session, _argument: bytes) -> None:
    session.answer(replies.CANNOT_VERIFY)


def start_tls(session: Session, argument: bytes) -> None:
    if argument:
        raise Refused(replies.NO_ARGUMENTS)
    if session.entrance.listener.security != "starttls" or session.is_secure:
        raise Refused(replies.NOT_IMPLEMENTED)
    if session.is_ahead:
        # Whoever sends more before TLS is there would have it taken for what was said inside (CVE-2011-0411).
        session.close(replies.own(501, "5.5.0", "Nothing may follow STARTTLS before TLS is there"))
        return
    _forget(session)
    # Who it is and what it may has to be said again (RFC 3207 4.2).
    session.client = session.client._replace(helo=b"", user=None, credentials=None)
    session.offered = {}
    session.write(replies.READY_FOR_TLS.raw)
    session.secure()


def authenticate(session: Session, argument: bytes) -> None:
    if session.entrance.listener.authentication == "none":
        raise Refused(replies.NOT_IMPLEMENTED)
    if session.client.user is not None:
        raise Refused(replies.ALREADY_AUTHENTICATED)
    if not session.client.helo or session.transaction is not None:
        raise Refused(replies.BAD_SEQUENCE)
    if not _may_authenticate(session):
        raise Refused(replies.ENCRYPT_FIRST)
    session.steps = steps_of(argument)
    take_credentials(session, None)


COMMANDS: dict[bytes, Callable[[Session, bytes], None]] = {
    b"MAIL": mail,
    b"RCPT": recipient,
    b"DATA": content,
    b"RSET": reset,
    b"NOOP": do_nothing,
    b"QUIT": leave,
    b"EHLO": extended_hello,
    b"HELO": hello,
    b"STARTTLS": start_tls,
    b"AUTH": authenticate,
    b"VRFY": verify,
    b"EXPN": not_implemented,
    b"HELP": not_implemented,
    b"TURN": not_implemented,
    b"ETRN": not_implemented,
    b"BDAT": not_implemented,
}
