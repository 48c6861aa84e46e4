"""How values are written in Lua and in TOML. One function each; nothing else puts a customer's text into a file."""

FIRST_PRINTABLE, LAST_PRINTABLE = 0x20, 0x7E
UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


def lua_string(text: str) -> str:
    """A string of Lua 5.4: bytes that are not printable ASCII as three digits, so that none joins what follows."""
    return '"' + "".join(lua_byte(each) for each in text.encode("utf-8", "surrogatepass")) + '"'


def lua_byte(each: int) -> str:
    if not FIRST_PRINTABLE <= each <= LAST_PRINTABLE:
        return f"\\{each:03d}"
    return f"\\{chr(each)}" if chr(each) in '"\\' else chr(each)


def lua_boolean(value: bool) -> str:  # noqa: FBT001 - it is the value to write, not a switch
    return "true" if value else "false"


def toml_string(text: str) -> str:
    """A basic string of TOML. A lone surrogate, which TOML cannot hold, becomes a question mark."""
    return '"' + "".join(toml_letter(each) for each in text) + '"'


def toml_letter(each: str) -> str:
    if each in '"\\':
        return f"\\{each}"
    code = ord(each)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the range of surrogates
        return "?"
    return f"\\U{code:08X}" if not each.isprintable() else each


def toml_key(*parts: str) -> str:
    """A dotted key whose parts are all quoted: a domain has dots of its own."""
    return ".".join(toml_string(part) for part in parts)


def duration(seconds: int) -> str:
    """`5 days`, in the largest unit that comes out even."""
    name, size = next(unit for unit in UNITS if seconds % unit[1] == 0)
    count = seconds // size
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
