"""The fault campaign against the routing proxy, by seed: what was lost, doubled or delivered to both sides.

    .venv/bin/python -m benchmarks.proxy_faults [messages] [seed] [peers]

Kills the proxy and its backends (-9), stops backends, reloads other weights, fills the disk, moves the clock, and
lets backends hang, refuse and reset at every step, while clients try again as Postfix does or go away at the worst
moment. The last line is JSON; the program ends with 1 where anything was lost, on both sides, or doubled without an
unknown outcome. With `peers` the backends are Postfix's smtp-sink and aiosmtpd, which are killed and stopped only.
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.delivery.proxy.campaign import Campaign

MESSAGES = 100_000
EACH = 1_000  # messages between two faults
NEVER = ("lost", "both sides", "refused but taken", "changed on the way", "undecided", "faults of the proxy itself")


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory(prefix="gatepost-faults-") as folder:
        faults, with_peers = count // EACH, "peers" in sys.argv
        campaign = Campaign(Path(folder), count=count, faults=faults, seed=seed, with_peers=with_peers)
        said = campaign.run(longest=60 + count / 50)
    per_million = said["doubled"] / said["recipients"] * 1e6
    print(f"{said['messages']} messages, {sum(said['faults'].values())} faults, seed {seed}: {said['rate']} a second")
    print(f"lost {said['lost']}, on both sides {said['both sides']}")
    print(f"doubled {said['doubled']} ({per_million:.0f} a million), unexplained {said['doubled without a reason']}")
    print(json.dumps({"seed": seed, **said}))
    return int(any(said[name] for name in NEVER) or bool(said["doubled without a reason"]))


if __name__ == "__main__":
    sys.exit(main())
