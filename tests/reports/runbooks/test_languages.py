"""Runbooks in Spanish: every text is there, with the same names in it, and the commands are the same."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit import digest_of
from delivery.domain.roll_back import steps_of_the_way_back
from engagements.today import today_of
from reports.domain.approve_runbook import acknowledge_runbook, approve_runbook
from reports.domain.draw_up_runbooks import note_runbook_fact
from reports.domain.request_runbook_paper import draw_runbook
from reports.models import RunbookRevision
from reports.runbook_state import heads_of, standing_of, state_of, states_of
from reports.runbooks.book import TARGETS, asks, in_language, runbooks, shapes
from reports.runbooks.filling import MARK, NOT_SET, texts_in
from reports.runbooks.markdown import markdown_of
from tests.factories.runbooks import choose, draw_up, note_everything
from tests.reports.runbooks.shells import commands_of, filled

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(r"\b(the|and|with|which|queue|mail|host)\b", re.IGNORECASE)
NAMES = {"host", "queue", "mail"}  # that stand in names of hosts, and in what a program prints


def parts(part):
    return part.values() if isinstance(part, dict) else [part]


def every_text():
    for one in runbooks().values():
        yield from one.trigger
        for step in (*one.steps, *one.back):
            yield from (
                text.strip() for part in (step.title, step.where, step.text, step.expect) for text in parts(part)
            )
    yield from (step["title"] for step in steps_of_the_way_back())
    yield from (ask.title for ask in asks().values())
    yield from (text for shape in shapes().values() for text in (shape.title, *shape.columns.values()))


def put_in_force(revisions, *, lead, customer):
    for revision in revisions:
        approve_runbook(revision, actor=lead)
        approve_runbook(revision, actor=customer)
        acknowledge_runbook(revision, actor=customer)


def in_spanish(engagement):
    engagement.gates.filter(number=1).update(language="es", state="open")
    return engagement


def test_every_text_stands_in_spanish_with_the_same_marks():
    texts = {text for text in every_text() if text}

    marks = {text: (sorted(MARK.findall(text)), sorted(MARK.findall(in_language(text, "es")))) for text in texts}

    assert len(texts) > 250
    assert {text: both for text, both in marks.items() if both[0] != both[1]} == {}
    same = {text for text in texts if in_language(text, "es") == text}
    assert same <= {"[[target_hosts]]", "Selector", "dkim=pass, and s= in DKIM-Signature is the new selector."}


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_steps_and_commands_in_spanish(engagement, ada, target):
    choose(engagement, target, actor=ada)
    note_everything(engagement, actor=ada)
    english = filled(engagement)

    spanish = filled(in_spanish(engagement))

    assert list(spanish) == list(english)
    assert {key: one.reasons for key, one in spanish.items() if one.reasons} == {}
    assert {key: commands_of(one) for key, one in spanish.items()} == {
        key: commands_of(one) for key, one in english.items()
    }
    assert {one.content["language"] for one in spanish.values()} == {"es"}
    said = [
        step[part] for one in spanish.values() for step in one.content["steps"] for part in ("title", "text", "expect")
    ]
    assert [text for text in said if set(map(str.lower, ENGLISH.findall(text))) - NAMES] == []
    assert spanish["rollback_window"].content["steps"][0]["title"] == "Se llama a ambos equipos"
    limits = {table["title"]: table["rows"] for table in spanish["throttle_change"].content["tables"]}
    assert limits["Lo que se fija donde nadie sabe más"][-1][0] == "Los demás proveedores"
    assert ["Comcast", "25", "1.000"] in limits["Lo que se fija donde nadie sabe más"]
    assert NOT_SET not in list(texts_in(spanish["ip_warm_up"].content))


def test_another_language_alone_puts_nothing_out_of_date_and_drawing_up_anew_takes_it(named, ada, lea, carl):
    drawn = draw_up(named, actor=ada)
    put_in_force(drawn.values(), lead=lea, customer=carl)

    states = states_of(in_spanish(named))
    again = draw_up(named, actor=ada)

    assert {state.status.text for state in states} == {"In force"}
    assert [reason for state in states for reason in state.reasons] == []
    assert {state.may_be_drawn_up for state in states} == {True}
    assert {one.number for one in again.values()} == {2}
    assert drawn["incident"].content["title"] == "Respond to an incident"
    assert (again["incident"].title, again["incident"].content["title"]) == (
        "Respond to an incident",
        "Responder a un incidente",
    )


def test_in_another_language_a_changed_fact_puts_out_of_date_what_names_it_alone(named, ada):
    draw_up(named, actor=ada)
    note_runbook_fact(in_spanish(named), key="proxy_file", value="/srv/proxy.toml", actor=ada)

    outdated = {state.runbook.key for state in states_of(named) if not state.is_current}

    assert outdated == {"incident", "queue_drain", "rollback_window"}


def test_what_was_drawn_up_before_there_was_a_choice_of_language_is_still_current(named, ada):
    before = filled(named)["incident"].content
    del before["language"]
    RunbookRevision.objects.create(
        engagement=named,
        key="incident",
        number=1,
        title=before["title"],
        content=before,
        digest=digest_of(before),
        review_on=today_of(named),
        drawn_up_at=timezone.now(),
        drawn_up_by=ada,
    )

    assert state_of(named, "incident").is_current
    note_runbook_fact(named, key="proxy_file", value="/srv/proxy.toml", actor=ada)
    assert not state_of(named, "incident").is_current


def test_the_list_says_that_drawing_up_changes_the_language(client, named, ada):
    draw_up(named, actor=ada)
    client.force_login(ada)
    address = reverse("runbooks:list", args=[named.code])
    before = client.get(address).content.decode()
    in_spanish(named)

    after = client.get(address).content.decode()

    assert "Draw up runbooks" not in before
    assert "10 of them will be in Español then" in after
    assert "Out of date" not in after


def test_the_page_of_a_spanish_runbook_has_spanish_words_around_its_steps(client, named, ada):
    draw_up(in_spanish(named), actor=ada)
    client.force_login(ada)

    page = client.get(reverse("runbooks:runbook", args=[named.code, "selector_rotation"])).content.decode()

    for title in ("Cuándo", "Pasos", "El camino de vuelta", "A quién llamar", "Dónde se consultaron las órdenes"):
        assert f">{title}</h2>" in page
    assert "<strong>Se espera:</strong>" in page
    assert "En el primero de" in page
    assert page.count('lang="es"') == 3
    assert not re.search(r">(When|Steps|The way back|Whom to call|Expect:|On el )", page)


def test_copies_are_spanish_around_what_they_say(named, ada):
    revision = draw_up(in_spanish(named), actor=ada)["queue_drain"]

    text = markdown_of(revision.content, standing_of(revision), heads_of(revision))
    drawn = draw_runbook(revision)

    assert text.startswith("# Vaciar una cola\n")
    assert [
        head for head in ("## Cuándo", "## Pasos", "## El camino de vuelta", "## A quién llamar") if head not in text
    ] == []
    assert "Se espera: Menos cada vez." in text
    assert "- Sin aprobar" in text
    assert not re.search(r"\b(Expect|Steps|Revision|Not approved)\b", text)
    assert drawn.page_count > 1
