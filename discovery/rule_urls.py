from django.urls import path

from discovery.views import rules

app_name = "rules"

urlpatterns = [
    path("", rules.rule_list, name="list"),
    path("<slug:rule>/", rules.rule_detail, name="rule"),
]
