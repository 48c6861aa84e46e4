import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping

from discovery.syntax.lua import name_remarks, syntax_remarks
from discovery.syntax.names import known_names
from discovery.syntax.report import Remark
from discovery.syntax.toml import toml_remarks


def kumomta_remarks(files: Mapping[str, str]) -> Iterator[Remark]:
    """Host by host: modules are looked for beside the file that asks for them."""
    names = known_names()
    folders: dict[str, set[str]] = defaultdict(set)
    for path in files:
        folder, name = posixpath.split(path)
        folders[folder].add(name)
    for folder, present in folders.items():
        if "init.lua" not in present:
            yield Remark(posixpath.join(folder, "init.lua"), 0, "The policy that KumoMTA begins with is not there.")
    for path, text in files.items():
        modules = {name.removesuffix(".lua") for name in folders[posixpath.dirname(path)] if name.endswith(".lua")}
        if path.endswith(".lua"):
            problems = list(syntax_remarks(path, text))
            yield from problems or name_remarks(path, text, names, modules)
        elif path.endswith(".toml"):
            yield from toml_remarks(path, text, names)
        else:
            yield Remark(path, 0, "KumoMTA reads no file of this kind.")
