"""The pages of the reconciliation: logs, runs, cases."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from core.models import Job
from delivery.models import DiscrepancyCase, TrafficLog
from tests.factories.traffic import reconcile, small_day, take_in_small_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, engagement):
    def page(name, *arguments, **typed):
        url = reverse(f"parallel:{name}", args=[engagement.code, *arguments])
        return client.post(url, typed) if typed else client.get(url)

    return page


@pytest.fixture
def lost(engagement, ada):
    """A run that did not find two messages."""
    take_in_small_day(engagement, actor=ada, lost=[7, 8])
    return reconcile(engagement, actor=ada)


def test_a_log_is_uploaded_and_a_run_asked_for(client, page, ada):
    client.force_login(ada)
    journal, mail_log = small_day()
    empty = page("traffic", kind="journal", log=SimpleUploadedFile("journal", b""))
    wrong = page("traffic", kind="", log=SimpleUploadedFile("journal", journal.encode()))

    for kind, text in (("journal", journal), ("postfix", mail_log)):
        page("traffic", kind=kind, log=SimpleUploadedFile(f"{kind}.log", text.encode()))
    page("traffic_reconcile", go="")

    assert "The selected file is empty" in empty.content.decode()
    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert set(TrafficLog.objects.values_list("kind", flat=True)) == {"journal", "postfix"}
    assert Job.objects.filter(kind="reconcile_traffic").exists()


def test_a_run_says_what_became_of_the_recipients(client, page, lost, carl):
    client.force_login(carl)

    shown = strip_tags(page("run", lost.number).content.decode())

    assert "30 accepted" in shown
    assert "28 delivered" in shown
    assert "2 not accounted for" in shown


def test_a_case_is_closed_on_its_page_and_opened_again_by_the_customer(client, page, lost, ada, carl):
    client.force_login(ada)
    case = DiscrepancyCase.objects.get()
    shown = page("case", case.number).content.decode()
    nothing = page("case", case.number, version=case.version, verdict="explained", reason="", evidence="")
    page("case", case.number, version=case.version, verdict="explained", reason="<b>Known</b>", evidence="Line 3.")

    client.force_login(carl)
    closed = page("case", case.number).content.decode()
    page("case_reopen", case.number, **{"again-reason": "They were customers."})

    assert "7@northlake.example" in shown
    assert nothing.status_code == 422
    assert "&lt;b&gt;Known" in closed
    case.refresh_from_db()
    assert case.is_open


@pytest.mark.parametrize("asked", ["<7@northlake.example>", "7@northlake.example", "USER7@gmail.com", "t7"])
def test_a_message_is_looked_up_among_the_cases(client, engagement, lost, vera, asked):
    client.force_login(vera)

    shown = client.get(reverse("parallel:cases", args=[engagement.code]), {"q": asked}).content.decode()
    other = client.get(reverse("parallel:cases", args=[engagement.code]), {"q": "t6\x00<b>"}).content.decode()

    assert "Case 1, Missing" in shown
    assert "No case holds" in other
    assert "t6&lt;b&gt;" in other
