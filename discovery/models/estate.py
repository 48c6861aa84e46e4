"""What an instance is made of beyond its settings, in rows. What each means: discovery.postfix.estate_facts."""

from __future__ import annotations

from django.db import models

from discovery.models.inventory import InstanceFact
from discovery.models.parts import UploadPartQuerySet


class SendingAddress(InstanceFact):
    """An address mail leaves from, "" when the system chooses.

    `uses` are [transport, HELO name, file, line, file of the name, line of the name].
    """

    address = models.TextField(blank=True)
    family = models.TextField()
    reach = models.TextField()
    reason = models.TextField()
    transports = models.JSONField(default=list)
    helo_names = models.JSONField(default=list)
    uses = models.JSONField(default=list)

    objects = UploadPartQuerySet["SendingAddress"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return self.address or "chosen by the system"


class Pool(InstanceFact):
    """Transports or next hops that seem to share one task."""

    name = models.TextField()
    kind = models.TextField()
    members = models.JSONField(default=list)
    addresses = models.JSONField(default=list)
    confidence = models.TextField()
    reason = models.TextField()

    objects = UploadPartQuerySet["Pool"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return self.name


class StreamProposal(InstanceFact):
    """A stream that an upload shows; people work on the Stream with its key. `reasons` are [sentence, file, line]."""

    key = models.TextField()
    name = models.TextField()
    kind = models.TextField()
    confidence = models.TextField()
    reasons = models.JSONField(default=list)
    transports = models.JSONField(default=list)

    objects = UploadPartQuerySet["StreamProposal"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]
        indexes = [models.Index(fields=["key"], name="stream_proposal_key")]

    def __str__(self) -> str:
        return self.name


class Domain(InstanceFact):
    """A domain and what it is to the instance."""

    name = models.TextField()
    role = models.TextField()
    parameter = models.TextField(blank=True)

    objects = UploadPartQuerySet["Domain"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return self.name


class Tenant(InstanceFact):
    """Somebody whose mail seems to be kept apart."""

    name = models.TextField()
    kind = models.TextField()
    confidence = models.TextField()
    reason = models.TextField()
    members = models.JSONField(default=list)

    objects = UploadPartQuerySet["Tenant"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return self.name


class Door(InstanceFact):
    """A listener or a sending transport with its TLS and AUTH. `settings` are [name, value, file, line]."""

    direction = models.TextField()
    name = models.TextField()
    program = models.TextField()
    address = models.TextField(blank=True)
    port = models.TextField(blank=True)
    tls = models.TextField()
    protocols = models.TextField(blank=True)
    auth = models.TextField()
    mechanisms = models.JSONField(default=list)
    login = models.TextField()
    is_cleartext_auth_possible = models.BooleanField()
    is_submission = models.BooleanField()
    settings = models.JSONField(default=list)

    objects = UploadPartQuerySet["Door"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.direction})"


class Filter(InstanceFact):
    """A policy service, content filter, lookup or login server that something is handed to."""

    kind = models.TextField()
    product = models.TextField()
    function = models.TextField(blank=True)
    target = models.TextField()
    host = models.TextField(blank=True)
    port = models.TextField(blank=True)
    path = models.TextField(blank=True)
    program = models.TextField(blank=True)
    transport = models.TextField(blank=True)
    parameter = models.TextField(blank=True)
    service = models.TextField(blank=True)
    configuration = models.JSONField(default=list)
    source = models.TextField(blank=True)
    confidence = models.TextField()

    objects = UploadPartQuerySet["Filter"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return f"{self.product} at {self.target}"


class SigningKey(InstanceFact):
    """A DKIM key that some program signs with."""

    domain = models.TextField()
    selector = models.TextField()
    key_path = models.TextField(blank=True)
    product = models.TextField()
    signs = models.JSONField(default=list)
    is_key_in_bundle = models.BooleanField()

    objects = UploadPartQuerySet["SigningKey"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"
