"""What a bundle says, in rows. Written once when it is read; every row knows its file and line.

Names and values are text without a limit: they are whatever somebody once wrote into a file.
"""

from __future__ import annotations

from django.db import models

from discovery.models.parts import Fact, UploadPart, UploadPartQuerySet


class Instance(UploadPart):
    """One Postfix instance: a main.cf, its master.cf and what they name."""

    name = models.TextField()
    config_directory = models.TextField()
    bind_addresses = models.JSONField(default=list)
    helo_names = models.JSONField(default=list)
    relay_hosts = models.JSONField(default=list)
    content_filters = models.JSONField(default=list)
    streams = models.JSONField(default=list)
    likeness = models.CharField(max_length=64, blank=True, db_index=True)  # the same for look-alike configurations
    release = models.JSONField(default=dict)  # discovery.postfix.versions.Release; {} when it was read before that

    objects = UploadPartQuerySet["Instance"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return self.name


class InstanceFact(Fact):
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class Parameter(InstanceFact):
    """One setting of main.cf that `postconf -n` prints; `is_used` is false for names nothing refers to.

    `end_line` is its last line, 0 for one that was read before that was kept.
    """

    name = models.TextField()
    value = models.TextField(blank=True)
    end_line = models.PositiveIntegerField(default=0)
    is_used = models.BooleanField(default=True)

    objects = UploadPartQuerySet["Parameter"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


class Service(InstanceFact):
    """One entry of master.cf. `overrides` are [name, value, line]."""

    name = models.TextField()
    kind = models.TextField()
    columns = models.JSONField(default=list)
    command = models.TextField()
    overrides = models.JSONField(default=list)

    objects = UploadPartQuerySet["Service"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return f"{self.name}/{self.kind}"


class MapTable(InstanceFact):
    """A lookup table that a parameter names. `source` is its file in the bundle, `entry_count` what that holds."""

    kind = models.TextField()
    path = models.TextField(blank=True)
    parameter = models.TextField()
    service = models.TextField(blank=True)
    source = models.TextField(blank=True)
    entry_count = models.PositiveIntegerField(null=True, blank=True)

    objects = UploadPartQuerySet["MapTable"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return f"{self.kind}:{self.path}"


class Milter(InstanceFact):
    """A mail filter by its socket; `product` is "custom" when the socket tells nothing."""

    product = models.TextField()
    socket = models.TextField()
    parameter = models.TextField()
    function = models.TextField(blank=True)
    service = models.TextField(blank=True)
    configuration = models.JSONField(default=list)
    source = models.TextField(blank=True)
    host = models.TextField(blank=True)
    port = models.TextField(blank=True)
    path = models.TextField(blank=True)
    program = models.TextField(blank=True)

    objects = UploadPartQuerySet["Milter"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return f"{self.product} at {self.socket}"


class Transport(InstanceFact):
    """A delivery agent of master.cf with what tells it from the others."""

    name = models.TextField()
    program = models.TextField()
    is_custom = models.BooleanField(default=False)
    bind_addresses = models.JSONField(default=list)
    helo_name = models.TextField(blank=True)
    argv = models.JSONField(default=list)
    script = models.TextField(blank=True)
    script_source = models.TextField(blank=True)
    settings = models.JSONField(default=dict)

    objects = UploadPartQuerySet["Transport"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return self.name


class Script(InstanceFact):
    """A program of the customer's own. `file` is the program itself; `roles` say who runs it, `kind` what it seems.

    `evidence` are [what, file, line, text], `callers` are [role, command, file, line].
    """

    path = models.TextField()
    language = models.TextField(blank=True)
    line_count = models.PositiveIntegerField(default=0)
    roles = models.JSONField(default=list)
    kind = models.TextField(default="other")
    confidence = models.TextField(default="guess")
    reads = models.JSONField(default=list)
    calls = models.JSONField(default=list)
    writes = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    callers = models.JSONField(default=list)

    objects = UploadPartQuerySet["Script"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return self.path


class CronJob(InstanceFact):
    schedule = models.TextField()
    command = models.TextField()
    user = models.TextField(blank=True)
    by = models.TextField(default="cron")
    kind = models.TextField(default="other")
    confidence = models.TextField(default="guess")

    objects = UploadPartQuerySet["CronJob"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return f"{self.schedule} {self.command}"


class Problem(InstanceFact):
    """Something the reader could not make sense of; reading went on."""

    kind = models.TextField()
    subject = models.TextField(blank=True)
    message = models.TextField()

    objects = UploadPartQuerySet["Problem"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return self.message


class MissingFile(Fact):
    """A file the configuration points at, at `file`:`line`, that the bundle does not hold."""

    path = models.TextField()
    parameter = models.TextField(blank=True)
    note = models.TextField(blank=True)

    objects = UploadPartQuerySet["MissingFile"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return self.path
