"""Whether generated files can be read by their target, as far as that can be told without it. Imports no Django."""

from discovery.syntax.checking import TOOL, VERSION, check_files, digest_of_digests, digest_of_set
from discovery.syntax.report import Remark, SyntaxReport
from discovery.syntax.spoken import Verdict, command_of, judge_output

__all__ = [
    "TOOL",
    "VERSION",
    "Remark",
    "SyntaxReport",
    "Verdict",
    "check_files",
    "command_of",
    "digest_of_digests",
    "digest_of_set",
    "judge_output",
]
