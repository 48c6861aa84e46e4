from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When

from core.constraints import together
from discovery.estate import CLASS_LETTERS, finding_reference, jump_to
from discovery.models.upload import Upload
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from accounts.models import User

_DIGITS = 9


class Severity(models.TextChoices):
    """In the order in which they are worked on."""

    BLOCKER = "blocker", "Blocker"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"
    INFO = "info", "Info"


class Confidence(models.TextChoices):
    CERTAIN = "certain", "Certain"
    LIKELY = "likely", "Likely"
    GUESS = "guess", "Guess"


class TranslationClass(models.TextChoices):
    """What becomes of a construct on the target."""

    NATIVE = "N", "Native"
    REWRITE = "R", "Rewrite"
    CUSTOM = "C", "Custom"
    GAP = "X", "Gap"


class FindingQuerySet(EngagementPartQuerySet["Finding"]):
    def current(self) -> FindingQuerySet:
        """What the latest look at its source still shows."""
        return self.filter(gone_at=None)

    def unanswered(self) -> FindingQuerySet:
        return self.filter(state=Finding.State.OPEN)

    def urgent(self) -> FindingQuerySet:
        """What has to have an answer before the plan can be signed."""
        return self.filter(severity__in=[Severity.BLOCKER, Severity.HIGH])

    def in_state(self, state: str) -> FindingQuerySet:
        """One of State among what is still shown; "gone" is what no longer is, "all" is everything."""
        if state == "gone":
            return self.exclude(gone_at=None)
        return self if state == "all" else self.current().filter(state=state)

    def by_severity(self) -> FindingQuerySet:
        ranks = [When(severity=value, then=Value(rank)) for rank, value in enumerate(Severity.values)]
        return self.alias(rank=Case(*ranks, output_field=IntegerField())).order_by("rank", "number")

    def behind(self, finding: Finding) -> FindingQuerySet:
        """What stands behind a finding when the gravest come first, the next one first."""
        rank = Severity.values.index(finding.severity)
        return self.by_severity().filter(Q(rank__gt=rank) | Q(rank=rank, number__gt=finding.number))

    def before(self, finding: Finding) -> FindingQuerySet:
        """What stands before it, the nearest first."""
        rank = Severity.values.index(finding.severity)
        return self.by_severity().filter(Q(rank__lt=rank) | Q(rank=rank, number__lt=finding.number)).reverse()

    def of_class(self, letter: str) -> FindingQuerySet:
        """Those with a translation class, or with "none" those that have none yet."""
        return self.filter(translation_class="" if letter == "none" else letter)

    def proposing(self, whether: str) -> FindingQuerySet:
        """Those with a proposal, or with "none" those without."""
        return self.filter(proposal="") if whether == "none" else self.exclude(proposal="")

    def assigned(self, whom: str, reader: User) -> FindingQuerySet:
        """Those of "me", of "nobody", or of the person with an e-mail address."""
        if whom == "nobody":
            return self.filter(assignee=None)
        return self.filter(assignee=reader) if whom == "me" else self.filter(assignee__email__iexact=whom)

    def mentioning(self, text: str) -> FindingQuerySet:
        """Those with a text in what is said, in their line, their file or their number."""
        places = ("title", "message", "evidence", "file", "rule", "proposal", "impact")
        said = reduce(or_, (Q(**{f"{place}__icontains": text}) for place in places))
        number = text.strip().upper().removeprefix("F-")
        is_number = number.isascii() and number.isdigit() and len(number) <= _DIGITS
        return self.filter(said | Q(number=int(number)) if is_number else said)


class Finding(models.Model):
    """What a rule says about one line of one host, or about what was measured, answered or agreed.

    It keeps its number and its answer from look to look. `source` says who looked: a configuration has the uploads
    that show it, everything else has none.
    """

    class Source(models.TextChoices):
        CONFIGURATION = "configuration", "Configuration"
        LOGS = "logs", "Mail logs"
        ANSWERS = "answers", "Answers against facts"
        DRIFT = "drift", "Drift from the signed plan"
        PERSON = "person", "Noted by a person"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        DISMISSED = "dismissed", "Dismissed"

    class Dismissal(models.TextChoices):
        """Why a finding does not matter here."""

        NO_EFFECT = "no_effect", "The line has no effect on this host"
        ELSEWHERE = "elsewhere", "Already taken care of outside Postfix"
        INTENDED = "intended", "Intended, and it stays as it is"
        DUPLICATE = "duplicate", "Another finding says the same"
        MISTAKEN = "mistaken", "The rule is mistaken about this line"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField()
    host_label = models.CharField(max_length=80)
    instance_name = models.TextField(blank=True)
    rule = models.CharField(max_length=80)
    title = models.TextField()
    severity = models.CharField(max_length=8, choices=Severity)
    confidence = models.CharField(max_length=8, choices=Confidence)
    file = models.TextField(blank=True)
    line = models.PositiveIntegerField(default=0)
    evidence = models.TextField(blank=True)
    message = models.TextField()
    why = models.TextField(blank=True)
    manual = models.JSONField(default=list)
    suggested_classes = models.JSONField(default=dict)  # by target, in the words of the rule
    effort = models.PositiveIntegerField(default=0)  # units of the published table, as the rule states them
    fingerprint = models.CharField(max_length=128)
    occurrence = models.PositiveIntegerField(default=0)  # 0 unless a file says the same line more than once
    source = models.CharField(max_length=13, choices=Source, default=Source.CONFIGURATION)
    first_seen = models.ForeignKey(
        Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="first_findings"
    )
    last_seen = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    gone_since = models.ForeignKey(
        Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="resolved_findings"
    )
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    translation_class = models.CharField(max_length=1, choices=TranslationClass, blank=True)
    impact = models.TextField(blank=True)
    proposal = models.TextField(blank=True)

    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    dismissal = models.CharField(max_length=9, choices=Dismissal, blank=True)
    decision_note = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    duplicate_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_findings"
    )

    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="finding_number_once"),
            models.UniqueConstraint(
                fields=["engagement", "source", "host_label", "fingerprint", "occurrence"],
                name="finding_fingerprint_once",
                deferrable=models.Deferrable.DEFERRED,  # of two equal lines one may take over the key of the other
            ),
            together("decided_by", "decided_at", name="finding_decided_whole"),
            together("first_seen", "last_seen", name="finding_seen_whole"),
            models.CheckConstraint(
                condition=Q(source="configuration", first_seen__isnull=False)
                | (~Q(source="configuration") & Q(first_seen=None, gone_since=None)),
                name="finding_of_a_configuration_has_its_upload",
            ),
            models.CheckConstraint(
                condition=Q(gone_since=None) | Q(gone_at__isnull=False), name="finding_gone_has_its_moment"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None) | (~Q(state="open") & Q(decided_by__isnull=False)),
                name="finding_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="dismissed", dismissal__gt="") | (~Q(state="dismissed") & Q(dismissal="")),
                name="finding_dismissed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | (Q(dismissal="duplicate") & ~Q(duplicate_of=F("id"))),
                name="finding_duplicate_of_another",
            ),
        ]
        indexes = [
            models.Index(fields=["engagement", "state"], name="finding_state"),
            models.Index(  # discovery/finding_search.sql steps through the names of what rules say
                fields=["rule", "title", "engagement", "number"],
                include=["id"],
                condition=~Q(source="person"),
                name="finding_by_name",
            ),
            models.Index(fields=["engagement", "number"], condition=Q(source="person"), name="finding_noted"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        return finding_reference(self.number)

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def jump(self) -> str:
        return jump_to(self.line)

    @property
    def suggestions(self) -> list[tuple[str, str]]:
        """Target and letter, for the targets on which the rule says something becomes of the line."""
        named = [(Engagement.Target(target).label, CLASS_LETTERS.get(word)) for target, word in self._known_targets]
        return [(target, letter) for target, letter in named if letter]

    @property
    def _known_targets(self) -> list[tuple[str, str]]:
        return [pair for pair in self.suggested_classes.items() if pair[0] in Engagement.Target.values]

    @property
    def is_gone(self) -> bool:
        return self.gone_at is not None

    @property
    def is_noted(self) -> bool:
        return self.source == self.Source.PERSON

    @property
    def is_guess(self) -> bool:
        return self.confidence == Confidence.GUESS
