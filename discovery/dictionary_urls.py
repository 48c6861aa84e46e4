from django.urls import path

from discovery.views import dictionary, overrides

app_name = "dictionary"

urlpatterns = [
    path("", dictionary.row_list, name="list"),
    path("effort/", dictionary.effort, name="effort"),
    path("overrides/", overrides.override_list, name="overrides"),
    path("overrides/propose/", overrides.override_propose, name="override_propose"),
    path("overrides/<int:number>/", overrides.override_detail, name="override"),
    path("overrides/<int:number>/accept/", overrides.override_accept, name="override_accept"),
    path("overrides/<int:number>/reject/", overrides.override_reject, name="override_reject"),
    path("overrides/<int:number>/withdraw/", overrides.override_withdraw, name="override_withdraw"),
    path("<slug:row>/", dictionary.row_detail, name="construct"),
]
