from django.urls import path

from delivery.api import preflight

app_name = "delivery"

urlpatterns = [
    path("", preflight.Preflight.as_view(), name="preflight"),
    path("selectors/", preflight.SelectorKeys.as_view(), name="selectors"),
    path("checks/<slug:key>/", preflight.CheckDetail.as_view(), name="check"),
    path("checks/<slug:key>/withdraw/", preflight.CheckWithdraw.as_view(), name="check_withdraw"),
]
