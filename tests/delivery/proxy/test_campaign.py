"""The fault campaign in small; 100,000 messages are what `benchmarks/proxy_faults.py` sends."""

from collections import Counter

from tests.delivery.proxy.campaign import Campaign, judge
from tests.delivery.proxy.messages import made


def record_of(message, **told):
    record = {"message_id": message.message_id, "recipients": list(message.recipients), "digest": message.digest}
    return {**record, **told}


def judged(messages, old=(), new=(), refused=(), entries=()):
    ended = {(one.number, who): "250 ok" for one in messages for who in one.recipients}
    ended |= {(one.number, who): "550 no" for one in refused for who in one.recipients}
    return judge(messages, ended, {"old": list(old), "new": list(new)}, list(entries))


def test_the_judge_finds_what_was_lost_doubled_changed_refused_and_on_both_sides():
    a, b, c, d, e = singles(5)

    said = judged(
        [a, b, c, d, e],
        old=[record_of(b), record_of(c), record_of(c), record_of(d, digest="another")],
        new=[record_of(b), record_of(e)],
        refused=[e],
    )

    assert (said["lost"], said["both sides"], said["doubled"]) == (1, 1, 1)
    assert [one[:2] for one in said["doubled without a reason"]] == [("old", c.message_id.strip("<>"))]
    assert (said["changed on the way"], said["refused but taken"]) == (1, 1)


def singles(count):
    return [one for one in made(40, 1) if len(one.recipients) == 1][:count]


def test_the_judge_takes_an_unknown_outcome_for_a_reason_on_the_same_side_only():
    (a,) = singles(1)
    unknown = {"message_id": a.message_id, "backend": "old", "outcome": "unknown"}

    said = judged([a], old=[record_of(a)] * 2, entries=[unknown])
    elsewhere = judged([a], old=[record_of(a)] * 2, entries=[unknown | {"backend": "new"}])

    assert (said["doubled"], said["doubled without a reason"]) == (1, [])
    assert len(elsewhere["doubled without a reason"]) == 1


def test_the_judge_knows_a_refusal_that_came_after_an_unknown_outcome():
    (a,) = singles(1)
    unknown = {"message_id": a.message_id, "backend": "old", "outcome": "unknown"}

    known = judged([a], old=[record_of(a)], refused=[a], entries=[unknown])
    never = judged([a], old=[record_of(a)], refused=[a])

    assert (known["refused but taken"], known["refused after an unknown outcome"]) == (0, 1)
    assert (never["refused but taken"], never["refused after an unknown outcome"]) == (1, 0)


def test_kills_hangs_refusals_a_full_disk_and_clock_jumps_lose_nothing_and_double_nothing_silently(tmp_path):
    campaign = Campaign(tmp_path, count=400, faults=9, seed=11)

    said = campaign.run(longest=90)

    assert_nothing_went_wrong(said)
    assert Counter(said["faults"]) == Counter(kind.__name__ for kind in (campaign.kinds * 2)[:9])


def test_with_real_servers_behind_it_nothing_is_lost_either(tmp_path):
    campaign = Campaign(tmp_path, count=200, faults=7, seed=12, with_peers=True)

    said = campaign.run(longest=60)

    assert_nothing_went_wrong(said)
    assert sum(said["faults"].values()) == 7


def test_of_two_processes_each_knows_what_the_other_did(tmp_path):
    campaign = Campaign(tmp_path, count=200, faults=8, seed=13, more="processes = 2\n")

    said = campaign.run(longest=60)

    assert_nothing_went_wrong(said)
    assert said["faults"]["kill_proxy"] == 3


def assert_nothing_went_wrong(said):
    assert said["lost"] == said["both sides"] == said["refused but taken"] == said["changed on the way"] == 0
    assert said["doubled without a reason"] == []
    assert said["undecided"] == 0
    assert said["accepted"] + said["refused"] == said["recipients"]
