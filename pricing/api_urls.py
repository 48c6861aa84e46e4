from django.urls import path

from pricing import api

app_name = "pricing"

urlpatterns = [
    path("costs/", api.CostsDetail.as_view(), name="costs"),
    path("costs/<slug:assumption>/", api.AssumptionDetail.as_view(), name="assumption"),
]
