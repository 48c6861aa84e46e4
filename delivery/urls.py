from django.urls import path

from delivery.views import preflight

app_name = "delivery"

urlpatterns = [
    path("", preflight.preflight, name="preflight"),
    path("ask/", preflight.preflight_ask, name="preflight_ask"),
    path("selectors/note/", preflight.selector_note, name="selector_note"),
    path("checks/<slug:key>/", preflight.preflight_item, name="preflight_item"),
    path("checks/<slug:key>/withdraw/", preflight.preflight_withdraw, name="preflight_withdraw"),
]
