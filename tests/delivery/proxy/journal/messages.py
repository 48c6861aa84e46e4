"""Transactions for the tests of the journal."""

import asyncio

from delivery.proxy.journal import Intent, Journal

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


def played(tmp_path, play, settings=None, **options):
    """What `play(journal)` returns, with a journal that is closed in good order afterwards."""

    async def run():
        journal = Journal.open(tmp_path, settings, **options)
        try:
            return await play(journal)
        finally:
            await journal.close()

    return asyncio.run(run())
