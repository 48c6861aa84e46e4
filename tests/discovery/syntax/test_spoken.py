import pytest

from discovery.syntax import Verdict, judge_output


@pytest.mark.parametrize(
    ("target", "text", "verdict", "line"),
    [
        ("kumomta", "checking\nexit status 0\n", Verdict.PASSED, "exit status 0"),
        ("kumomta", "shaping: nothing matches\nexit status 1\n", Verdict.FAILED, "exit status 1"),
        ("kumomta", "exit status 1\n(mended)\nexit status 0\n", Verdict.PASSED, "exit status 0"),
        ("kumomta", "Error: x\nexit status 0\n", Verdict.FAILED, "Error: x"),
        ("kumomta", "stack traceback:\n\t[C]: in ?\n", Verdict.FAILED, "stack traceback:"),
        ("kumomta", "everything is fine\n", Verdict.NOT_JUDGED, ""),
        ("kumomta", "the exit status 0 was seen\n", Verdict.NOT_JUDGED, ""),
        ("powermta", "exit status 0\n", Verdict.NOT_JUDGED, ""),
        ("powermta", "exit status 1\n", Verdict.FAILED, "exit status 1"),
        (
            "powermta",
            "line 7: unknown directive max-mgs-rate\n",
            Verdict.FAILED,
            "line 7: unknown directive max-mgs-rate",
        ),
    ],
)
def test_only_what_is_certain_is_judged(target, text, verdict, line):
    judged = judge_output(target, text)

    assert (judged.verdict, judged.line) == (verdict, line)
