"""Facts of an estate that pages on pools, DNS and bounces are made of, as rows of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.content.estate_rows import Row, once

if TYPE_CHECKING:
    from discovery.estate import Estate
    from discovery.estate import Row as Fact
    from reports.content.estate_rows import Numbers

READS_WHAT_COMES_BACK = frozenset({"bounce_processor", "fbl_reader"})


def _row(fact: Fact, numbers: Numbers, name: str, *detail: str) -> Row:
    return Row(fact.host, name, tuple(detail), numbers[fact.host], fact.place)


def addresses(facts: Estate, numbers: Numbers) -> list[Row]:
    """`detail`: transports, names in HELO, reach."""
    return once(
        [
            _row(
                fact,
                numbers,
                fact.values["address"],
                ", ".join(fact.values["transports"]),
                ", ".join(fact.values["helo_names"]),
                fact.values["reach"],
            )
            for fact in facts.addresses
            if fact.values["address"]
        ]
    )


def pools(facts: Estate, numbers: Numbers) -> list[Row]:
    """`detail`: members, addresses, why they are taken for a pool."""
    return once(
        [
            _row(
                fact,
                numbers,
                fact.values["name"],
                ", ".join(fact.values["members"]),
                ", ".join(fact.values["addresses"]),
                fact.values["reason"],
            )
            for fact in facts.pools
        ]
    )


def domains(facts: Estate, numbers: Numbers) -> list[Row]:
    """`detail`: role, parameter."""
    return once(
        [
            _row(fact, numbers, fact.values["name"], fact.values["role"], fact.values["parameter"])
            for fact in facts.domains
        ]
    )


def filters(facts: Estate, numbers: Numbers) -> list[Row]:
    """`detail`: kind, where it is reached, what it does."""
    return once(
        [
            _row(
                fact,
                numbers,
                fact.values["product"],
                fact.values["kind"],
                fact.values["target"],
                fact.values["function"],
            )
            for fact in facts.filters
        ]
    )


def signing_keys(facts: Estate, numbers: Numbers) -> list[Row]:
    """`detail`: selector, program that signs, path of the key."""
    return once(
        [
            _row(
                fact,
                numbers,
                fact.values["domain"],
                fact.values["selector"],
                fact.values["product"],
                fact.values["key_path"],
            )
            for fact in facts.signing_keys
        ]
    )


def programs(facts: Estate, numbers: Numbers) -> list[Row]:
    """Programs that seem to read bounces or complaints. `detail`: kind, language or schedule, who runs it."""
    scripts = [
        _row(
            fact,
            numbers,
            fact.values["path"],
            fact.values["kind"],
            fact.values["language"],
            ", ".join(fact.values["roles"]),
        )
        for fact in facts.scripts
        if fact.values["kind"] in READS_WHAT_COMES_BACK
    ]
    jobs = [
        _row(fact, numbers, fact.values["command"], fact.values["kind"], fact.values["schedule"], fact.values["by"])
        for fact in facts.cron_jobs
        if fact.values["kind"] in READS_WHAT_COMES_BACK
    ]
    return once(scripts + jobs)
