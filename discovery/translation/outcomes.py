"""The map of one target: each detected construct exactly once, with the lines it became or why it became none.

A construct is written, not translated, or dropped. Written means that some line of the target was made of it; what that
line does not hold of it is told beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from discovery.postfix import Bundle, Report
from discovery.translation.constructs import Classified, Construct
from discovery.translation.coverage import letter_of
from discovery.translation.detection.bench import Bench
from discovery.translation.detection.found import (
    ARGUMENT,
    COLUMN,
    MAP_TYPE,
    OVERRIDE,
    PARAMETER,
    RESTRICTION,
    SERVICE,
)
from discovery.translation.detection.table_actions import rows_by_action
from discovery.translation.emission import Emission
from discovery.translation.sending import Origin
from discovery.translation.traffic import UNKNOWN, Traffic
from discovery.translation.treatments import DROPPED, NATIVE, Treatment

NOT_CLASSIFIED = "Nobody has said yet what becomes of this: it blocks the plan until the dictionary has a row for it."
BY_HAND = "The target has {names} for this; no line is written for it, so it is set by hand."
AGAINST = (
    "{reference} gives this the class {letter}, and the generator writes lines for it nevertheless: "
    "check these lines by hand, or take them out."
)
SOME_ROWS = "{written} of {all} rows are written; the others are told one by one."
WHOLE = "*"


class Fate(StrEnum):
    """What became of a construct."""

    WRITTEN = "written"
    LEFT = "not translated"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Written:
    """A line of a target's file, its number counted from 1."""

    path: str
    number: int
    text: str

    def as_json(self) -> dict[str, Any]:
        return {"file": self.path, "line": self.number, "text": self.text}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One construct on one target. `reasons` say what is left out of it; where nothing is written there is one."""

    classified: Classified
    target: str
    fate: Fate
    lines: tuple[Written, ...]
    reasons: tuple[str, ...]
    traffic: Traffic = UNKNOWN

    @property
    def construct(self) -> Construct:
        return self.classified.construct

    @property
    def letter(self) -> str:
        return letter_of(self.classified, self.target)

    @property
    def names(self) -> tuple[str, ...]:
        return self.classified.treatments[self.target].names if self.classified.is_classified else ()

    def as_json(self) -> dict[str, Any]:
        construct = self.construct
        return {
            "construct": construct.name,
            "kind": construct.kind,
            "subject": construct.subject,
            "instance": construct.instance,
            "file": construct.file,
            "line": construct.line,
            "value": construct.value,
            "target": self.target,
            "class": self.letter,
            "names": list(self.names),
            "fate": str(self.fate),
            "emitted": [line.as_json() for line in self.lines],
            "reasons": list(self.reasons),
            "traffic": self.traffic.as_json(),
            "override": self.classified.override.as_json() if self.classified.override else None,
        }


def outcomes_of(
    bundle: Bundle,
    report: Report,
    classified: Sequence[Classified],
    emission: Emission,
    traffic: Mapping[str, Traffic],
) -> tuple[Outcome, ...]:
    """One outcome a construct, in their order. `bundle` is the masked one that was audited."""
    trail = trail_of(bundle, report, emission)
    return tuple(replace(outcome_of(each, trail), traffic=traffic[each.construct.key]) for each in classified)


def outcome_of(classified: Classified, trail: "Trail") -> Outcome:
    target = trail.emission.target
    treatment = classified.treatments.get(target)
    lines = tuple(dict.fromkeys(trail.lines_for(classified.construct, treatment)))
    refused = trail.reasons_for(classified.construct)
    if lines:
        return Outcome(classified, target, Fate.WRITTEN, lines, (*against(classified, target), *refused))
    if refused or treatment is None or treatment.letter != DROPPED:
        reasons = refused or why_left(treatment)
        return Outcome(classified, target, Fate.LEFT, (), reasons)
    return Outcome(classified, target, Fate.DROPPED, (), (treatment.reason,))


def against(classified: Classified, target: str) -> Iterator[str]:
    """Emitters ask no dictionary: where people agreed that nothing there does it, the lines stand and are told of."""
    override = classified.override
    if override and (classified.treatments[target].is_open or classified.treatments[target].is_dropped):
        yield AGAINST.format(reference=override.reference, letter=classified.treatments[target].letter)


def why_left(treatment: Treatment | None) -> tuple[str, ...]:
    """What the dictionary says about a construct that no line was made of."""
    if treatment is None:
        return (NOT_CLASSIFIED,)
    by_hand = BY_HAND.format(names=", ".join(treatment.names)) if not treatment.is_open else ""
    return tuple(sentence for sentence in (treatment.loss, treatment.how, by_hand) if sentence)


@dataclass(frozen=True, slots=True)
class Trail:
    """The lines of an emission by where they come from.

    `by_place` is keyed by (file, line), `by_name` by (file, name), `by_file` by the file alone; `sources` gives the
    files of the tables of (instance, service, parameter), `rows` the lines of each action of (file, kind, action).
    """

    emission: Emission
    by_place: Mapping[tuple[str, int], Sequence[tuple[str, Written]]]
    by_name: Mapping[tuple[str, str], Sequence[Written]]
    by_file: Mapping[str, Sequence[Written]]
    sources: Mapping[tuple[str, str, str], Sequence[str]]
    rows: Mapping[tuple[str, str, str], Sequence[int]]
    refused: Mapping[tuple[str, int], Sequence[tuple[str, str]]]

    def lines_for(self, construct: Construct, treatment: Treatment | None) -> Iterator[Written]:
        """Every line that was made of a construct, or of what it names."""
        if construct.kind == PARAMETER:
            yield from self.by_name.get((construct.file, construct.name), ())
            yield from self.of_tables(construct.instance, "", construct.name)
        elif construct.kind == OVERRIDE:
            yield from self.at(construct, construct.name)
            yield from self.of_tables(construct.instance, construct.subject, construct.name)
        elif construct.kind == MAP_TYPE:
            yield from self.of_use(construct)
        elif construct.kind in {COLUMN, ARGUMENT, RESTRICTION}:
            yield from self.naming(construct, treatment)
        elif construct.kind == SERVICE:
            yield from self.at(construct, construct.subject.rpartition("/")[0])
        else:
            yield from self.of_rows(construct)

    def at(self, construct: Construct, name: str) -> Iterator[Written]:
        for said, line in self.by_place.get((construct.file, construct.line), ()):
            if said == name:
                yield line

    def of_tables(self, instance: str, service: str, parameter: str) -> Iterator[Written]:
        for source in self.sources.get((instance, service, parameter), ()):
            yield from self.by_file.get(source, ())

    def of_use(self, construct: Construct) -> Iterator[Written]:
        """The rows of the table that is named here; one without a file is its own place."""
        place, _, _ = construct.subject.rpartition(" ")
        service, _, parameter = place.rpartition(" ")
        sources = self.sources.get((construct.instance, service, parameter), ())
        yield from (
            line for source in sources if source.endswith(construct.value.lstrip("/")) for line in self.by_file[source]
        )
        if not construct.value.startswith("/"):
            yield from (line for _, line in self.by_place.get((construct.file, construct.line), ()))

    def naming(self, construct: Construct, treatment: Treatment | None) -> Iterator[Written]:
        """Lines of the same instance that hold what the dictionary names: several checks may share one such line.

        A check that is only about the same as what the target has is not answered by such a line.
        """
        if construct.kind == RESTRICTION and (treatment is None or treatment.letter != NATIVE):
            return
        names = {last_word(name) for name in treatment.names} if treatment else set()
        folder = construct.file.rpartition("/")[0]
        for file, lines in self.by_file.items():
            if file.rpartition("/")[0] == folder:
                yield from (line for line in lines if names & words_of(line.text) and self.is_near(construct, line))

    def is_near(self, construct: Construct, line: Written) -> bool:
        """Columns and arguments belong to their service alone; a check is answered by the whole instance."""
        if construct.kind == RESTRICTION:
            return True
        return any(line == near for _, near in self.by_place.get((construct.file, construct.line), ()))

    def of_rows(self, construct: Construct) -> Iterator[Written]:
        numbers = self.rows.get((construct.file, construct.kind, construct.name), (construct.line,))
        for number in numbers:
            yield from (line for _, line in self.by_place.get((construct.file, number), ()))

    def reasons_for(self, construct: Construct) -> tuple[str, ...]:
        """What was refused of a construct, and how many of its rows were written."""
        numbers = self.rows.get((construct.file, construct.kind, construct.name), (construct.line,))
        named = {PARAMETER: construct.name, OVERRIDE: construct.name}.get(construct.kind, WHOLE)
        said = [
            reason
            for number in numbers
            for name, reason in self.refused.get((construct.file, number), ())
            if named in {WHOLE, name}
        ]
        written = sum(1 for number in numbers if (construct.file, number) in self.by_place)
        if said and 0 < written < len(numbers):
            said.append(SOME_ROWS.format(written=written, all=len(numbers)))
        return tuple(dict.fromkeys(said))


def trail_of(bundle: Bundle, report: Report, emission: Emission) -> Trail:
    """The indexes over one emission."""
    by_place: dict[tuple[str, int], list[tuple[str, Written]]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[Written]] = defaultdict(list)
    by_file: dict[str, list[Written]] = defaultdict(list)
    for origin, line in traced(emission):
        by_place[origin.file, origin.line].append((origin.name, line))
        by_name[origin.file, origin.name].append(line)
        by_file[origin.file].append(line)
    refused: dict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
    for each in emission.not_carried:
        refused[each.origin.file, each.origin.line].append((each.origin.name, each.reason))
    return Trail(emission, by_place, by_name, by_file, sources_of(report), rows_of(bundle, report), refused)


def traced(emission: Emission) -> Iterator[tuple[Origin, Written]]:
    """Every line with each of its origins."""
    for file in emission.files:
        for number, line in file.numbered():
            for origin in line.origins:
                yield origin, Written(file.path, number, line.text.strip())


def sources_of(report: Report) -> Mapping[tuple[str, str, str], Sequence[str]]:
    sources: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for instance in report.instances:
        for table in instance.maps:
            if table.source:
                sources[instance.name, table.service, table.parameter].append(table.source)
    return sources


def rows_of(bundle: Bundle, report: Report) -> Mapping[tuple[str, str, str], Sequence[int]]:
    rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for instance in report.instances:
        for file, kind, action, number in rows_by_action(Bench(bundle, instance, report.instances)):
            rows[file, kind, action].append(number)
    return rows


def last_word(name: str) -> str:
    """`max-smtp-out` of `max-smtp-out@domain`, `connection_limit` of `make_egress_path.connection_limit`."""
    return name.partition("@")[0].rpartition(".")[2].strip("<>")


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.replace("<", " ").replace(">", " ").replace("=", " ").replace(":", " ").split())


def counted(outcomes: Iterable[Outcome]) -> Mapping[str, int]:
    """How many of each fate; together they are all constructs that were detected."""
    counts = dict.fromkeys((str(fate) for fate in Fate), 0)
    for outcome in outcomes:
        counts[str(outcome.fate)] += 1
    return counts
