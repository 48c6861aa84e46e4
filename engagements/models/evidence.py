from __future__ import annotations

from django.db import models


class ActOrigin(models.Model):
    """From where somebody acted, and what proved who they are."""

    authentication = models.CharField(max_length=120)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)

    class Meta:
        abstract = True


class SignatureEvidence(ActOrigin):
    """What every signature keeps: who, when, how proved, over which bytes, under which words.

    A model of signatures adds who signed (`signed_by`), what is signed, and the trigger that keeps its rows as written.
    """

    reference = models.CharField(max_length=20, unique=True)
    document_digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signer_label = models.CharField(max_length=250)
    typed_name = models.CharField(max_length=120)
    role_title = models.CharField(max_length=120)
    statement = models.TextField()
    statement_version = models.CharField(max_length=20)
    authenticated_at = models.DateTimeField()
    chain_digest = models.CharField(max_length=64)  # head of the engagement's ledger with this signature in it

    class Meta:
        abstract = True
