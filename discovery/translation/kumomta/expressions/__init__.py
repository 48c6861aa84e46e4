"""Regular expressions of Postfix tables, read into a tree of bytes and written for KumoMTA's regex module.

    tree = read_expression(expression)
    written = write_expression(tree)

Either raises `UnequalError` for what has no exact equal there. Postfix matches bytes; the generated Lua hands each
byte over as the letter of the same number, so that one letter stands for one byte (U+0000 to U+00FF).
"""

from discovery.translation.kumomta.expressions.captures import check_captures
from discovery.translation.kumomta.expressions.pcre import read_pcre
from discovery.translation.kumomta.expressions.posix import read_posix
from discovery.translation.kumomta.expressions.tree import Node, UnequalError
from discovery.translation.kumomta.expressions.writer import write_expression

__all__ = ["Node", "UnequalError", "check_captures", "read_pcre", "read_posix", "write_expression"]
