"""What of two long texts shows that they differ. Pure."""

from difflib import SequenceMatcher

LONGEST = 80
BEFORE_IT = 20  # characters of what both say
LEFT_OUT = "..."


def differing_lines(before: str, after: str) -> tuple[str, str]:
    """Of texts of several lines those that differ; where one has none there, with the line beside them."""
    old, new = before.split("\n"), after.split("\n")
    if not before or not after or max(len(old), len(new)) == 1:
        return before, after
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    places = [_widened(block[1:], (len(old), len(new))) for block in blocks if block[0] != "equal"]
    return (
        f"\n{LEFT_OUT}\n".join("\n".join(old[first:last]) for first, last, _, _ in places),
        f"\n{LEFT_OUT}\n".join("\n".join(new[first:last]) for _, _, first, last in places),
    )


def around_the_first_difference(before: str, after: str) -> tuple[str, str]:
    """What fits a sentence of two texts, from shortly before they begin to differ."""
    before, after = differing_lines(before, after)
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    equal = next((place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None)
    first = max(0, (min(len(before), len(after)) if equal is None else equal) - BEFORE_IT)
    return _cut(before, first), _cut(after, first)


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - len(LEFT_OUT)]}{LEFT_OUT}"


def _widened(block: tuple[int, int, int, int], ends: tuple[int, int]) -> tuple[int, int, int, int]:
    """With a line that both have, where one of them says nothing at this place."""
    old, old_end, new, new_end = block
    if old < old_end and new < new_end:
        return block
    if old and new:
        return old - 1, old_end, new - 1, new_end
    return old, min(old_end + 1, ends[0]), new, min(new_end + 1, ends[1])


def _cut(text: str, first: int) -> str:
    return shortened(f"{LEFT_OUT}{text[first:]}" if first else text)
