"""Names stay with what they belong to when the logs are larger than what the engine keeps back before it tidies up."""

import json

from delivery.reconciliation.command import main
from tests.factories.traffic import BEGAN, accepted, delivered

MESSAGES = 60_000
FILES = 24
ODD = 1_000  # every so many, in turn: never delivered, or delivered twice


def names(numbers):
    return sorted([f"<{number}@northlake.example>", f"user{number}@gmail.com"] for number in numbers)


def test_messages_lost_and_doubled_are_named_rightly_among_many_with_strange_lines_and_overlaps(tmp_path, capsys):
    journal = [accepted(number, BEGAN + number / 10, path="old") for number in range(MESSAGES)]
    lines, lost, doubled = [], [], []
    for number in range(MESSAGES):
        told = delivered(number, BEGAN + number / 10 + 1)
        if number % 20 == 0:
            lines.append(told.split(": ", 1)[0] + f": {number:010X}: nobody knows what this says of 7{number}\n")
        if number % ODD == 7:
            lost.append(number)
        elif number % ODD == 8:
            doubled.append(number)
            lines += [told, delivered(number, BEGAN + number / 10 + 2)]
        else:
            lines.append(told)
    (tmp_path / "journal").write_text("".join(journal))
    size = len(lines) // FILES + 1
    logs = [tmp_path / f"mail.log.{number}" for number in range(FILES)]
    for number, log in enumerate(logs):  # each begins with the last lines of the one before
        log.write_text("".join(lines[max(0, number * size - size // 20) : (number + 1) * size]))

    assert main(["--json", "--journal", str(tmp_path / "journal"), "--postfix", *map(str, logs)]) == 0

    found = json.loads(capsys.readouterr().out)
    assert sorted(found["missing"]) == names(lost)
    assert sorted(found["duplicate"]) == names(doubled)
    assert found["ambiguous"] == []
