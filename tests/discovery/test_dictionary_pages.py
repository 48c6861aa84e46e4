"""The dictionary in the browser: found by word, class and target; one page an entry."""

import pytest
from django.urls import reverse

from discovery.translation.book import load_book
from tests.discovery.pages import text_of

LIST = reverse("dictionary:list")


@pytest.mark.django_db
def test_every_entry_is_listed_with_both_classes(as_ada):
    page = as_ada.get(LIST)

    assert page.context["shown"] == page.context["total"] == len(load_book().rows)
    assert all(reverse("dictionary:construct", args=[row.id]) in text_of(page) for row in load_book().rows)


@pytest.mark.django_db
def test_the_list_is_narrowed_by_word_class_target_and_subject(as_ada):
    by_word = as_ada.get(LIST, {"text": "smtp_helo_name"})
    by_class = as_ada.get(LIST, {"class": "X", "target": "kumomta"})
    by_subject = as_ada.get(LIST, {"group": "Logins"})
    nothing = as_ada.get(LIST, {"text": "no such words anywhere"})

    assert [row.id for _, rows in by_word.context["groups"] for row in rows] == ["smtp-helo-name"]
    rows = [row for _, rows in by_class.context["groups"] for row in rows]
    assert rows
    assert {row.treatments["kumomta"].letter for row in rows} == {"X"}
    assert [group for group, _ in by_subject.context["groups"]] == ["Logins"]
    assert "No entry fits these filters." in text_of(nothing)


@pytest.mark.django_db
def test_words_nobody_knows_do_not_narrow_the_list(as_ada):
    page = as_ada.get(LIST, {"class": "Z", "target": "sendmail", "group": "Nothing"})

    assert page.context["shown"] == page.context["total"]


@pytest.mark.django_db
def test_entries_of_every_kind_and_with_variants_have_a_page(as_ada):
    one_of_each = {row.kind: row for row in load_book().rows}.values()
    with_variants = [row for row in load_book().rows if row.variants]
    rows = {row.id for row in (*one_of_each, *with_variants)}
    pages = [as_ada.get(reverse("dictionary:construct", args=[row])) for row in sorted(rows)]

    assert {page.status_code for page in pages} == {200}
    assert as_ada.get(reverse("dictionary:construct", args=["no-such-entry"])).status_code == 404


@pytest.mark.django_db
def test_a_page_shows_both_targets_side_by_side_with_loss_and_sources(as_ada):
    text = text_of(as_ada.get(reverse("dictionary:construct", args=["client-tls-level"])))

    assert "smtp_tls_security_level = may" in text
    assert "use-starttls yes" in text
    assert "use-starttls@domain" in text
    assert "make_egress_path.enable_tls" in text
    assert "Levels are switches for each domain" in text
    assert "User Guide (2019) 3.3.10.94.1" in text
    assert "Where the value is" in text
    assert "Since Postfix 2.3" in text


@pytest.mark.django_db
def test_a_page_says_with_which_values_nothing_is_left(as_ada):
    text = text_of(as_ada.get(reverse("dictionary:construct", args=["auth-enable"])))

    assert "Nothing is left to translate where it is: an empty value, no." in text
