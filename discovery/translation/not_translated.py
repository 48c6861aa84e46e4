"""NOT-TRANSLATED.md: what the generated files do not hold, with file and line, the blocking things first."""

from collections import Counter
from collections.abc import Iterator, Sequence

from discovery.translation.coverage import UNCLASSIFIED, Coverage, dropped_class
from discovery.translation.emission import Emission, one_line
from discovery.translation.outcomes import Fate, Outcome
from discovery.translation.sending import Refusal
from discovery.translation.treatments import DROPPED

TITLES = {"powermta": "PowerMTA", "kumomta": "KumoMTA"}
NOTHING = "Nothing.\n"


def not_translated(emission: Emission, outcomes: Sequence[Outcome], coverage: Coverage) -> str:
    """The document as Markdown; the same upload gives the same text."""
    return "\n".join(lines_of(emission, outcomes, coverage))


def lines_of(emission: Emission, outcomes: Sequence[Outcome], coverage: Coverage) -> Iterator[str]:
    left = [each for each in outcomes if each.fate is Fate.LEFT]
    blocking = [each for each in left if each.letter == UNCLASSIFIED]
    partial = [each for each in outcomes if each.fate is Fate.WRITTEN and each.reasons]
    yield f"# Not translated to {TITLES[emission.target]}\n"
    yield summary(outcomes, coverage)
    yield f"\n## Not classified: blocks the plan ({len(blocking)})\n"
    yield table(blocking)
    yield f"\n## Not translated ({len(left) - len(blocking)})\n"
    yield table([each for each in left if each.letter != UNCLASSIFIED])
    yield f"\n## Translated, but not all of it ({len(partial)})\n"
    yield table(partial)
    yield from refused(emission, [*left, *partial])
    yield from dropped(outcomes)
    yield from overridden(outcomes)


def summary(outcomes: Sequence[Outcome], coverage: Coverage) -> str:
    """The fraction first, then what it means."""
    tally = coverage.constructs
    usual = f", {coverage.usual}" if coverage.usual else ""
    share = f" ({tally.percent} %{usual})" if tally.percent is not None else ""
    gone = sum(each.fate is Fate.DROPPED for each in outcomes)
    words = dropped_class(tally.counts[DROPPED], gone)
    return (
        f"{tally.covered} of {tally.all} constructs have a direct equivalent or a rewrite{share}; "
        f"{len(outcomes)} were detected. Effort {coverage.person_days:g} person-days, level {coverage.level}."
    ) + (f"\n\n{words}" if words else "")


def table(outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return NOTHING
    rows = ["| Where | Construct | Class | Why |", "|---|---|---|---|"]
    rows += [row(each.construct.place, named(each), each.letter, " ".join(each.reasons)) for each in outcomes]
    return "\n".join(rows) + "\n"


def named(outcome: Outcome) -> str:
    construct = outcome.construct
    return f"{construct.kind} {construct.name}" + (f" ({construct.subject})" if construct.subject else "")


def row(*cells: str) -> str:
    return f"| {' | '.join(cell(text) for text in cells)} |"


def cell(text: str) -> str:
    """Text of a customer within a table: no bar and no line end can break it, no markup is read."""
    safe = one_line(text.replace("\n", " ").replace("\t", " "))
    return "".join(f"\\{each}" if each in "\\`*_{}[]<>#|!" else each for each in safe)


def refused(emission: Emission, told: Sequence[Outcome]) -> Iterator[str]:
    """Rows and values that were refused and are not told above."""
    above = {(each.construct.file, each.construct.line, reason) for each in told for reason in each.reasons}
    rest = [each for each in emission.not_carried if (each.origin.file, each.origin.line, each.reason) not in above]
    yield f"\n## Single rows and values ({len(rest)})\n"
    yield "\n".join([*HEADING, *(refusal(each) for each in rest)]) + "\n" if rest else NOTHING


HEADING = ("| Where | What | Why |", "|---|---|---|")


def refusal(each: Refusal) -> str:
    return row(each.origin.place, each.text or each.origin.name, each.reason)


def dropped(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What has no place on the target because nothing would be lost, counted by reason."""
    gone = [each for each in outcomes if each.fate is Fate.DROPPED]
    yield f"\n## Dropped, each with its reason ({len(gone)})\n"
    reasons = Counter(each.reasons[0] for each in gone)
    named = {reason: [each.construct.name for each in gone if each.reasons[0] == reason] for reason in reasons}
    rows = [row(str(count), reason, ", ".join(dict.fromkeys(named[reason]))) for reason, count in reasons.most_common()]
    yield "\n".join(["| Count | Why | Constructs |", "|---|---|---|", *rows]) + "\n" if rows else NOTHING


def overridden(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What people agreed on instead of what the dictionary says, and who; no section where there is nothing."""
    changed = [(each, each.classified.override) for each in outcomes if each.classified.override]
    if changed:
        rows = [row(each.construct.place, named(each), each.letter, said.told) for each, said in changed if said]
        yield f"\n## Said by an override of the dictionary ({len(changed)})\n"
        yield "\n".join(["| Where | Construct | Class | Who and why |", "|---|---|---|---|", *rows]) + "\n"
