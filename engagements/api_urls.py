from django.urls import path

from engagements import api, gate_api

app_name = "engagements"

urlpatterns = [
    path("", api.EngagementList.as_view(), name="engagements"),
    path("<str:code>/", api.EngagementDetail.as_view(), name="engagement"),
    path("<str:code>/gates/<int:number>/", gate_api.GateDetail.as_view(), name="gate"),
    path("<str:code>/gates/<int:number>/delegate/", gate_api.GateDelegate.as_view(), name="delegate"),
    path(
        "<str:code>/gates/<int:number>/request-changes/", gate_api.GateRequestChanges.as_view(), name="request_changes"
    ),
    path("<str:code>/gates/<int:number>/reference/", gate_api.GateReference.as_view(), name="reference"),
    path(
        "<str:code>/documents/<int:pk>/since/<int:earlier>/", gate_api.DocumentDifference.as_view(), name="difference"
    ),
]
