"""Splitting at blanks and commas but not inside braces (mystrtokq(3), extpar(3))."""

from collections.abc import Iterator

LIST_SEPARATORS = ", \t\r\n"
WORD_SEPARATORS = " \t\r\n"


def split_outside_braces(text: str, separators: str = LIST_SEPARATORS) -> list[str]:
    """The elements of a list; an element that opens a brace lasts until it closes."""
    return [word for word, _ in split_with_offsets(text, separators)]


def split_with_offsets(text: str, separators: str = LIST_SEPARATORS) -> Iterator[tuple[str, int]]:
    """`(element, where it starts)`; a brace that is never closed lasts to the end."""
    depth, start = 0, -1
    for offset, letter in enumerate(text):
        depth = max(0, depth + (letter == "{") - (letter == "}"))
        if letter in separators and not depth:
            if start >= 0:
                yield text[start:offset], start
            start = -1
        elif start < 0:
            start = offset
    if start >= 0:
        yield text[start:], start


def is_braced(text: str) -> bool:
    return text.startswith("{")


def inside_braces(text: str) -> tuple[str, str]:
    """`("a b", "rest")` of `{ a b } rest`; without a closing brace everything is inside."""
    end = closing_brace(text)
    return text[1:end].strip(), text[end + 1 :].strip()


def closing_brace(text: str, opening: str = "{", closing: str = "}") -> int:
    """Offset of the brace that closes the one at offset 0, or the length when there is none."""
    depth = 0
    for offset, letter in enumerate(text):
        depth += (letter == opening) - (letter == closing)
        if not depth:
            return offset
    return len(text)
