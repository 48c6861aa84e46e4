from django.urls import path

from discovery.api import rules

app_name = "rules"

urlpatterns = [
    path("", rules.RuleList.as_view(), name="list"),
    path("<slug:rule>/", rules.RuleDetail.as_view(), name="rule"),
]
