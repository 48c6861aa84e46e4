import pytest

from discovery.domain.complete_dossier import complete_dossier
from discovery.domain.lock_dossier import DossierFacts
from discovery.models import Dossier
from tests.discovery.pages import text_of, url
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read
from tests.kept import kept

pytestmark = pytest.mark.django_db

WORDS = "Written with care, over half an hour."


@kept
def milter(engagement, ada):
    read(engagement, actor=ada)
    return engagement.dossiers.get(kind="milter")


def typed(dossier, **changes):
    return {"kind": dossier.kind, "name": dossier.name, "source": "unknown", "version": dossier.version} | changes


def test_the_list_says_what_is_still_unknown(as_ada, engagement, milter):
    page = as_ada.get(url("dossiers", engagement))

    assert "D-001 unix:/run/tagger/tagger.sock" in text_of(page)
    assert "0 complete, 2 without an owner" in text_of(page)


def test_a_field_that_was_read_says_where_and_that_nobody_confirmed_it(as_ada, engagement, milter):
    page = text_of(as_ada.get(url("dossier", engagement, milter.number)))

    assert "etc/postfix/main.cf:6" in page
    assert "Nobody has confirmed it yet" in page
    assert "line=6#L6" in page


def test_a_customer_confirms_and_completes_in_the_browser(client, engagement, milter, carl):
    client.force_login(carl)

    confirmed = client.post(url("dossier_confirm", engagement, 1), {"version": 1, "keys": ["inputs"]})
    saved = client.post(
        url("dossier_edit", engagement, 1), typed(milter, version=2, owner="Jo Park", inputs="All mail")
    )
    page = text_of(client.get(url("dossier", engagement, 1)))

    assert (confirmed.status_code, saved.status_code) == (302, 302)
    assert "Jo Park" in page
    assert "The files say: Mail received over SMTP (smtpd_milters)" in page
    assert "changed D-001 unix:/run/tagger/tagger.sock: owner, input" in page


def test_on_a_conflict_both_texts_stand_on_the_page_and_the_next_save_keeps_the_own(as_ada, engagement, milter, carl):
    theirs = DossierFacts(kind="milter", name=milter.name, owner="Jo Park")
    complete_dossier(milter, actor=carl, version=1, facts=theirs)

    conflict = as_ada.post(url("dossier_edit", engagement, 1), typed(milter, owner="Kim Lund", breaks=WORDS))

    assert conflict.status_code == 409
    assert "Carl Brandt changed D-001" in text_of(conflict)
    assert "Jo Park" in text_of(conflict)
    assert WORDS in text_of(conflict)
    again = as_ada.post(url("dossier_edit", engagement, 1), typed(milter, version=2, owner="Kim Lund", breaks=WORDS))
    milter.refresh_from_db()
    assert (again.status_code, milter.owner, milter.breaks) == (302, "Kim Lund", WORDS)


def test_a_component_is_added_by_form_and_stays_typed_when_it_is_refused(client, engagement, carl):
    client.force_login(carl)
    form = {"kind": "milter", "name": "tagger", "source": "lost", "line_count": ""}

    added = client.post(url("dossier_add", engagement), form)
    again = client.post(url("dossier_add", engagement), form | {"owner": "Daniel"})

    assert added.url == url("dossier", engagement, 1)
    assert again.status_code == 422
    assert "stands in the inventory already" in text_of(again)
    assert 'value="Daniel"' in text_of(again)
    assert Dossier.objects.count() == 1


def test_markup_in_a_configuration_is_shown_as_text(as_ada, engagement, ada):
    files = SMALL_ESTATE | {"etc/cron.d/mail": "0 3 * * * root postsuper -d <script>alert(1)</script>\n"}
    read(engagement, actor=ada, files=files | {"etc/postfix/main.cf": MAIN_CF})
    number = engagement.dossiers.get(kind="cron").number

    shown = as_ada.get(url("dossier", engagement, number)).content.decode()
    edited = as_ada.get(url("dossier_edit", engagement, number)).content.decode()

    assert "<script>alert(1)" not in shown + edited
    assert "&lt;script&gt;alert(1)" in shown


def test_what_is_gone_stands_apart(as_ada, engagement, milter, ada):
    read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/main.cf": "myhostname = mta1.example\n"})

    listed = text_of(as_ada.get(url("dossiers", engagement)))
    page = text_of(as_ada.get(url("dossier", engagement, milter.number)))

    assert "Upload 2 of mta1 no longer shows it" in listed
    assert "What people wrote stays" in page


@pytest.mark.parametrize("name", ["dossiers", "inventory"])
def test_a_list_costs_the_same_for_one_component_and_for_many(
    as_ada, engagement, milter, ada, name, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40) as for_few:
        as_ada.get(url(name, engagement))
    cron = "".join(f"{minute} 3 * * * root postsuper -d queue{minute}\n" for minute in range(20))
    read(engagement, actor=ada, files=SMALL_ESTATE | {"etc/cron.d/mail": cron})

    with django_assert_num_queries(len(for_few)):
        page = as_ada.get(url(name, engagement))

    assert "postsuper -d queue19" in text_of(page)
