"""A release of the portal makes no signed document stale: it is compared by the format it was frozen with."""

import dataclasses
import hashlib
import importlib
import json
import pkgutil
import re
from copy import deepcopy
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from core.audit import digest_of
from discovery.domain.complete_dossier import complete_dossier
from engagements.content import current_content, is_current, moved_since
from engagements.domain.make_schedule import make_schedule
from engagements.domain.mark_stale import mark_stale
from engagements.formats import comparable
from engagements.models import FrozenDocument, Gate, StaleMark
from engagements.schedule import PlannedPhase
from reports import content
from reports.content.formats import formats
from tests.discovery.test_dossiers import facts_of
from tests.engagements.journey import gate_of, put_up, sign
from tests.engagements.test_evidence_pack import past_the_triggers
from tests.kept import kept

pytestmark = pytest.mark.django_db


def as_it_was_before(snapshot):
    """A plan as an earlier release wrote it: without the format, a part, a field of a part, a field in a list."""
    earlier = deepcopy(snapshot)
    del earlier["format"], earlier["statistics"], earlier["estate"]["milters"]
    for group in earlier["findings"]:
        for row in group["rows"]:
            del row["impact"]
    say_as_before(earlier["schedule"]["warnings"])
    for row in earlier["estate"]["components"]:
        say_as_before(row["detail"])
    earlier["accepts"] = ["In the words of before"]
    earlier["left_out_since"] = "A part that the portal of today does not write"
    return earlier


def say_as_before(texts):
    """As releases said it that wrote shares without a space, and one line as "1 lines"."""
    texts[:] = [
        re.sub(r"\b1 line$", "1 lines", text.replace("30 to 50 %", "30% to 50%").replace(" %", "%")) for text in texts
    ]


@kept
def signed(begun, carl, ada, quick_paper):
    """With a share in a warning, and one line in a dossier."""
    phases = [PlannedPhase(number, date(2026, 5, 4), date(2026, 5, 4 + 6 * number)) for number in (1, 2, 3, 4)]
    make_schedule(begun, phases=[*phases[:2], replace(phases[2], start=date(2026, 5, 20)), phases[3]], actor=ada)
    milter = begun.dossiers.get(kind="milter")
    complete_dossier(milter, actor=carl, version=milter.version, facts=facts_of(milter, owner="Jo Park", line_count=1))
    document = put_up(begun, 1, consultant=ada, customer=carl)
    sign(document, signer=carl)
    return document


@pytest.fixture
def of_an_earlier_release(signed):
    """The signed plan, as if it had been frozen by an earlier release."""
    earlier = as_it_was_before(signed.snapshot)
    assert "(12%); 30% to 50% is usual" in earlier["schedule"]["warnings"][0]
    assert any("1 lines" in row["detail"] for row in earlier["estate"]["components"])
    statement = "UPDATE engagements_frozendocument SET snapshot = %s, snapshot_digest = %s WHERE id = %s"
    past_the_triggers(statement, json.dumps(earlier), digest_of(earlier), signed.pk)
    return FrozenDocument.objects.select_related("engagement").get(pk=signed.pk)


def test_a_plan_of_an_earlier_format_that_tells_what_holds_stays_signed(of_an_earlier_release, ada):
    engagement = of_an_earlier_release.engagement

    reopened = mark_stale(engagement, actor=ada)

    assert reopened == []
    assert not StaleMark.objects.exists()
    assert gate_of(engagement, 1).state == Gate.State.SIGNED
    assert is_current(of_an_earlier_release, gate_of(engagement, 1))


def test_what_both_formats_know_still_makes_it_stale(of_an_earlier_release, ada):
    engagement = of_an_earlier_release.engagement
    content_now = current_content(gate_of(engagement, 1)) | {"target": "Another"}

    assert moved_since(of_an_earlier_release, content_now) == ["Target: nothing is now Another."]


def test_its_page_leads_to_its_pdf(client, of_an_earlier_release, carl):
    client.force_login(carl)
    engagement = of_an_earlier_release.engagement

    page = client.get(reverse("reports:document", args=[engagement.code, 1]))

    assert page.status_code == 200
    assert "was frozen by an earlier release of the portal" in page.text
    assert reverse("engagements:document_pdf", args=[engagement.code, of_an_earlier_release.pk]) in page.text


def test_within_one_format_a_field_that_came_is_a_difference():
    before, after = {"format": 2, "rows": [{"a": 1}]}, {"format": 2, "rows": [{"a": 1, "b": 2}]}

    assert comparable(before, after) == (before, after)


def test_between_two_formats_entries_that_came_or_went_are_differences():
    before = {"format": 1, "rows": [{"a": 1}, {"a": 2}], "told": "One"}
    after = {"format": 2, "rows": [{"a": 1, "b": 9}], "told": "Two"}

    assert comparable(before, after, ["told"]) == ({"rows": [{"a": 1}, {"a": 2}]}, {"rows": [{"a": 1}]})


def test_what_was_stored_before_its_words_changed_is_no_difference():
    before = {"rows": ["13.38% of 1,402", "30% to 50% is usual", "1 lines", "1 messages were", "11 lines", "a%20b"]}
    after = {"rows": ["13.38 % of 1,402", "30 to 50 % is usual", "1 line", "1 message was", "11 lines", "a%20b"]}

    assert comparable(before, after) == (after, after)
    assert comparable({"told": "13.38%"}, {"told": "13.39 %"}) == ({"told": "13.38 %"}, {"told": "13.39 %"})


def fields_of_the_content():
    """The fingerprint of every field of every part of what is signed."""
    names = [found.name for found in pkgutil.iter_modules(content.__path__) if found.name not in {"formats", "receipt"}]
    modules = [importlib.import_module(f"{content.__name__}.{name}") for name in names]
    parts = {part for module in modules for part in vars(module).values() if dataclasses.is_dataclass(part)}
    own = [part for part in parts if part.__module__.startswith(content.__name__)]
    fields = sorted(f"{part.__name__}.{field.name}" for part in own for field in dataclasses.fields(part))
    return hashlib.sha256("\n".join(fields).encode()).hexdigest()[:12]


def test_a_field_that_comes_or_goes_raises_the_format():
    found = fields_of_the_content()

    assert formats().fields == found, (
        f"Raise `format` in reports/content/formats.yaml and write `fields: {found}` there"
    )
