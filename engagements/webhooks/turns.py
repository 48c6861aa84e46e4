"""Who tells and who sets an endpoint wait for each other, so that nothing falls between a round and a new endpoint."""

from __future__ import annotations

from core.turns import wait_for_shared_turn, wait_for_turn

NAME = "telling endpoints"


def wait_to_tell() -> None:
    """Until the transaction ends no endpoint is set or switched on. Others may tell meanwhile."""
    wait_for_shared_turn(NAME)


def wait_to_set() -> None:
    """Until the transaction ends nobody tells: what is committed afterwards is told to the new endpoint, too."""
    wait_for_turn(NAME)
