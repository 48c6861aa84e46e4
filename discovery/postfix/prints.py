"""What `postconf` prints of a configuration: -n, -M and -P, and with -f folded. Byte for byte, line ends included."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from discovery.postfix.braces import WORD_SEPARATORS
from discovery.postfix.facts import Service, Setting
from discovery.postfix.lines import BLANKS, join_blanks
from discovery.postfix.master_cf import OPTION
from discovery.postfix.parameters import NEVER_PRINTED

# A setting may fill 80 bytes of a line, an entry of master.cf 79.
WIDEST_SETTING, WIDEST_ENTRY = 80, 79
INDENT = "    "
# The columns at which `postconf -M` starts a field, where the field before it leaves room.
COLUMNS = (11, 17, 25, 33, 41, 49, 57)
DIRECTORY = "config_directory"


def print_settings(used: Mapping[str, Setting], config_directory: str, *, is_folded: bool = False) -> str:
    """`postconf -n`: the directory it was asked about stands among the settings."""
    values = {name: setting.value for name, setting in used.items()} | {DIRECTORY: config_directory}
    return "".join(print_line(f"{name} = {values[name]}", is_folded=is_folded) for name in sorted(values))


def print_line(text: str, *, is_folded: bool = False) -> str:
    words = join_blanks(text).split(" ")
    return "".join(joined(((word, False) for word in words), WIDEST_SETTING if is_folded else 0)) + "\n"


def joined(words: Iterable[tuple[str, bool]], widest: int, length: int = 0) -> Iterator[str]:
    """`(word, takes a line of its own)`, with a space or a line end before each; nothing is broken at width 0."""
    for word, is_alone in words:
        size = len(word.encode())
        if length:
            is_broken = widest and length > len(INDENT) and (is_alone or length + 1 + size > widest)
            yield f"\n{INDENT}" if is_broken else " "
            length = len(INDENT) if is_broken else length + 1
        yield word
        length = widest if is_alone and widest else length + size


def print_services(services: Iterable[Service], *, is_folded: bool = False) -> str:
    """`postconf -M`: every entry, also those that a later one replaces."""
    return "".join(f"{print_service(service, is_folded=is_folded)}\n" for service in services)


def print_service(service: Service, *, is_folded: bool = False) -> str:
    """One entry: columns padded by bytes, options spelled one way; folded, an option takes a line of its own."""
    line = service.name
    for column, start in zip(service.columns[1:], COLUMNS, strict=True):
        line += " " * max(1, start - len(line.encode())) + column
    widest = WIDEST_ENTRY if is_folded else 0
    return "".join((line, *joined(printed_arguments(service.arguments), widest, len(line.encode()))))


def printed_arguments(arguments: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Options with their assignments in order, the word that ends them as it is, the rest in braces where needed."""
    words = iter(arguments)
    for word in words:
        if not word.startswith("-") or word == "--":
            yield word, False
            break
        assignment = next(words, "") if word == OPTION else ""
        yield (f"{word} {bracketed(normalised(assignment))}", True) if assignment else (word, False)
    yield from ((bracketed(word), False) for word in words)


def normalised(assignment: str) -> str:
    """`name=value` without blanks around its `=`."""
    name, equals, value = assignment.partition("=")
    return f"{name.strip(BLANKS)}={value.strip(BLANKS)}" if equals else assignment


def bracketed(word: str) -> str:
    return f"{{{word}}}" if any(blank in word for blank in WORD_SEPARATORS) else word


def print_options(services: Iterable[Service]) -> str:
    """`postconf -P`: the options of each entry by name, without those that Postfix sets itself."""
    return "".join(
        print_line(f"{service.name}/{service.kind}/{override.name} = {override.value}")
        for service in services
        for override in sorted(service.overrides, key=lambda each: each.name)
        if override.name not in NEVER_PRINTED
    )
