"""Each kind of work finds a worker, and what may never be answered holds up nothing else."""

from core.jobs.kinds import queue_of
from core.queues import COMMON, EVERY, OUTSIDE, URGENT
from portal.up import parts


def queues_of(part):
    words = list(part.words)
    return words[words.index("-Q") + 1].split(",")


def test_every_queue_has_a_worker_and_what_waits_for_others_one_of_its_own():
    workers = {part.name: queues_of(part) for part in parts(8000) if "worker" in part.words}

    assert workers == {"worker": [COMMON, URGENT], "urgent": [URGENT], "outside": [OUTSIDE]}
    assert {queue for queues in workers.values() for queue in queues} == set(EVERY)


def test_who_asks_servers_of_others_waits_outside_and_a_rollback_does_not():
    kinds = (
        "ask_dns",
        "post_webhook",
        "post_endpoint",
        "read_mailbox",
        "roll_back",
        "change_share",
        "reconcile_traffic",
    )

    found = {name: queue_of(name) for name in kinds}

    assert found == {
        "ask_dns": OUTSIDE,
        "post_webhook": OUTSIDE,
        "post_endpoint": OUTSIDE,
        "read_mailbox": OUTSIDE,
        "roll_back": URGENT,
        "change_share": URGENT,
        "reconcile_traffic": COMMON,
    }
