"""How a watch stands: each rule at each provider, and for each stream there, against the same hours of the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.shares import share_text
from core.wording import day_text, span_text
from delivery.models import Baseline, Cutover, InsightCard, Watch
from delivery.placement_state import placement_after, results_by_key
from delivery.watch.book import load_watch
from delivery.watch.judging import Mark, Seen, is_crossed, judge
from discovery.maillog.streams import stream_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from delivery.watch.book import Rule
    from delivery.watch_figures import Material
    from engagements.models import Engagement

PLACEMENT = "placement"
OF_ALL_PROVIDERS = frozenset({"blocked"})  # a mail log keeps its kinds of refusal for all of them together
Key = tuple[str, str, str]  # rule, provider, stream


@dataclass(frozen=True, slots=True)
class Standing:
    """`seen` is over the last days that a page shows, `is_crossed` over the span of the rule."""

    rule: Rule
    provider: str
    stream: str
    seen: Seen
    is_crossed: bool
    said: str = ""  # where it is crossed
    through: date | None = None

    @property
    def key(self) -> Key:
        return self.rule.key, self.provider, self.stream

    @property
    def wider(self) -> Key | None:
        """What says it of the whole provider, and then speaks for this as well."""
        return (self.rule.key, self.provider, "") if self.stream and self.rule.by_stream else None


@dataclass(frozen=True, slots=True)
class Age:
    """How old the logs of the new route are. Old ones never look like good ones."""

    until: datetime | None
    now: datetime
    is_over: bool = False  # they hold the watch to its end: nothing newer is waited for

    @property
    def is_stale(self) -> bool:
        if self.until is None:
            return True
        return not self.is_over and self.now - self.until > timedelta(hours=load_watch().stale_hours)

    @property
    def words(self) -> str:
        if self.until is None:
            return "No log of the new route has been read"
        return f"Data until {span_text(self.now - self.until)} ago"


def current_watch(engagement: Engagement) -> Watch | None:
    """The newest agreement of a cutover that stands."""
    watches = Watch.objects.filter(engagement=engagement, cutover__fallen_back_at=None)
    watch = watches.select_related("baseline", "cutover", "agreed_by").first()
    if watch:
        watch.engagement = engagement
    return watch


def newest_baseline(engagement: Engagement) -> Baseline | None:
    return Baseline.objects.filter(engagement=engagement).select_related("frozen_by").first()


def cutover_done(engagement: Engagement) -> Cutover | None:
    done = Cutover.objects.filter(engagement=engagement, done_at__isnull=False, fallen_back_at=None)
    return done.select_related("ramp__stream").first()


def age_of(material: Material) -> Age:
    end = material.frozen.local(material.watch.begins_at).date() + timedelta(days=material.watch.days)
    return Age(material.until, timezone.now(), is_over=end in material.reached)


def standings_of(material: Material, after: Mapping[Key, date] | None = None) -> list[Standing]:
    """Providers largest first, then the rules as the book has them. `after` leaves out days by key, for new cards."""
    known = after or {}
    traffic = [
        _standing(material, (rule, provider, ""), known.get((rule.key, provider, "")))
        for provider in ["", *material.providers]
        for rule in load_watch().rules
        if rule.key != PLACEMENT and (rule.key in OF_ALL_PROVIDERS) is not bool(provider)
    ]
    return [*traffic, *_streams(material, known), *_placements(material, known)]


def _streams(material: Material, known: Mapping[Key, date]) -> Iterator[Standing]:
    """Streams largest first. What was known of the whole provider was known of them."""
    for stream in material.told_streams:
        for provider in material.providers_of(stream):
            for rule in load_watch().rules:
                if rule.by_stream:
                    closed = [known.get((rule.key, provider, each)) for each in ("", stream)]
                    after = max((day for day in closed if day), default=None)
                    yield _standing(material, (rule, provider, stream), after)


def _standing(material: Material, about: tuple[Rule, str, str], after: date | None) -> Standing:
    """`about` a rule, a provider and a stream."""
    rule, provider, stream = about
    seen = judge(rule, material.counts(rule, provider, material.shown, stream))
    span = [day for day in material.reached[-rule.days :] if after is None or day > after]
    each = [material.counts(rule, provider, [day], stream) for day in span]
    whole = material.counts(rule, provider, span, stream)
    if not is_crossed(rule, each, whole):
        through = material.reached[-1] if material.reached else None
        return Standing(*about, seen, is_crossed=False, through=through)
    said = crossed_words(rule, where_words(provider, stream), judge(rule, whole), span)
    return Standing(*about, seen, is_crossed=True, said=said, through=span[-1])


def _placements(material: Material, after: Mapping[Key, date]) -> Iterator[Standing]:
    rule = load_watch().rule(PLACEMENT)
    for (provider, stream), results in results_by_key(material.watch.engagement_id).items():
        found = placement_after(material.watch, (provider, stream), results, None)
        judged = placement_after(material.watch, (provider, stream), results, after.get((PLACEMENT, provider, stream)))
        crossed = judged.seen.mark is Mark.DRIFTED
        said = ""
        if crossed and judged.now is not None and judged.before is not None and judged.last:
            said = (
                f"{share_text(judged.now)} of {judged.sent:,} seeds came into the inbox, tests until "
                f"{day_text(judged.last)}; {share_text(judged.before)} of {judged.sent_before:,} did before the "
                f"cutover. {judged.seen.why}"
            )
        yield Standing(rule, provider, stream, found.seen, is_crossed=crossed, said=said, through=judged.last)


def where_words(provider: str, stream: str) -> str:
    where = f"at {provider}" if provider else "at all providers"
    return f"of {stream_label(stream)} {where}" if stream else where


def crossed_words(rule: Rule, where: str, seen: Seen, span: Sequence[date]) -> str:
    """What a card says. `seen` is over the whole span."""
    counts = seen.counts
    if counts is None or counts.now is None:
        return ""
    which = f"on each of {len(span)} days" if rule.each and len(span) > 1 else f"over {len(span)} days"
    when = f"{day_text(span[0])} to {day_text(span[-1])}" if len(span) > 1 else day_text(span[0])
    before = "" if counts.before is None else f" The baseline of the same hours is {share_text(counts.before)}."
    return f"{share_text(counts.now)} of {counts.of:,} {rule.unit} {where}, {which}: {when}.{before} {seen.why}"


def judged_through(engagement: Engagement) -> dict[Key, date]:
    """Up to which day closed cards have had their say."""
    closed = InsightCard.objects.filter(engagement=engagement, judged_through__isnull=False).order_by("number")
    return {(card.rule, card.provider, card.stream): card.judged_through for card in closed if card.judged_through}
