"""Forms: label, hint, error, field; a summary on top; what was typed stays. Refusals and the theme beside them."""

import re

import pytest
from django import forms
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from core import views
from core.errors import GateClosed, Refused
from core.middleware import RefusalMiddleware


class PeakForm(forms.Form):
    peak = forms.IntegerField(label="Daily peak", help_text="In thousands.", min_value=1)
    note = forms.CharField(label="Note", required=False)
    team = forms.ChoiceField(label="Team", choices=[("us", "Us"), ("you", "You")], widget=forms.RadioSelect)
    is_read = forms.BooleanField(label="I have read it")

    def clean(self):
        if self.cleaned_data.get("note") == "never":
            raise forms.ValidationError("These two do not go together.")
        return self.cleaned_data


def tag_with(markup, attribute):
    return next(tag for tag in re.findall(r"<[a-z][^>]*>", markup) if attribute in tag)


def test_a_fresh_form_accuses_nobody():
    markup = str(PeakForm())

    assert "error-summary" not in markup
    assert "aria-invalid" not in markup


def test_the_field_is_tied_to_its_hint_and_its_error():
    markup = str(PeakForm({"peak": "many"}))

    assert 'aria-describedby="id_peak_helptext id_peak_error"' in tag_with(markup, 'name="peak"')
    assert 'id="id_peak_helptext"' in markup
    assert 'id="id_peak_error"' in markup


def test_what_was_typed_stays_even_where_it_is_no_number():
    field = tag_with(str(PeakForm({"peak": "many"})), 'name="peak"')

    assert 'value="many"' in field
    assert 'type="text"' in field
    assert 'inputmode="numeric"' in field


def test_the_summary_links_each_error_to_its_field():
    markup = str(PeakForm({"peak": "many", "team": "us", "is_read": "on"}))

    assert "1 thing to correct" in markup
    assert '<a href="#id_peak">Daily peak: Enter a whole number.</a>' in markup


def test_every_target_of_the_summary_exists():
    markup = str(PeakForm({}))

    targets = re.findall(r'href="#([^"]+)"', markup)
    assert targets == ["id_peak", "id_team", "id_is_read"]
    assert [target for target in targets if f'id="{target}"' not in markup] == []


def test_an_error_of_the_whole_form_stands_in_the_summary_once():
    markup = str(PeakForm({"peak": "5", "note": "never", "team": "us", "is_read": "on"}))

    assert markup.count("These two do not go together.") == 1


def test_typed_markup_is_shown_and_not_run():
    markup = str(PeakForm({"note": "<script>alert(1)</script>"}))

    assert "<script>" not in markup
    assert "&lt;script&gt;" in markup


def test_optional_fields_say_so_and_required_ones_do_not():
    markup = str(PeakForm())

    assert markup.count("(optional)") == 1


def test_choices_stand_in_a_named_group():
    markup = str(PeakForm())

    assert re.search(r"<fieldset\s*>\s*<legend>Team</legend>", markup)


def refuse(error, **headers):
    def view(request):
        raise AssertionError("never called")

    request = RequestFactory().post("/sign/", headers=headers)
    return RefusalMiddleware(view).process_exception(request, error)


def test_a_refusal_gives_its_reasons_and_its_status():
    response = refuse(GateClosed("F-031 has no answer.", "The drill took too long."))

    assert response.status_code == 409
    assert "F-031 has no answer." in response.text
    assert "The drill took too long." in response.text
    assert "Nothing was changed" in response.text


def test_a_missing_permission_is_403():
    assert refuse(Refused("You may not sign.")).status_code == 403


def test_a_refusal_for_htmx_is_a_fragment_in_the_place_kept_for_it():
    response = refuse(GateClosed("F-031 has no answer."), hx_request="true")

    assert response["HX-Retarget"] == "#refusals"
    assert "<html" not in response.text
    assert "F-031 has no answer." in response.text


def test_a_fault_is_not_mistaken_for_a_refusal():
    assert refuse(KeyError("x")) is None
    assert refuse(Http404()) is None


def test_the_way_back_stays_in_the_portal():
    ours = refuse(Refused("No."), referer="http://testserver/engagements/E-1/")
    theirs = refuse(Refused("No."), referer="https://elsewhere.example/")

    assert 'href="http://testserver/engagements/E-1/"' in ours.text
    assert "elsewhere.example" not in theirs.text


def test_reasons_are_escaped():
    assert "<b>" not in refuse(Refused("No <b>.")).text


def test_a_signed_in_reader_keeps_the_theme_in_the_profile(client, ada):
    client.force_login(ada)

    response = client.post("/theme/", {"theme": "dark"})

    ada.refresh_from_db()
    assert ada.theme == "dark"
    assert response.status_code == 302
    assert "theme" not in response.cookies


def test_a_visitor_keeps_the_theme_in_a_cookie(client, db):
    client.post("/theme/", {"theme": "dark"})

    assert client.cookies["theme"].value == "dark"
    assert 'data-bs-theme="dark"' in client.get("/account/login/").text


def test_the_system_decides_until_somebody_chose(client, db):
    html = client.get("/account/login/").text

    assert "data-bs-theme" not in html.split(">", 2)[1]
    assert 'aria-pressed="true">System' in " ".join(html.split())


def test_a_theme_nobody_offers_is_refused(client, ada):
    client.force_login(ada)

    assert client.post("/theme/", {"theme": "solarized"}).status_code == 400
    ada.refresh_from_db()
    assert ada.theme == "system"


def test_the_theme_is_not_changed_by_a_link(client, db):
    assert client.get("/theme/", {"theme": "dark"}).status_code == 405


def test_the_gallery_is_for_the_practice(client, ada, carl):
    client.force_login(carl)
    refused = client.get("/_ui/")
    client.force_login(ada)
    shown = client.get("/_ui/")

    assert refused.status_code == 404
    assert shown.status_code == 200


def test_a_fault_gives_a_number_and_needs_no_database():
    response = views.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert re.search(r"<code>[0-9a-f-]{36}</code>", response.text)


def test_a_fault_in_the_page_for_faults_still_gives_a_number(monkeypatch):
    monkeypatch.setattr(views, "render_to_string", lambda *_: 1 / 0)

    response = views.server_error(RequestFactory().get("/"))

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert re.search(r"number: [0-9a-f-]{36}$", response.text)


@pytest.mark.parametrize("status", [200, 404])
def test_answers_without_a_refusal_pass_unchanged(status):
    answer = HttpResponse("as it was", status=status)

    assert RefusalMiddleware(lambda _: answer)(RequestFactory().get("/")) is answer
