"""PowerMTA's configuration: blocks close, directives stand where they may, values look as they have to."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from discovery.syntax.powermta_layout import Layout, layout
from discovery.syntax.report import Remark

TAG = re.compile(r"<\s*(?P<closing>/?)\s*(?P<name>[A-Za-z][\w-]*)\s*(?P<label>[^>]*?)\s*>")
COMMENT = re.compile(r"(^|\s)#.*")
ROW = re.compile(r"\bvirtual-mta=(\S+)")
GLOBAL = "global"
CONFIG = "config"


def powermta_remarks(files: Mapping[str, str]) -> Iterator[Remark]:
    for path, text in files.items():
        if path.rpartition("/")[2] == CONFIG:
            yield from Reading(path, layout()).remarks(text)
        else:
            yield Remark(path, 0, "PowerMTA begins with a file called config; this one is not read.")


@dataclass(slots=True)
class Reading:
    """One configuration on its way through; `open` are the blocks that are not closed yet, with their lines."""

    path: str
    layout: Layout
    open: list[tuple[str, int]] = field(default_factory=list)
    defined: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    named: list[tuple[int, str, tuple[str, ...], str]] = field(default_factory=list)

    @property
    def place(self) -> str:
        return self.open[-1][0] if self.open else GLOBAL

    def remarks(self, text: str) -> Iterator[Remark]:
        for number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip() if self.place in self.layout.lists else COMMENT.sub("", raw).strip()
            if line and not line.startswith("#"):
                for said in self.read(number, line):
                    yield Remark(self.path, number, said)
        for name, number in self.open:
            yield Remark(self.path, number, f"<{name}> is never closed.")
        yield from self.dangling()

    def read(self, number: int, line: str) -> Iterator[str]:
        if tag := TAG.fullmatch(COMMENT.sub("", line).strip()):
            yield from self.tag(number, tag)
        elif pattern := self.layout.lists.get(self.place):
            if not pattern.fullmatch(line):
                yield f"This is no line of <{self.place}>: {line[:60]}"
        else:
            name, _, value = line.partition(" ")
            yield from self.directive(number, name.lower(), value.strip())

    def tag(self, number: int, tag: re.Match[str]) -> Iterator[str]:
        name, label = tag["name"].lower(), tag["label"].strip('"')
        if tag["closing"]:
            yield from self.close(name)
            return
        places = self.layout.blocks.get(name)
        if places is None:
            yield f"PowerMTA is not known to have the block <{name}>."
        elif self.place not in places:
            yield f"<{name}> may not stand in {self.where()}."
        elif bool(label) is (name in self.layout.unnamed):
            yield f"<{name}> takes no name." if label else f"<{name}> has no name."
        self.open.append((name, number))
        self.defined[name].add(label.lower())

    def close(self, name: str) -> Iterator[str]:
        if self.open and self.open[-1][0] == name:
            self.open.pop()
        else:
            yield f"</{name}> closes nothing: {self.where()} is open here."

    def directive(self, number: int, name: str, value: str) -> Iterator[str]:
        scopes = self.layout.scopes.get(name)
        if scopes is None:
            yield f"PowerMTA is not known to have the directive {name}."
            return
        if self.place not in scopes and self.place in {GLOBAL, *self.layout.blocks}:
            yield f"{name} may not stand in {self.where()}."
        shape = self.layout.shapes.get(name)
        if not value:
            yield f"{name} has no value."
        elif shape and not shape.pattern.fullmatch(value.strip('"')):
            yield f"{name} has to be {shape.said}, not {value[:60]}."
        else:
            self.refer(number, name, value)

    def refer(self, number: int, name: str, value: str) -> None:
        kinds = self.layout.references.get(self.place, {}).get(name)
        if kinds:
            self.named.append((number, name, tuple(kinds), value.split(maxsplit=1)[0].strip('"')))
        elif self.place == "pattern-list":
            self.named += [(number, name, self.layout.row_references, found) for found in ROW.findall(value)]

    def dangling(self) -> Iterator[Remark]:
        """What is named and nowhere defined."""
        for number, name, kinds, target in self.named:
            defined = {label for kind in kinds for label in self.defined[kind]} | self.layout.built_in
            if target.lower() not in defined:
                wanted = " or ".join(f"<{kind}>" for kind in kinds)
                yield Remark(self.path, number, f"{name} names {target}, and no {wanted} is called that.")

    def where(self) -> str:
        return f"<{self.place}>" if self.open else "the outermost level"
