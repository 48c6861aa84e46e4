import asyncio

from delivery.proxy.smtp.deadline import Deadline, Deadlines


def passed(*steps):
    """Runs steps that are functions of a deadline, or seconds to wait; how often it was missed."""
    missed = []

    async def run():
        deadlines = Deadlines(asyncio.get_running_loop())
        deadlines.adopt(0.01)
        deadline = Deadline(deadlines, lambda: missed.append(1))
        for step in steps:
            if callable(step):
                step(deadline)
            else:
                await asyncio.sleep(step)
        deadline.close()
        deadlines.close()

    asyncio.run(run())
    return len(missed)


def test_a_deadline_that_is_missed_is_told_once():
    assert passed(lambda one: one.set(0.01), 0.05) == 1


def test_a_deadline_that_is_moved_on_is_not_missed():
    assert passed(lambda one: one.set(0.01), lambda one: one.set(30), 0.05) == 0


def test_a_deadline_can_be_moved_forward():
    assert passed(lambda one: one.set(30), lambda one: one.set(0.01), 0.05) == 1


def test_a_deadline_that_was_cleared_or_closed_is_not_missed():
    assert passed(lambda one: one.set(0.01), lambda one: one.clear(), 0.05) == 0
    assert passed(lambda one: one.set(0.01), lambda one: one.close(), 0.05) == 0


def test_a_deadline_can_be_set_again_after_it_was_missed():
    assert passed(lambda one: one.set(0.01), 0.03, lambda one: one.set(0.01), 0.03) == 2
