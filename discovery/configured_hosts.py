"""What the current configurations of an engagement say about the logs of their hosts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from discovery.maillog.configured import configured, put_together
from discovery.models import Parameter, Service

if TYPE_CHECKING:
    from discovery.maillog.configured import Configured, Row
    from discovery.models.upload import UploadQuerySet

Instance = tuple[int, int | None]  # an upload and an instance in it


def configured_hosts(uploads: UploadQuerySet) -> dict[str, Configured]:
    """By host. Three queries."""
    parameters: defaultdict[Instance, dict[str, str]] = defaultdict(dict)
    for upload, instance, name, value in Parameter.objects.filter(upload__in=uploads).values_list(
        "upload_id", "instance_id", "name", "value"
    ):
        parameters[upload, instance][name] = value
    services: defaultdict[Instance, list[Row]] = defaultdict(list)
    for row in Service.objects.filter(upload__in=uploads):
        overrides = {name: value for name, value, *_ in row.overrides}
        services[row.upload_id, row.instance_id].append((row.name, row.kind, row.command, overrides))
    hosts = dict(uploads.values_list("pk", "host_label"))
    found: defaultdict[str, list[Configured]] = defaultdict(list)
    for key in parameters.keys() | services.keys():
        found[hosts[key[0]]].append(configured(parameters[key], services[key]))
    return {host: put_together(found[host]) for host in hosts.values()}
