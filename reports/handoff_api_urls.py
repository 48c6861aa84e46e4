from django.urls import path

from reports import handoff_api as api

app_name = "handoff"

urlpatterns = [
    path("", api.Handoff.as_view(), name="handoff"),
    path("report/", api.CloseReport.as_view(), name="report"),
    path("take/", api.HandoffTake.as_view(), name="take"),
]
