"""One row for each thing the parser found in an instance. Nothing is saved here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discovery import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model

    from discovery import postfix

Place = dict[str, Any]


def parameters(said: postfix.Instance, place: Place) -> Iterator[models.Parameter]:
    """Used ones first, in the order of the file, then those that nothing refers to."""
    for settings, is_used in ((said.parameters.values(), True), (said.unused, False)):
        for setting in settings:
            yield models.Parameter(
                **place,
                name=setting.name,
                value=setting.value,
                is_used=is_used,
                file=setting.file,
                line=setting.line,
                end_line=setting.end_line,
            )


def services(said: postfix.Instance, place: Place) -> Iterator[models.Service]:
    for service in said.services:
        yield models.Service(
            **place,
            name=service.name,
            kind=service.kind,
            columns=list(service.columns),
            command=" ".join((service.command, *service.arguments)),
            overrides=[[override.name, override.value, override.line] for override in service.overrides],
            file=service.file,
            line=service.line,
        )


def maps(said: postfix.Instance, place: Place) -> Iterator[models.MapTable]:
    for table in said.maps:
        yield models.MapTable(
            **place,
            kind=table.kind,
            path=table.path,
            parameter=table.parameter,
            service=table.service,
            source=table.source,
            entry_count=table.entries,
            file=table.file,
            line=table.line,
        )


def milters(said: postfix.Instance, place: Place) -> Iterator[models.Milter]:
    for milter in said.milters:
        yield models.Milter(
            **place,
            product=milter.product,
            socket=milter.socket,
            parameter=milter.parameter,
            function=milter.function,
            service=milter.service,
            configuration=list(milter.configuration),
            source=milter.source,
            host=milter.host,
            port=milter.port,
            path=milter.path,
            program=milter.program,
            file=milter.file,
            line=milter.line,
        )


def transports(said: postfix.Instance, place: Place) -> Iterator[models.Transport]:
    for transport in said.transports:
        yield models.Transport(
            **place,
            name=transport.name,
            program=transport.program,
            is_custom=transport.is_custom,
            bind_addresses=list(transport.bind_addresses),
            helo_name=transport.helo_name,
            argv=list(transport.argv),
            script=transport.script,
            script_source=transport.script_source,
            settings=dict(transport.settings),
            file=transport.file,
            line=transport.line,
        )


def scripts(said: postfix.Instance, place: Place) -> Iterator[models.Script]:
    for script in said.scripts:
        yield models.Script(
            **place,
            path=script.path,
            language=script.language,
            line_count=script.lines,
            roles=list(script.roles),
            kind=script.kind,
            confidence=script.confidence,
            reads=list(script.reads),
            calls=list(script.calls),
            writes=list(script.writes),
            evidence=[list(each) for each in script.evidence],
            callers=[[each.role, each.command, each.file, each.line] for each in script.callers],
            file=script.path,
        )


def cron_jobs(said: postfix.Instance, place: Place) -> Iterator[models.CronJob]:
    for job in said.cron_jobs:
        yield models.CronJob(**place, **job.as_json())


def problems(said: postfix.Instance, place: Place) -> Iterator[models.Problem]:
    for problem in said.problems:
        yield models.Problem(
            **place,
            kind=problem.kind,
            subject=problem.subject,
            message=problem.message,
            file=problem.file,
            line=problem.line,
        )


def addresses(said: postfix.Instance, place: Place) -> Iterator[models.SendingAddress]:
    for address in said.addresses:
        facts = address.as_json()
        facts["uses"] = [list(use.values()) for use in facts["uses"]]
        yield models.SendingAddress(**place, **facts)


def pools(said: postfix.Instance, place: Place) -> Iterator[models.Pool]:
    for pool in said.pools:
        yield models.Pool(**place, **pool.as_json())


def stream_proposals(said: postfix.Instance, place: Place) -> Iterator[models.StreamProposal]:
    for proposal in said.stream_proposals:
        facts = proposal.as_json()
        facts["reasons"] = [list(reason.values()) for reason in facts["reasons"]]
        yield models.StreamProposal(**place, **facts)


def domains(said: postfix.Instance, place: Place) -> Iterator[models.Domain]:
    for domain in said.domains:
        yield models.Domain(**place, **domain.as_json())


def tenants(said: postfix.Instance, place: Place) -> Iterator[models.Tenant]:
    for tenant in said.tenants:
        yield models.Tenant(**place, **tenant.as_json())


def doors(said: postfix.Instance, place: Place) -> Iterator[models.Door]:
    for door in said.doors:
        yield models.Door(**place, **door.as_json())


def filters(said: postfix.Instance, place: Place) -> Iterator[models.Filter]:
    for each in said.filters:
        yield models.Filter(**place, **each.as_json())


def signing_keys(said: postfix.Instance, place: Place) -> Iterator[models.SigningKey]:
    for key in said.signing_keys:
        yield models.SigningKey(**place, **key.as_json())


TABLES: tuple[Callable[[postfix.Instance, Place], Iterator[Model]], ...] = (
    parameters,
    services,
    maps,
    milters,
    transports,
    scripts,
    cron_jobs,
    problems,
    addresses,
    pools,
    stream_proposals,
    domains,
    tenants,
    doors,
    filters,
    signing_keys,
)
