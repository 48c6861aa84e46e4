from django.urls import path

from pricing.api import costs

app_name = "pricing"

urlpatterns = [
    path("costs/", costs.CostsDetail.as_view(), name="costs"),
    path("costs/<slug:assumption>/", costs.AssumptionDetail.as_view(), name="assumption"),
]
