"""The streams as parts that a signature may hold back one by one. Loaded by DiscoveryConfig.ready()."""

from collections.abc import Iterator

from discovery.models import Stream
from engagements.models import Engagement
from engagements.parts import Part, parts


def part_key(number: int) -> str:
    return f"stream-{number}"


@parts(1, 2, 3)
def streams_that_migrate(engagement: Engagement) -> Iterator[Part]:
    for stream in Stream.objects.filter(engagement=engagement, route=Stream.Route.MIGRATE).kept():
        yield Part(part_key(stream.number), str(stream))
