from django.urls import path

from discovery.api import dictionary, overrides

app_name = "dictionary"

urlpatterns = [
    path("", dictionary.RowList.as_view(), name="list"),
    path("overrides/", overrides.OverrideList.as_view(), name="overrides"),
    path("overrides/<int:number>/", overrides.OverrideDetail.as_view(), name="override"),
    path("overrides/<int:number>/accept/", overrides.Accept.as_view(), name="override_accept"),
    path("overrides/<int:number>/reject/", overrides.Reject.as_view(), name="override_reject"),
    path("overrides/<int:number>/withdraw/", overrides.Withdraw.as_view(), name="override_withdraw"),
    path("<slug:row>/", dictionary.RowDetail.as_view(), name="row"),
]
