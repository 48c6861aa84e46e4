"""A transaction as a whole: journalled before the dot goes out, and concluded by the reply, or by its loss."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from delivery.proxy import figures
from delivery.proxy.journal import Intent, JournalUnavailable, retries
from delivery.proxy.smtp import hearing, replies
from delivery.proxy.smtp.content_stage import ContentStage
from delivery.proxy.smtp.passage import guarded
from delivery.proxy.smtp.replies import Reply
from delivery.proxy.smtp.states import DOT, FLOWING

if TYPE_CHECKING:
    from delivery.proxy.journal import Entry, Outcome

END = b".\r\n"
REFUSALS = 400


class Transaction(ContentStage):
    @property
    def awaits_journal(self) -> bool:
        return self.state == FLOWING and self.is_intended and not self.is_durable

    def _intend(self) -> None:
        if self.is_intended:
            return
        intent, earlier = self._intent(), self.earlier if self.is_fresh else self.proxy.journal.binding(self.key)
        if earlier:
            if entry := retries.repeated(self.key, earlier, intent.digest):
                self._repeat(intent, entry)
                return
            if retries.forbids(earlier, intent.digest, self.side):
                self.proxy.row[figures.IN_FLIGHT] += 1
                self._fail(replies.IN_FLIGHT)
                return
            intent = intent._replace(doubled=retries.doubled(self.key, earlier, intent.recipients, intent.digest))
        try:
            self.proxy.journal.append(intent, partial(self._became_durable, intent.id))
        except JournalUnavailable:
            self._unjournaled()
        else:
            self.is_intended = True
            if self.state == FLOWING:
                self._await_more()

    def _intent(self) -> Intent:
        envelope, body = self.envelope, self.body
        return Intent(  # in the order of its fields: by their names it takes more than twice as long
            self.attempt,
            self.key,
            self.side,
            self.rule,
            envelope.client,
            envelope.listener,
            envelope.user or "",
            envelope.sender,
            envelope.recipients,
            self.message_id,
            body.size,
            body.digest.hexdigest(),
        )

    def _repeat(self, intent: Intent, entry: Entry) -> None:
        self.proxy.journal.note(intent._replace(backend=entry.backend, rule="retry"), "repeated", entry.reply)
        self.proxy.row[figures.REPEATED] += 1
        hearing.expect(self.front, entry.id, self.key)
        self._fail(Reply(int(entry.reply[:3]), entry.reply + b"\r\n"))

    @guarded
    def _became_durable(self, attempt: str, error: JournalUnavailable | None) -> None:
        if attempt != self.attempt or not self.is_intended:
            return
        if error is None:
            self.is_durable = True
            self._end_content()
        else:
            self._unjournaled()

    def _unjournaled(self) -> None:
        self.proxy.row[figures.UNJOURNALED] += 1
        self._fail(replies.NO_JOURNAL)

    def _end_content(self) -> None:
        if self.state == FLOWING and self.is_durable and self.connection is not None:
            self._move(DOT)
            self.deadline.set(self.proxy.limits.dot)
            self.connection.ask(self.unsent + END, self._concluded)

    def _concluded(self, reply: Reply) -> None:
        connection = self.connection
        outcome: Outcome = "accepted" if reply.is_positive else "refused"
        if connection is None or not (reply.is_positive or reply.code >= REFUSALS):
            self._unknown(f"the reply to the dot was {reply.text}")
            return
        self.proxy.journal.put(self.attempt, outcome, reply.raw)  # written before the client is told: `Outgoing`
        self.proxy.row[figures.PLACE[f"{outcome}_{self.side}"]] += 1
        connection.messages, connection.resets = connection.messages + 1, 0
        connection.pool.give_back(connection)
        self.connection = None
        if not reply.is_positive:
            self._release()
        else:
            hearing.expect(self.front, self.attempt, self.key)
        self._answer(reply)

    def _unknown(self, why: str) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.owner = None
            connection.abort(why)
        self.proxy.journal.conclude(self.attempt, "unknown", b"")
        self.proxy.row[figures.UNKNOWN_NEW if self.side == "new" else figures.UNKNOWN_OLD] += 1
        self.proxy.log("unknown outcome", backend=self.side, id=self.attempt, why=why, client=self.envelope.client)
        self._answer(replies.OUTCOME_UNKNOWN)
