"""What a made-up portfolio delivered, worked and translated, in bulk."""

from delivery.models import Ramp, ReconciliationRun, Rollback, ShareChange
from discovery.models import Stream, TranslatedConstruct, TranslationSet, Upload
from reports.models import DaysSpent

AMONG_COVERED = 6  # rows of the map that stand for all that is native


def write_delivery(pairs, person, now):
    by = {"created_at": now, "changed_at": now}
    Stream.objects.bulk_create(
        Stream(
            engagement=engagement,
            number=number,
            name=f"Stream {number}",
            state="confirmed",
            route=route,
            route_reason="Small." if route == "stay" else "",
            **by,
        )
        for one, engagement in pairs
        for number, route in enumerate(one.streams, start=1)
    )
    shared = [(one, engagement) for one, engagement in pairs if one.shares]
    ramps = Ramp.objects.bulk_create(
        Ramp(engagement=engagement, number=1, opened_by=person, opened_at=now) for _, engagement in shared
    )
    ShareChange.objects.bulk_create(
        ShareChange(
            ramp=ramp,
            previous=previous,
            share=share,
            why="The next step.",
            by_line=False,
            state=state,
            asked_at=now,
            asked_by=person,
            settled_at=now,
        )
        for (one, _), ramp in zip(shared, ramps, strict=True)
        for previous, share, state in one.shares
    )
    Rollback.objects.bulk_create(
        Rollback(
            engagement=engagement,
            number=number,
            is_drill=is_drill,
            by_line=False,
            started_at=now,
            started_by=person,
            ended_at=now,
        )
        for one, engagement in pairs
        for number, is_drill in enumerate(one.rollbacks, start=1)
    )
    ReconciliationRun.objects.bulk_create(
        ReconciliationRun(
            engagement=engagement,
            number=number,
            report={"recipients": recipients, "messages": recipients, "states": {"missing": missing}},
            lines={},
            covered={},
            asked_at=now,
            asked_by=person,
            done_at=now,
        )
        for one, engagement in pairs
        for number, (recipients, missing) in enumerate(one.runs, start=1)
    )


def write_days(pairs, person, now):
    by = {"note": "Work.", "noted_by": person, "noted_at": now}
    DaysSpent.objects.bulk_create(
        DaysSpent(engagement=engagement, phase=phase, days=days, **by)
        for one, engagement in pairs
        for phase, days in one.spent
    )


def write_translations(pairs, person, now):
    uploads = Upload.objects.bulk_create(
        Upload(
            engagement=engagement,
            number=1,
            filename="postfix.tar.gz",
            host_label="mta1",
            sha256="0" * 64,
            byte_count=1,
            uploaded_by=person,
            uploaded_at=now,
            state="read",
            read_at=now,
        )
        for _, engagement in pairs
    )
    told = [
        (engagement, upload, number, one_set)
        for (one, engagement), upload in zip(pairs, uploads, strict=True)
        for number, one_set in enumerate(one.sets, start=1)
    ]
    sets = TranslationSet.objects.bulk_create(
        _set(person, now, engagement, number, *one_set) for engagement, _, number, one_set in told
    )
    TranslatedConstruct.objects.bulk_create(
        (
            row
            for (_, upload, _, one_set), translation in zip(told, sets, strict=True)
            for row in _constructs(translation, upload, one_set[1])
        ),
        batch_size=2000,
    )


def _set(person, now, engagement, number, target, left, counted, days):
    open_count = sum(times for _, times in left.values())
    return TranslationSet(
        engagement=engagement,
        number=number,
        target=target,
        translator_digest="0" * 64,
        made_by=person,
        made_at=now,
        construct_count=counted,
        written_count=counted - open_count,
        left_count=open_count,
        dropped_count=0,
        counted_count=counted,
        covered_count=counted - open_count,
        unclassified_count=0,
        changing_count=0,
        person_days=days,
        level="M",
        coverage={},
    )


def _constructs(translation, upload, left):
    names = [(name, letter) for name, (letter, times) in left.items() for _ in range(times)]
    names += [(f"smtp_parameter_{number}", "N") for number in range(AMONG_COVERED)]
    for number, (name, letter) in enumerate(names, start=1):
        is_left = letter != "N"
        yield TranslatedConstruct(
            translation=translation,
            number=number,
            upload=upload,
            key=f"{number:016}",
            kind="parameter",
            name=name,
            instance="postfix",
            line=number,
            line_count=1,
            letter=letter,
            letters={},
            is_changing=False,
            fate="not translated" if is_left else "written",
            names=[],
            emitted=[] if is_left else [{"file": "init.lua", "line": 1, "text": "-"}],
            reasons=["No rule."] if is_left else [],
        )
