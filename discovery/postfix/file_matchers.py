"""Matchers that look at files as such: problems, missing files, programs, cron jobs, secrets."""

from collections.abc import Iterator

from discovery.postfix.bundle import BundleFile
from discovery.postfix.scene import Hit, Match, Scene, expression, is_named, is_wanted

COMMENT_SIGNS = ("#", "//", ";")
LONGEST_LINE = 2000
LONGEST_SHOWN = 120


def match_problem(match: Match, scene: Scene) -> Iterator[Hit]:
    """What the readers noticed: `problem` is its kind."""
    for instance in scene.instances:
        for problem in instance.problems:
            if problem.kind == match["problem"]:
                words = {"name": problem.subject, "value": problem.message}
                yield Hit(problem.file, problem.line, instance.name, words)


def match_missing(match: Match, scene: Scene) -> Iterator[Hit]:
    """Files that are pointed at and absent: `parameter`, `path`, and the `note` that says what of them is there."""
    for missing in scene.missing:
        is_right = is_wanted(missing.parameter, match, "parameter") and is_wanted(missing.path, match, "path")
        if is_right and is_named(missing.note, match, "note"):
            words = {"name": missing.path, "parameter": missing.parameter or "Postfix", "value": missing.note}
            yield Hit(missing.file, missing.line, "", words)


def match_cut_short(_match: Match, scene: Scene) -> Iterator[Hit]:
    """The place at which an archive ended early: the last line of the last file that could be read."""
    for skipped in scene.bundle.skipped:
        if skipped.line:
            yield Hit(skipped.path, skipped.line, "", {"name": skipped.path, "value": skipped.reason})


def match_cron(match: Match, scene: Scene) -> Iterator[Hit]:
    """Cron jobs whose `command` matches; `unless_command` keeps out what another rule is for."""
    for instance in scene.instances:
        for job in instance.cron_jobs:
            is_other = "unless_command" in match and is_wanted(job.command, match, "unless_command")
            if is_wanted(job.command, match, "command") and not is_other:
                yield Hit(job.file, job.line, "", {"name": job.command, "value": job.schedule})


def match_script(match: Match, scene: Scene) -> Iterator[Hit]:
    """Programs of the bundle with a line that matches `text`; `path` narrows by name, `language` by language."""
    for file, language in scene.programs():
        if is_named(language, match, "language") and is_wanted(file.path, match, "path"):
            yield from first_line(file, match, {"language": language})


def match_line(match: Match, scene: Scene) -> Iterator[Hit]:
    """Other files of the bundle, by `path`, with a line that matches `text`."""
    for path, file in scene.bundle.files.items():
        if is_wanted(path, match, "path"):
            yield from first_line(file, match, {})


def first_line(file: BundleFile, match: Match, words: dict[str, str]) -> Iterator[Hit]:
    """The first line that matches and is no comment. A look at the whole text comes first, which is much faster."""
    pattern = expression(str(match["text"]))
    if not pattern.search(file.text):
        return
    for number, line in enumerate(file.text.split("\n"), start=1):
        if not line.lstrip().startswith(COMMENT_SIGNS) and pattern.search(line[:LONGEST_LINE]):
            shown = {"name": file.path, "value": line.strip()[:LONGEST_SHOWN]}
            yield Hit(file.path, number, "", shown | words)
            return


def match_secret(match: Match, scene: Scene) -> Iterator[Hit]:
    """Secrets that were masked, by `secret` kind."""
    for secret in scene.secrets:
        if is_wanted(secret.kind, match, "secret"):
            yield Hit(secret.path, secret.line, "", {"name": f"{secret.kind} {secret.line}", "value": secret.kind})


def match_observed(_match: Match, _scene: Scene) -> Iterator[Hit]:
    """Nothing in a bundle: `rules.observe` says it about what was measured, answered or agreed."""
    yield from ()
