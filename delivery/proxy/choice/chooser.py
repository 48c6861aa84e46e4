"""Chooses the backend of a transaction, as far as that is known, at three points of the dialogue.

    choice = chooser.provisional(envelope)            # before MAIL is answered
    choice = chooser.at_recipient(envelope)           # at the first RCPT, unless settled
    chooser.fits(envelope, recipient)                 # each further RCPT: False asks for 452 4.5.3
    choice = chooser.settled(envelope, header)        # header block complete, unless settled; this one is final
    chooser.release(choice)                           # where the message was not accepted after all

Nothing here waits, and a decision that control made counts from the next call on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from delivery.proxy.choice.headers import field_of, identity_of
from delivery.proxy.choice.matching import Stage, domain_of, fits_header, fits_recipient, fits_session
from delivery.proxy.choice.split import ANY, Condition, Rule, Split
from delivery.proxy.choice.weight import position_of

if TYPE_CHECKING:
    from delivery.proxy.choice.caps import Caps
    from delivery.proxy.choice.split import Cap
    from delivery.proxy.control.standing import Standing
    from delivery.proxy.envelope import Backend, Envelope

Need = Literal["", "recipient", "header"]
ALL = 100.0
HALF = 50.0


@dataclass(frozen=True, slots=True)
class Choice:
    """`settled` means final. Until then `backend` is the likelier side, and `needs` says what is still to be seen.

    `taken` is what `release` gives back: the cap that was counted, the provider and the number of recipients.
    """

    backend: Backend
    rule: str
    settled: bool
    why: str
    needs: Need = ""
    taken: tuple[Cap, str, int] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a transaction at a stage of it."""

    envelope: Envelope
    stage: Stage
    recipient: bytes = b""
    header: bytes = b""


class Route:
    """A rule with the choices that can come of it, made once."""

    def __init__(self, rule: Rule, why: str = "") -> None:
        self.rule = rule
        why = why or f"{rule.new:g} % to the new side by {rule.by}"
        self.old = Choice("old", rule.name, settled=True, why=why)
        self.new = replace(self.old, backend="new")
        self.full = replace(self.old, why="the cap of the new side is reached")
        likelier = self.new if rule.new > HALF else self.old
        self.guesses = {
            "recipient": replace(likelier, settled=False, needs="recipient"),
            "header": replace(likelier, settled=False, needs="header"),
        }


class Chooser:
    def __init__(self, split: Split, standing: Standing, caps: Caps) -> None:
        self._standing, self._caps = standing, caps
        self.adopt(split)

    def adopt(self, split: Split) -> None:
        """Another configuration, from the next call on."""
        self.split, self._seed = split, split.seed.encode()
        self._prepare()

    def _prepare(self) -> None:
        self._turn = self._standing.turn
        self.decisions = self._standing.read()
        self.routes = self._routes()
        self._looks_at_recipients = any(
            route.rule.condition.needs_recipient or route.rule.cap or route.rule.by == "domain" for route in self.routes
        )

    def _routes(self) -> tuple[Route, ...]:
        split, everything, by = self.split, self.decisions.everything, self.decisions.by
        if everything is None:
            rules = (*split.stay, *split.rules, split.rest)
            return tuple(Route(replace(one, new=self.decisions.weight_of(one.name, one.new))) for one in rules)
        last = Route(Rule(by, ALL if everything == "new" else 0.0, "sender"), f"everything to the {everything} side")
        return (last,) if everything == "old" else (*map(Route, split.stay), last)

    def provisional(self, envelope: Envelope) -> Choice:
        return self._choose(Known(envelope, Stage.MAIL))

    def at_recipient(self, envelope: Envelope) -> Choice:
        return self._choose(Known(envelope, Stage.RECIPIENT, envelope.recipients[0]))

    def settled(self, envelope: Envelope, header: bytes) -> Choice:
        return self._choose(Known(envelope, Stage.HEADER, envelope.recipients[0], header))

    def fits(self, envelope: Envelope, recipient: bytes) -> bool:
        """Whether a further recipient can go with the first one, whatever the header will say."""
        if not self._looks_at_recipients:
            return True
        first, further = (
            self._choose(Known(envelope, Stage.RECIPIENT, one)) for one in (envelope.recipients[0], recipient)
        )
        if first.settled and further.settled:
            return first.backend == further.backend
        return self._mark(envelope.recipients[0]) == self._mark(recipient)

    def release(self, choice: Choice) -> None:
        if choice.taken:
            self._caps.give_back(*choice.taken)

    def _choose(self, known: Known) -> Choice:
        if self._standing.turn != self._turn:
            self._prepare()
        for route in self.routes:
            condition = route.rule.condition
            need = "" if condition is ANY else self._missing(condition, known)
            if need is not None:
                return route.guesses[need] if need else self._weigh(route, known)
        raise AssertionError("the last route fits everything")

    def _missing(self, condition: Condition, known: Known) -> Need | None:
        """None where the condition does not fit; empty where it fits; otherwise what is not yet known."""
        need: Need = ""
        if not fits_session(condition, known.envelope):
            return None
        if condition.needs_recipient:
            if known.stage < Stage.RECIPIENT:
                need = "recipient"
            elif not fits_recipient(condition, domain_of(known.recipient), self.split.providers):
                return None
        if condition.headers:
            if known.stage < Stage.HEADER:
                return need or "header"
            return "" if fits_header(condition, known.header) else None
        return need

    def _weigh(self, route: Route, known: Known) -> Choice:
        rule = route.rule
        if rule.new <= 0:
            return route.old
        if rule.cap and known.stage < Stage.HEADER:
            return route.guesses["header"]
        if rule.new < ALL:
            key = self._key(rule, known)
            if key is None:
                return route.guesses["recipient" if rule.by == "domain" else "header"]
            if position_of(rule.by, key, self._seed) >= rule.new:
                return route.old
        return self._capped(route, rule.cap, known) if rule.cap else route.new

    def _capped(self, route: Route, cap: Cap, known: Known) -> Choice:
        provider, count = self.split.providers.of(domain_of(known.recipient)), len(known.envelope.recipients)
        if self._caps.take(cap, provider, count):
            return replace(route.new, taken=(cap, provider, count))
        return route.full

    def _key(self, rule: Rule, known: Known) -> bytes | None:
        """None where it cannot be known yet."""
        match rule.by:
            case "message":
                return identity_of(known.header) if known.stage == Stage.HEADER else None
            case "sender":
                return known.envelope.sender.lower()
            case "sender-domain":
                return domain_of(known.envelope.sender).encode()
            case "domain":
                return domain_of(known.recipient).encode() if known.stage >= Stage.RECIPIENT else None
            case "stream":
                return self._stream(known)

    def _stream(self, known: Known) -> bytes | None:
        """What the header of streams says; without one, who signed in or where the mail came in."""
        name = self.split.stream_header.encode()
        if name and known.stage < Stage.HEADER:
            return None
        said = field_of(known.header, name) if name else None
        return said or (known.envelope.user or known.envelope.listener).encode()

    def _mark(self, recipient: bytes) -> tuple[object, ...]:
        """What the recipient decides of a transaction: recipients with the same mark go the same way."""
        domain, providers = domain_of(recipient), self.split.providers
        rules = [route.rule for route in self.routes]
        return (
            *(fits_recipient(rule.condition, domain, providers) for rule in rules if rule.condition.needs_recipient),
            domain if any(rule.by == "domain" and 0 < rule.new < ALL for rule in rules) else "",
            providers.of(domain) if any(rule.cap for rule in rules) else "",
        )
