"""The world of the laws with its engagement cancelled and its customer erased, and what everything held before."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from core.jobs import run_job
from core.models import AuditEvent, Job
from core.record_classes import OWNER, models_of, record_classes
from engagements.domain.ask_erasure import ask_customer_erasure, ask_person_erasure
from engagements.domain.perform import perform

# What stands in the world and is theirs alone.
PLANTED = (
    "Carl Brandt",
    "carl@northlake.example",
    "Vera Holm",
    "vera@northlake.example",
    "Finn Aalto",
    "finn@northlake.example",
    "ines@northlake.example",
    "Northlake Logistics",
)
# Where they may stand afterwards, by the class that keeps them.
KEPT = {"engagements.signed", "pricing.contracts"}


@dataclass
class Found:
    model: str
    key: str
    field: str
    text: str


def cancel(engagement, *, actor):
    perform("cancel", engagement=engagement, actor=actor, note="The customer asked for it.")


def erase_customer(organization, *, owner):
    erasure = ask_customer_erasure(organization, typed=organization.name, authenticated_at=timezone.now(), actor=owner)
    return finished(erasure)


def erase_person(person, *, owner):
    return finished(ask_person_erasure(person, typed=person.email, authenticated_at=timezone.now(), actor=owner))


def finished(erasure):
    job = Job.objects.of(erasure).first()
    assert run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error_sentence
    erasure.refresh_from_db()
    return erasure


def search(*needles):
    """Every text, JSON and binary column of every table, libraries' included."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, kinds):
                yield from _texts(model, field.name, needles)
            if isinstance(field, models.BinaryField):
                yield from _bytes(model, field.name, needles)


def _texts(model, name, needles):
    rows = model._base_manager.annotate(as_text=Cast(name, TextField()))
    for needle in needles:
        for key, text in rows.filter(as_text__icontains=needle).values_list("pk", "as_text"):
            yield Found(model._meta.label, str(key), name, text[:300])


def _bytes(model, name, needles):
    for key, content in model._base_manager.values_list("pk", name).iterator(50):
        for needle in needles:
            if content and needle.encode().lower() in bytes(content).lower():
                yield Found(model._meta.label, str(key), name, needle)


def rows_of(organization):
    """Every value of every row of a customer, the ledger of its engagements included."""
    chains = [engagement.audit_chain for engagement in organization.engagements.all()]
    found = {"core.AuditEvent": list(AuditEvent.objects.filter(chain__in=chains).order_by("pk").values_list())}
    for one in record_classes():
        for model in models_of(one):
            lookup = one.models[model._meta.label]
            if lookup and lookup != OWNER:
                rows = model._base_manager.filter(**{lookup: organization.pk}).order_by("pk").values_list()
                found[model._meta.label] = [tuple(map(plain, row)) for row in rows]
    return found


def plain(value):
    return bytes(value) if isinstance(value, memoryview) else value
