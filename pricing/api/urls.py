from django.urls import path

from pricing.api import costs, diagnosis

app_name = "pricing"

urlpatterns = [
    path("diagnosis/", diagnosis.DiagnosisDetail.as_view(), name="diagnosis"),
    path("diagnosis/streams/<int:number>/", diagnosis.StreamSizeDetail.as_view(), name="stream_size"),
    path("costs/", costs.CostsDetail.as_view(), name="costs"),
    path("costs/<slug:assumption>/", costs.AssumptionDetail.as_view(), name="assumption"),
]
