"""Addresses that are replaced until nothing changes: canonical(5) and virtual(5) tables, as cleanup(8) follows them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from discovery.lookup.clock import TimeOverError
from discovery.lookup.composed import Table
from discovery.lookup.desk import Desk
from discovery.lookup.keys import Key, base_of, keys_for
from discovery.lookup.lists import origin_of
from discovery.lookup.numbers import whole_number
from discovery.lookup.searching import Keeper, Round, search
from discovery.lookup.uses import VIRTUAL, Spot, Use
from discovery.postfix.braces import split_outside_braces

MOST_CANONICAL = 1000  # cleanup_map11.c
MOST_ROUNDS = 2000


@dataclass(slots=True)
class Rewriting:
    """One address on its way through the tables. `ends` is what it became, `faults` what stopped it."""

    desk: Desk
    use: Use
    spot: Spot
    tables: Sequence[Table]
    keeper: Keeper = field(default_factory=Keeper)
    rounds: list[Round] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def run(self, address: str) -> None:
        """Follow the address, and for virtual alias tables every address it becomes."""
        with suppress(TimeOverError):
            if self.use.way == VIRTUAL:
                self._expand(address)
            else:
                self.ends += self._canonical(address)
        if self.desk.clock.has_run_out:
            last = self.desk.clock.ended(address, self.spot.parameter, f"{len(self.rounds):,} searches had been made")
            self.rounds.append(Round(address, self.spot.parameter, (last,), self.spot.file, self.spot.line))

    def _canonical(self, address: str) -> list[str]:
        """canonical(5): one address for one, looked up again until it becomes itself or nothing.

        Where Postfix draws one of several, all of them end it here.
        """
        for _ in range(MOST_CANONICAL):
            became = self._once(address)
            if not became or became[0].lower() == address.lower() or self._is_over:
                return [became[0] if became else address]
            if (hit := self.rounds[-1].hit) and hit.found.drawn:
                self.faults.append("What is drawn is looked up again by Postfix; that was not followed here.")
                return became
            address = became[0]
        self._refuse(f"{self.use.parameter} nests more than {MOST_CANONICAL:,} deep")
        return [address]

    def _expand(self, address: str) -> None:
        """virtual(5): the first address takes the place of the one it came from, the others wait for their turn."""
        waiting, known_as_itself = [address], set[str]()
        most, deepest = self._limit("virtual_alias_expansion_limit"), self._limit("virtual_alias_recursion_limit")
        at = 0
        while at < len(waiting) and not self._is_over:
            if len(waiting) > most:
                self._refuse(f"it becomes more than virtual_alias_expansion_limit = {most:,} addresses")
                break
            waiting += self._descend(waiting, at, known_as_itself, deepest)
            at += 1
        self.ends += dict.fromkeys(waiting)

    def _descend(self, waiting: list[str], at: int, known_as_itself: set[str], deepest: int) -> list[str]:
        """Follow one address down its first results; what else they give is returned."""
        more: list[str] = []
        for _ in range(deepest):
            before = waiting[at].lower()
            became = [] if before in known_as_itself else self._once(waiting[at])
            if before in (each.lower() for each in became):
                known_as_itself.add(before)
            if not became or self._is_over:
                return more
            waiting[at] = became[0]
            more += became[1:]
        self._refuse(f"it nests more than virtual_alias_recursion_limit = {deepest:,} deep")
        return more

    def _once(self, address: str) -> list[str]:
        """The addresses one search gives, none where no table has it; raises TimeOverError."""
        steps = search(self.tables, self._keys(address), self.desk.clock)
        found = self.keeper.keep(address, self.spot, steps)
        self.rounds.append(found)
        if found.hit is None:
            return []
        ways = [way or address for way in found.hit.found.drawn] or [found.hit.found.value]
        targets = self.desk.clock.watch(each for way in ways for each in split_outside_braces(way))
        return list(dict.fromkeys(self._completed(each, address, found.hit.key) for each in targets))

    def _keys(self, address: str) -> Iterator[Key]:
        return keys_for(self.desk, self.use.order, address)

    def _completed(self, target: str, address: str, key: str) -> str:
        """A result as an address: `@other` keeps the local part, else an unmatched extension is carried over."""
        local, _, domain = address.rpartition("@") if "@" in address else (address, "", "")
        if target.startswith("@"):
            return f"{local}{target}"
        target = self._qualified(target)
        base = base_of(local, self.desk.scope.get("recipient_delimiter").text)
        is_unmatched = base and key.lower() in {base.lower(), f"{base}@{domain}".lower()}
        if not is_unmatched or not self._is_propagated:
            return target
        name, at, rest = target.rpartition("@")
        return f"{name}{local[len(base) :]}{at}{rest}"

    def _qualified(self, target: str) -> str:
        """trivial-rewrite(8): a bare name gets $myorigin, a domain without a dot $mydomain where that is on."""
        scope = self.desk.scope
        if "@" not in target:
            target = f"{target}@{origin_of(self.desk)}" if scope.get("append_at_myorigin").is_on else target
        domain = target.rpartition("@")[2]
        is_short = "@" in target and "." not in domain and ":" not in domain and not domain.startswith("[")
        if is_short and domain and scope.get("append_dot_mydomain").is_on:
            return f"{target}.{scope.get('mydomain').text}"
        return target

    @property
    def _is_propagated(self) -> bool:
        return self.use.way in split_outside_braces(self.desk.scope.get("propagate_unmatched_extensions").text)

    @property
    def _is_over(self) -> bool:
        if len(self.rounds) >= MOST_ROUNDS and not self.faults:
            self.faults.append(f"The lookup follows no more than {MOST_ROUNDS:,} steps; what is left was not followed.")
        return self.desk.clock.has_run_out or bool(self.faults)

    def _limit(self, name: str) -> int:
        """What a parameter allows; one that is no number, or past all that is followed here, limits nothing."""
        number = whole_number(self.desk.scope.get(name).text)
        return MOST_ROUNDS if number is None else number

    def _refuse(self, reason: str) -> None:
        self.faults.append(f"Postfix does not accept the message: {reason}. The sender has to try again later.")
