"""Transactions for the tests of the journal."""

from delivery.proxy.journal import Intent

REPLY = b"250 2.0.0 Ok: queued as 4711"


def intent(journal, message_id=b"<one@shop.example>", **fields):
    sender = fields.pop("sender", b"news@shop.example")
    recipients = fields.pop("recipients", (b"ann@mail.example",))
    usual = {
        "id": journal.new_id(),
        "key": journal.key_of(sender, recipients, message_id),
        "backend": "new",
        "rule": "message",
        "client": "192.0.2.7:40312",
        "listener": "127.0.0.1:2525",
        "user": "",
        "size": 10240,
        "digest": "ab" * 16,
    }
    return Intent(**{**usual, **fields}, sender=sender, recipients=recipients, message_id=message_id)
