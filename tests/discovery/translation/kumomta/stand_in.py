r"""What of KumoMTA the generated Lua calls, for a real Lua 5.4.

`kumo.regex` is the Rust crate fancy-regex. The stand-in is Python's re, and holds the two together by refusing every
pattern outside the small language that both read alike (SUBSET): no shorthands, no `.`, no flags but a leading (?i).
Known differences beyond it, none of which is written: \d, \w, \s and \b are Unicode in both but not the same Unicode;
`$` of re also holds before a last line feed, so that texts never end in one here; `[[` and `&&`
in brackets nest in Rust; fancy-regex has no look back of varying length and gives up after a million steps.
"""

import re
import warnings
from pathlib import Path

from lupa import lua54

LUA = Path(__file__).parents[4] / "discovery" / "translation" / "kumomta" / "lua"
SUBSET = re.compile(
    r"""(?:\(\?i\))?(?:
      \(\?m:[\^$]\) | \(\?(?::|>|=|!|<=|<!) | [()|^$]
    | \\[.+*?()|\[\]{}^$\\] | \\x[0-9A-F]{2} | \(\?:\\[1-9][0-9]*\)
    | \[\\s\\S\] | \[\^?(?:\\[\[\]\\^\-&~|#]|\\x[0-9A-F]{2}|[^\[\]\\&~|\#])+\]
    | [*+?][?+]? | \{[0-9]+(?:,[0-9]*)?\}[?+]?
    | [^\\.+*?()|\[\]{}^$]
    )*""",
    re.VERBOSE,
)


class Kumo:
    """A Lua with the module `kumo`. `said` holds what was logged; a reject is an error of Lua."""

    def __init__(self, files):
        self.lua = lua54.LuaRuntime(unpack_returned_tuples=True, register_eval=False, encoding=None)
        self.said = []
        module = self.lua.eval(b"""function(captures, log)
            local object = { __index = { captures = function(self, text) return captures(self.pattern, text) end } }
            return {
              regex = { compile = function(pattern)
                captures(pattern, '')
                return setmetatable({ pattern = pattern }, object)
              end },
              log_warn = function(text) log('warn', text) end,
              log_info = function(text) log('info', text) end,
              reject = function(code, text) error(string.format('%d %s', code, text), 0) end,
            }
        end""")(self.captures, self.log)
        loaded = self.lua.globals()[b"package"][b"loaded"]
        loaded[b"kumo"] = module
        for path in sorted(LUA.glob("*.lua")):
            loaded[path.stem.encode()] = self.run(path.read_text())
        self.modules = {name: self.run(text) for name, text in files.items()}

    def run(self, text):
        return self.lua.execute(text.encode())

    def captures(self, pattern, text):
        assert not text.endswith(b"\n")
        found = compiled(pattern.decode()).search(text.decode())
        if not found:
            return None
        return self.lua.table_from(
            {at: each.encode() for at, each in enumerate((found[0], *found.groups())) if each is not None}
        )

    def log(self, level, text):
        self.said.append((level.decode(), text.decode()))


def compiled(pattern):
    assert SUBSET.fullmatch(pattern), pattern
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return re.compile(pattern)
