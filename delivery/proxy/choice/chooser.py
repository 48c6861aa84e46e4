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
from delivery.proxy.choice.matching import domain_of, fits_header, fits_recipient, fits_session
from delivery.proxy.choice.split import ANY, Rule, Split
from delivery.proxy.choice.weight import position_of
from delivery.proxy.envelope import Envelope

if TYPE_CHECKING:
    from delivery.proxy.choice.caps import Caps
    from delivery.proxy.choice.split import Cap
    from delivery.proxy.control.standing import Standing
    from delivery.proxy.envelope import Backend

Need = Literal["", "recipient", "header"]
NOTHING: Need = ""
ALL = 100.0
HALF = 50.0
# What is known: the sender; the first recipient too; all recipients and the header too.
MAIL, RECIPIENT, HEADER = range(3)


@dataclass(frozen=True, slots=True)
class Choice:
    """`settled` means final. Until then `backend` is the likelier side, and `needs` says what is still to be seen.

    `taken` is what `release` gives back: the cap that was counted, the provider, the number of recipients, and when.
    """

    backend: Backend
    rule: str
    settled: bool
    why: str
    needs: Need = ""
    taken: tuple[Cap, str, int, float] | None = None


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
        self.unasked = replace(self.old, settled=False, needs="recipient")
        self.uncounted = replace(self.new, settled=False, needs="header")
        condition = rule.condition
        self.is_conditional = condition is not ANY
        self.asks_session = bool(condition.senders or condition.listeners or condition.users or condition.clients)
        self.asks_recipient = condition.needs_recipient
        self.asks_header = bool(condition.headers)
        self.is_divided = 0 < rule.new < ALL


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
            route.asks_recipient or route.rule.cap or route.rule.by == "domain" for route in self.routes
        )
        self._early = self._known_beforehand(self.routes[0])

    def _known_beforehand(self, first: Route) -> Choice | None:
        """What is answered at MAIL where nothing of the transaction has a part in it."""
        if first.is_conditional or (first.is_divided and first.rule.by in {"sender", "sender-domain"}):
            return None
        return self._weigh(first, MAIL, Envelope(), "", b"")

    def _routes(self) -> tuple[Route, ...]:
        split, everything, by = self.split, self.decisions.everything, self.decisions.by
        if everything is None:
            rules = (*split.stay, *split.rules, split.rest)
            return tuple(Route(replace(one, new=self.decisions.weight_of(one.name, one.new))) for one in rules)
        last = Route(Rule(by, ALL if everything == "new" else 0.0, "sender"), f"everything to the {everything} side")
        return (last,) if everything == "old" else (*map(Route, split.stay), last)

    def refresh(self) -> None:
        """What control decided since the last look counts from here on."""
        if self._standing.turn != self._turn:
            self._prepare()

    def provisional(self, envelope: Envelope) -> Choice:
        self.refresh()
        return self._early or self._choose(MAIL, envelope, "", b"")

    def at_recipient(self, envelope: Envelope) -> Choice:
        return self._choose(RECIPIENT, envelope, domain_of(envelope.recipients[0]), b"")

    def settled(self, envelope: Envelope, header: bytes) -> Choice:
        domain = domain_of(envelope.recipients[0]) if self._looks_at_recipients else ""
        return self._choose(HEADER, envelope, domain, header)

    def fits(self, envelope: Envelope, recipient: bytes) -> bool:
        """Whether a further recipient can go with the first one, whatever the header will say."""
        if not self._looks_at_recipients:
            return True
        domains = domain_of(envelope.recipients[0]), domain_of(recipient)
        if domains[0] == domains[1]:
            return True
        first, further = (self._choose(RECIPIENT, envelope, domain, b"") for domain in domains)
        if first.settled and further.settled:
            return first.backend == further.backend
        return self._mark(domains[0]) == self._mark(domains[1])

    def release(self, choice: Choice) -> None:
        if choice.taken:
            self._caps.give_back(*choice.taken)

    def _choose(self, stage: int, envelope: Envelope, domain: str, header: bytes) -> Choice:
        self.refresh()
        for route in self.routes:
            need = self._missing(route, stage, envelope, domain, header) if route.is_conditional else ""
            if need is not None:
                return route.guesses[need] if need else self._weigh(route, stage, envelope, domain, header)
        raise AssertionError("the last route fits everything")

    def _missing(self, route: Route, stage: int, envelope: Envelope, domain: str, header: bytes) -> Need | None:
        """None where the condition does not fit; empty where it fits; otherwise what is not yet known."""
        condition, need = route.rule.condition, NOTHING
        if route.asks_session and not fits_session(condition, envelope):
            return None
        if route.asks_recipient:
            if stage < RECIPIENT:
                need = "recipient"
            elif not fits_recipient(condition, domain, self.split.providers):
                return None
        if route.asks_header:
            if stage < HEADER:
                return need or "header"
            return NOTHING if fits_header(condition, header) else None
        return need

    def _weigh(self, route: Route, stage: int, envelope: Envelope, domain: str, header: bytes) -> Choice:
        rule = route.rule
        if rule.new <= 0:
            return route.old
        if rule.cap and stage < HEADER and (early := self._early_capped(route, rule.cap, stage, domain)):
            return early
        if route.is_divided:
            key = self._key(rule, stage, envelope, domain, header)
            if key is None:
                return route.guesses["recipient" if rule.by == "domain" else "header"]
            if position_of(rule.by, key, self._seed) >= rule.new:
                return route.old
        if rule.cap is None:
            return route.new
        return self._capped(route, rule.cap, envelope, domain) if stage == HEADER else route.uncounted

    def _early_capped(self, route: Route, cap: Cap, stage: int, domain: str) -> Choice | None:
        """Most of a day a warm-up is full: the new side is then not even asked."""
        if stage < RECIPIENT:
            return route.unasked
        return None if self._caps.has_room(cap, self.split.providers.of(domain), 1) else route.full

    def _capped(self, route: Route, cap: Cap, envelope: Envelope, domain: str) -> Choice:
        provider, count, now = self.split.providers.of(domain), len(envelope.recipients), self._caps.now()
        if self._caps.take(cap, provider, count):
            return replace(route.new, taken=(cap, provider, count, now))
        return route.full

    def _key(self, rule: Rule, stage: int, envelope: Envelope, domain: str, header: bytes) -> bytes | None:
        """None where it cannot be known yet."""
        match rule.by:
            case "message":
                return identity_of(header) if stage == HEADER else None
            case "sender":
                return envelope.sender.lower()
            case "sender-domain":
                return domain_of(envelope.sender).encode()
            case "domain":
                return domain.encode() if stage >= RECIPIENT else None
            case "stream":
                return self._stream(stage, envelope, header)

    def _stream(self, stage: int, envelope: Envelope, header: bytes) -> bytes | None:
        """What the header of streams says; without one, who signed in or where the mail came in."""
        name = self.split.stream_header.encode()
        if name and stage < HEADER:
            return None
        said = field_of(header, name) if name else None
        return said or (envelope.user or envelope.listener).encode()

    def _mark(self, domain: str) -> tuple[object, ...]:
        """What the recipient's domain decides: recipients with the same mark go the same way."""
        providers, rules = self.split.providers, [route.rule for route in self.routes]
        return (
            *(fits_recipient(rule.condition, domain, providers) for rule in rules if rule.condition.needs_recipient),
            domain if any(route.is_divided and route.rule.by == "domain" for route in self.routes) else "",
            providers.of(domain) if any(rule.cap for rule in rules) else "",
        )
