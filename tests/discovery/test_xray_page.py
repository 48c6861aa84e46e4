import pytest
from django.urls import reverse

from discovery.domain.accept_finding import accept_finding
from discovery.domain.complete_dossier import complete_dossier
from discovery.domain.lock_dossier import DossierFacts
from discovery.models import Dossier, Finding
from discovery.xray.registry import thresholds
from tests.discovery.pages import text_of, url
from tests.factories.discovery import SMALL_ESTATE, add_finding, bare_upload, read

pytestmark = pytest.mark.django_db


def test_the_page_links_each_problem_to_what_is_to_be_mended(as_ada, engagement, ada):
    read(engagement, actor=ada)

    page = as_ada.get(url("xray", engagement))

    assert "/etc/postfix/transport is not in the bundle: transport_maps names it" in text_of(page)
    assert f"{url('file', engagement, 1, 'etc/postfix/main.cf')}?line=7#L7" in text_of(page)
    assert url("dossier", engagement, 1) in text_of(page)


def accepted(engagement, actor, count):
    upload = bare_upload(engagement, actor=actor)
    for number in range(1, count + 1):
        finding = add_finding(upload, number)
        accept_finding(finding, actor=actor, version=finding.version)


def test_forty_problems_of_one_check_are_one_panel_with_the_first_ten_and_the_queue_of_all(as_ada, engagement, ada):
    accepted(engagement, ada, 40)

    page = as_ada.get(url("xray", engagement))
    queue = as_ada.get(url("queue", engagement), {"state": "accepted", "translation_class": "none"})

    assert "40 problems; these are the first 10." in text_of(page)
    classed = next(row for row in page.context["problems"] if row["key"] == "findings_classed")
    assert (classed["count"], len(classed["faults"])) == (40, 10)
    assert classed["whole"][1] == f"{url('queue', engagement)}?state=accepted&translation_class=none"
    assert queue.context["page"].paginator.count == 40


def test_the_list_of_all_that_a_check_speaks_of_holds_what_it_speaks_of(as_ada, engagement, ada):
    read(engagement, actor=ada)
    first, *others = Dossier.objects.order_by("number")
    facts = DossierFacts(kind=first.kind, name=first.name, owner="Jo")
    complete_dossier(first, actor=ada, version=first.version, facts=facts)
    accepted_one = Finding.objects.order_by("number").first()
    accept_finding(accepted_one, actor=ada, version=accepted_one.version)

    page = as_ada.get(url("xray", engagement))
    lists = {row["key"]: as_ada.get(row["whole"][1]) for row in page.context["problems"] if row["whole"]}

    assert lists["dossiers_owned"].context["dossiers"] == others
    assert list(lists["findings_worded"].context["page"]) == [accepted_one]
    assert {key: answer.status_code for key, answer in lists.items()} == dict.fromkeys(lists, 200)


def xray_beside(gate_page):
    return [beside for beside in gate_page.context["besides"] if beside.anchor == "xray"]


def test_the_gate_says_how_many_checks_are_open_and_where(as_ada, engagement, ada):
    read(engagement, actor=ada)

    gate = as_ada.get(reverse("engagements:gate", args=[engagement.code, 1]))
    page = as_ada.get(url("xray", engagement))

    assert f"{len(page.context['problems'])} checks are open of {page.context['check_count']}" in text_of(gate)
    assert url("xray", engagement) in text_of(gate)


def test_other_gates_and_people_who_may_not_read_the_evidence_see_nothing_of_the_xray(
    as_ada, client, engagement, ada, sam
):
    before = as_ada.get(reverse("engagements:gate", args=[engagement.code, 1]))
    read(engagement, actor=ada)

    second = as_ada.get(reverse("engagements:gate", args=[engagement.code, 2]))
    client.force_login(sam)
    for_sales = client.get(reverse("engagements:gate", args=[engagement.code, 1]))

    assert [answer.status_code for answer in (before, second, for_sales)] == [200, 200, 200]
    assert [xray_beside(answer) for answer in (before, second, for_sales)] == [[], [], []]


def test_an_estate_too_large_to_be_checked_at_once_is_counted_by_the_xray_alone(as_ada, engagement, ada, monkeypatch):
    read(engagement, actor=ada)
    monkeypatch.setitem(thresholds(), "counted_beside_a_gate_up_to", 2)

    (beside,) = xray_beside(as_ada.get(reverse("engagements:gate", args=[engagement.code, 1])))

    assert beside.text.startswith("The hosts have more than 2 settings")


def test_without_an_upload_it_says_what_cannot_be_told(as_ada, engagement):
    page = text_of(as_ada.get(url("xray", engagement)))

    assert "No configuration has been read yet." in page
    assert "No problem" in page


def test_it_costs_the_same_for_one_host_and_for_three(
    as_ada, engagement, ada, django_assert_max_num_queries, django_assert_num_queries
):
    read(engagement, actor=ada, host="mta1")
    with django_assert_max_num_queries(60) as for_one:
        as_ada.get(url("xray", engagement))
    cron = {"etc/cron.d/mail": "0 3 * * * root postsuper -d ALL\n"}
    for host in ("mta2", "mta3"):
        read(engagement, actor=ada, host=host, files=SMALL_ESTATE | cron)

    with django_assert_num_queries(len(for_one)):
        page = as_ada.get(url("xray", engagement))

    assert "mta3" in text_of(page)
