import pytest

from tests.discovery.pages import text_of, url
from tests.factories.discovery import SMALL_ESTATE, read

pytestmark = pytest.mark.django_db


def test_the_page_links_each_problem_to_what_is_to_be_mended(as_ada, engagement, ada):
    read(engagement, actor=ada)

    page = as_ada.get(url("xray", engagement))

    assert "/etc/postfix/transport is not in the bundle: transport_maps names it" in text_of(page)
    assert f"{url('file', engagement, 1, 'etc/postfix/main.cf')}?line=7#L7" in text_of(page)
    assert url("dossier", engagement, 1) in text_of(page)


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
