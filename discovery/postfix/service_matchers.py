"""Matchers that look at services, transports, milters, and at how many there are of something."""

from collections.abc import Iterator

from discovery.postfix.facts import Service, Setting, Transport
from discovery.postfix.milters import is_told_by_port
from discovery.postfix.report import Instance
from discovery.postfix.scene import Hit, Match, Scene, is_excused, is_named, is_wanted

BIND = "smtp_bind_address"
Placed = Setting | Service | Transport


def match_service(match: Match, scene: Scene) -> Iterator[Hit]:
    """`name`, `type`, `program`, `arguments`, `chroot`, `maxproc`, `wakeup`; `unless` and `given` as for settings."""
    for instance in scene.instances:
        for service in instance.services:
            facts = {
                "type": service.kind,
                "program": service.command,
                "arguments": " ".join(service.arguments),
                "chroot": service.chroot,
                "maxproc": service.maxproc,
            }
            is_hit = is_named(service.name, match) and all(is_wanted(text, match, key) for key, text in facts.items())
            if is_hit and not is_excused(match, instance, service):
                words = facts | {"name": service.name, "value": facts["arguments"]}
                words["service"] = service.label
                yield Hit(service.file, service.line, instance.name, words)


def match_transport(match: Match, scene: Scene) -> Iterator[Hit]:
    """Own delivery agents: `program`, `argv`; `unless_argv` keeps out what another rule is for."""
    for instance in scene.instances:
        for transport in instance.transports:
            argv = " ".join(transport.argv)
            is_other = "unless_argv" in match and is_wanted(argv, match, "unless_argv")
            is_right = is_wanted(transport.program, match, "program") and is_wanted(argv, match, "argv")
            if transport.is_custom and is_right and not is_other:
                words = {"name": transport.name, "value": argv, "script": transport.script}
                yield Hit(transport.file, transport.line, instance.name, words)


def match_milter(match: Match, scene: Scene) -> Iterator[Hit]:
    """`product`, `parameter`, `told_by: port` or `name`; of a custom one `source: absent` or `present`, its program."""
    for instance in scene.instances:
        for milter in instance.milters:
            state, told_by = "present" if milter.source else "absent", "port" if is_told_by_port(milter) else "name"
            is_right = is_named(milter.product, match, "product") and is_named(milter.parameter, match, "parameter")
            if is_right and (match.get("source", state), match.get("told_by", told_by)) == (state, told_by):
                words = {"name": milter.socket, "value": milter.product, "service": milter.service or "main.cf"}
                yield Hit(milter.file, milter.line, instance.name, words | {"parameter": milter.parameter})


def match_several(match: Match, scene: Scene) -> Iterator[Hit]:
    """More than `than` and at most `at_most` of something: `what` is instances, bind_addresses or streams."""
    what = str(match["what"])
    counted = [(each, [str(name) for name in getattr(each, what)]) for each in scene.instances if what != "instances"]
    if what == "instances" and scene.instances:
        counted = [(scene.instances[0], [instance.name for instance in scene.instances])]
    for instance, names in counted:
        if int(match["than"]) < len(names) <= int(match.get("at_most", len(names))):
            file, line = telling_line(instance, what)
            words = {"name": what, "value": str(len(names)), "names": ", ".join(names)}
            yield Hit(file, line, instance.name, words)


def telling_line(instance: Instance, what: str) -> tuple[str, int]:
    """A line that shows there are several: an address, an own transport, the list of instances."""
    places: list[Placed] = []
    if what == "streams":
        places += [transport for transport in instance.transports if transport.is_custom]
    elif what == "bind_addresses":
        places += [each for each in instance.services if any(BIND in option.name for option in each.overrides)]
        places += [setting for name, setting in instance.parameters.items() if BIND in name]
    else:
        places += [setting for name, setting in instance.parameters.items() if name == "multi_instance_directories"]
    places += [*instance.parameters.values(), *instance.services]
    return next(((place.file, place.line) for place in places), (instance.files[0], 1))
