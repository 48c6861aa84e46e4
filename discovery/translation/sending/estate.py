"""Puts a sending estate together from one instance of an audited bundle."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from discovery.postfix import Bundle, Instance
from discovery.postfix.facts import Setting
from discovery.postfix.instances import find_sites, name_sites
from discovery.postfix.scope import Scope, with_domain
from discovery.translation.sending.content import INHERITING, copies_of, header_rules_of, rewrites_of
from discovery.translation.sending.desk import Desk
from discovery.translation.sending.egress import (
    logins_of,
    pools_of,
    queue_times,
    shaping_of,
    sources_of,
    tls_policies,
)
from discovery.translation.sending.listeners import listeners_of
from discovery.translation.sending.model import SendingEstate
from discovery.translation.sending.routing import hops_of, routes_of

NO_DOMAIN = "localdomain"  # mydomain of a host whose name has one part (postconf(5))


def sending_estate(bundle: Bundle, instance: Instance) -> SendingEstate:
    """The instance as a sender. `bundle` is the masked one the instance was read from; nothing is raised."""
    desk = desk_of(bundle, instance)
    hold = partial(
        SendingEstate,
        name=instance.name,
        hostname=desk.text(desk.scope, "myhostname"),
        origin_domain=desk.text(desk.scope, "myorigin"),
        spool=desk.text(desk.scope, "queue_directory"),
        default_transport=desk.text(desk.scope, "default_transport"),
        relay_transport=desk.text(desk.scope, "relay_transport"),
        recipient_delimiter=desk.text(desk.scope, "recipient_delimiter"),
        relay_hosts=hops_of(desk, desk.text(desk.scope, "relayhost")),
        fallback_relays=hops_of(desk, desk.text(desk.scope, "smtp_fallback_relay", "fallback_relay")),
        inheriting_checks=tuple(name for name in INHERITING if not desk.scope.get(name).is_set),
        signing=instance.signing_keys,
        queue=queue_times(desk),
    )
    return with_parts(desk, hold)


def with_parts(desk: Desk, hold: "partial[SendingEstate]") -> SendingEstate:
    """The estate with what consists of many rows, and at last with everything that was refused on the way."""
    return hold(
        listeners=tuple(listeners_of(desk)),
        sources=tuple(sources_of(desk)),
        pools=tuple(pools_of(desk)),
        routes=routes_of(desk),
        relay_domains=tuple(desk.elements("relay_domains")),
        shaping=tuple(shaping_of(desk)),
        tls_policies=tuple(tls_policies(desk)),
        header_rules=tuple(header_rules_of(desk)),
        rewrites=tuple(rewrites_of(desk)),
        logins=tuple(logins_of(desk)),
        copies=tuple(copies_of(desk)),
        refusals=tuple(dict.fromkeys(desk.refusals)),
    )


def with_own_domain(instance: Instance) -> Mapping[str, Setting]:
    """The settings with mydomain, which Postfix makes of myhostname: without its first part, else localdomain."""
    scope = Scope(instance.parameters, instance.config_directory)
    host = instance.parameters.get("myhostname")
    if host is None or "mydomain" in instance.parameters:
        return instance.parameters
    name = scope.expanded(host.value).strip()
    domain = {} if "." in name or not name else {"mydomain": replace(host, name="mydomain", value=NO_DOMAIN)}
    return with_domain({**instance.parameters, "myhostname": replace(host, value=name), **domain})


def desk_of(bundle: Bundle, instance: Instance) -> Desk:
    sites = find_sites(bundle)
    names = name_sites(sites)
    site = next(each for each in sites if names[each.place.folder] == instance.name)
    scope = Scope(with_own_domain(instance), instance.config_directory)
    return Desk(bundle, site.place, site.main or site.master, instance, scope)
