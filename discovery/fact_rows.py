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
            file=script.path,
        )


def cron_jobs(said: postfix.Instance, place: Place) -> Iterator[models.CronJob]:
    for job in said.cron_jobs:
        yield models.CronJob(**place, schedule=job.schedule, command=job.command, file=job.file, line=job.line)


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


TABLES: tuple[Callable[[postfix.Instance, Place], Iterator[Model]], ...] = (
    parameters,
    services,
    maps,
    milters,
    transports,
    scripts,
    cron_jobs,
    problems,
)
