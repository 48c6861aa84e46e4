"""How long a delivery that was not taken waits."""

from datetime import timedelta

import pytest

from core.webhooks.posting import load_plan
from core.webhooks.sending import pause_after


@pytest.mark.parametrize("planned", load_plan().retries)
def test_a_pause_is_as_long_as_planned_and_a_little_more_by_chance(planned):
    pauses = {pause_after(planned, asked=0) for _ in range(50)}

    assert min(pauses) >= timedelta(seconds=planned)
    assert max(pauses) <= timedelta(seconds=planned * (1 + load_plan().jitter))
    assert len(pauses) > 1


def test_the_pauses_grow_and_a_longer_one_that_was_asked_for_is_kept():
    longest = max(load_plan().retries)

    assert list(load_plan().retries) == sorted(set(load_plan().retries))
    assert pause_after(5, asked=3600) >= timedelta(hours=1)
    assert pause_after(longest, asked=3600) >= timedelta(seconds=longest)
